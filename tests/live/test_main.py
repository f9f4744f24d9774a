"""What keeps the platform from starting is one sentence; logs are shown by name."""

import signal
import socket
import subprocess
from pathlib import Path

import pytest

from snowmelt.demo.main import main as demo
from snowmelt.demo.processes import snowmelt
from snowmelt.live.main import logs, main
from snowmelt.workspace import Workspace


@pytest.fixture(autouse=True)
def environment(workspace: Workspace, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SNOWMELT_HOME", str(workspace.root))
    monkeypatch.setenv("SNOWMELT_PROJECT", str(root))


def test_one_platform_or_demo_at_a_time(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    with workspace.sole_user("make up"):
        for command, name, code in ((main, "up", 2), (demo, "demo", 1)):
            assert command([]) == code
            said = capsys.readouterr().err
            assert said.startswith(f"snowmelt {name}: `make up` (process ")
            assert "runs on the state folder" in said
    assert list(workspace.run_logs.iterdir()) == []


def test_a_taken_port_is_named_and_nothing_is_started(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("SNOWMELT_IGLU_REPO_SERVER__PORT", str(taken.getsockname()[1]))
        assert main([]) == 2
    assert "choose by SNOWMELT_IGLU_REPO_SERVER__PORT" in capsys.readouterr().err
    assert list(workspace.run_logs.iterdir()) == []


def test_a_setting_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("SNOWMELT_PAGE_PORT", "high")
    assert main([]) == 2
    assert "SNOWMELT_PAGE_PORT" in capsys.readouterr().err


def test_the_end_of_a_log(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    (workspace.run_logs / "enrich.log").write_text("".join(f"line {number}\n" for number in range(100)))
    assert logs(["enrich", "-n", "2"]) == 0
    assert capsys.readouterr().out == "line 98\nline 99\n"


@pytest.mark.parametrize("argv", [[], ["enrihc"]])
def test_a_name_that_is_none_lists_those_there_are(
    workspace: Workspace, argv: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert logs(argv) == 2
    assert "no stage has run yet" in capsys.readouterr().err
    for name in ("enrich", "collector"):
        (workspace.run_logs / f"{name}.log").touch()
    assert logs(argv) == 2
    assert capsys.readouterr().err.endswith("there are collector, enrich\n")


def test_a_log_is_followed_until_one_has_seen_enough(workspace: Workspace) -> None:
    file = workspace.run_logs / "enrich.log"
    file.write_text("before\n")
    with subprocess.Popen(snowmelt("logs", "enrich", "--follow"), stdout=subprocess.PIPE, text=True) as follower:
        assert follower.stdout
        assert follower.stdout.readline() == "before\n"
        with file.open("a") as log:
            log.write("behind\n")
        assert follower.stdout.readline() == "behind\n"
        follower.send_signal(signal.SIGINT)
    assert follower.returncode == 128 + signal.SIGINT
