"""The page's server as a process: how it starts and how it ends."""

import signal
import socket
import subprocess
import urllib.request
from pathlib import Path

import pytest
from tests.page.harness import COMMAND, environment, started


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_it_is_told_to_stop(dist: Path, tmp_path: Path, root: Path, ending: signal.Signals) -> None:
    with started(dist, tmp_path, root) as (process, port):
        with urllib.request.urlopen(f"http://localhost:{port}/", timeout=20) as answer:
            assert answer.read() == b"<h1>Tracker page</h1>"
        process.send_signal(ending)
        assert process.wait(20) == 0
        assert process.stderr
        assert process.stderr.read().endswith("stopped\n")


def refusal(home: Path, root: Path, *arguments: str) -> str:
    done = subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, cwd=root, env=environment(home), timeout=60, check=False
    )
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    return line


def test_a_taken_port_is_named_with_its_setting(dist: Path, tmp_path: Path, root: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = refusal(tmp_path, root, "--port", str(port), "--dist", str(dist))
    assert f"127.0.0.1:{port} cannot be listened on: address already in use" in line
    assert "SNOWMELT_PAGE_PORT" in line


@pytest.mark.parametrize("port", ["70000", "http"])
def test_what_is_no_port_is_refused(dist: Path, tmp_path: Path, root: Path, port: str) -> None:
    assert "SNOWMELT_PAGE_PORT" in refusal(tmp_path, root, "--port", port, "--dist", str(dist))


def test_a_page_that_is_not_built_is_told_with_what_to_run(tmp_path: Path, root: Path) -> None:
    assert f"run `scripts/build_page.sh {tmp_path / 'web'}`" in refusal(tmp_path, root)
