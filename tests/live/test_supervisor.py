"""Stages start in their order, stop in the other, and leave no process, however they behave."""

import os
import signal
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import psutil
import pytest

from snowmelt.live.descendants import marked
from snowmelt.live.record import read_record
from snowmelt.live.screen import Screen
from snowmelt.live.stage import Stage
from snowmelt.live.supervisor import Supervisor
from snowmelt.workspace import Workspace

SERVES = "echo serving; exec sleep 60"
STUBBORN = "trap '' TERM; echo serving; while :; do sleep 0.1; done"
ORDERLY = (
    "trap 'echo $0 stops >> order; exit 0' TERM; echo $0 starts >> order; echo serving; while :; do sleep 0.05; done"
)


class Platform:
    """A few shell scripts run as stages."""

    def __init__(self, folder: Path) -> None:
        self.workspace = Workspace(folder / "state")
        self.workspace.prepare()
        self.folder = folder
        self.screen = StringIO()
        self.supervisor: Supervisor

    def stage(self, name: str, script: str, *after: str, says: str | None = "serving", **fields: object) -> Stage:
        """A stage that runs the script, in which $0 is its name."""
        environ = {**os.environ, **marked(self.workspace.root)}
        return Stage(name, ("sh", "-c", script, name), environ, says=says, after=after, **fields)  # type: ignore[arg-type]

    def run(self, *stages: Stage, when_ready: Callable[[], None] = lambda: interrupt(), grace_s: float = 5) -> int:
        """Runs them until they have ended; by default they are told to stop when all are ready."""
        screen = Screen(self.screen, stages)
        self.supervisor = Supervisor(stages, self.workspace, self.folder, screen, when_ready, grace_s)
        code = self.supervisor.run()
        assert [one for one in psutil.process_iter() if is_of(one, self.workspace.root)] == []
        assert read_record(self.workspace.live) is not None
        assert read_record(self.workspace.live).stages == ()  # type: ignore[union-attr]
        return code

    @property
    def order(self) -> list[str]:
        return (self.folder / "order").read_text().splitlines()


def is_of(process: psutil.Process, root: Path) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE and process.environ().get("SNOWMELT_UP") == str(root)
    except psutil.Error:
        return False


def interrupt(number: int = signal.SIGINT) -> None:
    os.kill(os.getpid(), number)


@pytest.fixture
def platform(tmp_path: Path) -> Platform:
    return Platform(tmp_path)


def test_stages_start_behind_what_they_need_and_stop_before_it(platform: Platform) -> None:
    assert (
        platform.run(
            platform.stage("third", ORDERLY, "second"),
            platform.stage("second", ORDERLY, "task"),
            platform.stage("task", "echo $0 works >> order", "first", says=None),
            platform.stage("first", ORDERLY),
        )
        == 0
    )
    starts = ["first starts", "task works", "second starts", "third starts"]
    assert platform.order[:4] == starts
    assert platform.order.index("third stops") < platform.order.index("second stops")
    assert sorted(platform.order[4:]) == ["first stops", "second stops", "third stops"]
    told = platform.screen.getvalue()
    assert told.count("ready (") == 3
    assert told.count("done (") == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_each_signal_that_ends_a_program_ends_all(platform: Platform, number: int) -> None:
    assert platform.run(platform.stage("server", SERVES), when_ready=lambda: interrupt(number)) == 0


def test_while_they_run_others_can_read_of_them(platform: Platform) -> None:
    seen = []

    def look() -> None:
        seen.append(read_record(platform.workspace.live))
        interrupt()

    platform.run(
        platform.stage("server", SERVES, address="here"), platform.stage("task", "", says=None), when_ready=look
    )
    ((noted,),) = [record.stages for record in seen if record]
    assert (noted.name, noted.ready, noted.address) == ("server", True, "here")


def test_the_death_of_one_stops_all_with_its_last_words(platform: Platform) -> None:
    dies = platform.stage("dies", "echo serving; echo oh no; while [ ! -e now ]; do sleep 0.05; done; exit 3")
    code = platform.run(platform.stage("lives", SERVES), dies, when_ready=lambda: (platform.folder / "now").touch())
    assert code == 1
    assert platform.supervisor.failure
    assert platform.supervisor.failure.startswith("dies ended with exit code 3:\n")
    assert "    oh no\n" in platform.supervisor.failure
    assert str(platform.workspace.run_logs / "dies.log") in platform.supervisor.failure


@pytest.mark.parametrize(
    ("script", "says", "why"),
    [
        ("echo cannot; exit 2", "serving", "ended with exit code 2 before it was ready"),
        ("echo cannot; exit 0", "serving", "ended with exit code 0 before it was ready"),
        ("echo cannot; exit 1", None, "ended with exit code 1 before it was ready"),
        ("echo cannot; exec sleep 60", "serving", "was not ready after 1 s"),
    ],
)
def test_one_that_does_not_get_ready_stops_all(platform: Platform, script: str, says: str | None, why: str) -> None:
    bad = platform.stage("bad", script, says=says, patience_s=1)
    assert platform.run(bad, platform.stage("server", SERVES), platform.stage("never", ORDERLY, "bad")) == 1
    assert platform.supervisor.failure
    assert f"bad {why}" in platform.supervisor.failure
    assert "    cannot\n" in platform.supervisor.failure
    assert not (platform.folder / "order").exists()


def test_an_optional_one_is_left_out_with_all_behind_it(platform: Platform) -> None:
    code = platform.run(
        platform.stage("page", ORDERLY, "build"),
        platform.stage("build", "echo node is missing; exit 1", says=None, optional=True),
        platform.stage("server", ORDERLY),
    )
    assert code == 0
    assert platform.supervisor.left_out == {"build", "page"}
    assert "goes on without: node is missing" in platform.screen.getvalue()
    assert platform.order == ["server starts", "server stops"]


def test_a_program_that_is_not_there_is_told(platform: Platform) -> None:
    gone = Stage("gone", (str(platform.folder / "gone"),), {}, says="x")
    assert platform.run(gone) == 1
    assert platform.supervisor.failure
    assert "gone cannot start" in platform.supervisor.failure


def test_one_that_does_not_heed_is_killed_after_the_grace(platform: Platform) -> None:
    assert platform.run(platform.stage("stubborn", STUBBORN), platform.stage("meek", SERVES), grace_s=0.3) == 0


def test_a_second_signal_kills_at_once(platform: Platform) -> None:
    def twice() -> None:
        interrupt()
        interrupt()

    assert platform.run(platform.stage("stubborn", STUBBORN), when_ready=twice, grace_s=1000) == 130


def test_children_of_children_end_too_and_keep_no_death_secret(platform: Platform) -> None:
    escaped = "import os, time; os.setsid(); print('serving', flush=True); time.sleep(60)"
    parent = f'{sys.executable} -c "{escaped}" & while [ ! -e now ]; do sleep 0.05; done; exit 4'
    server = platform.stage("server", parent)
    assert platform.run(server, when_ready=lambda: (platform.folder / "now").touch()) == 1
    assert platform.supervisor.failure
    assert "server ended with exit code 4" in platform.supervisor.failure


def test_an_error_of_ours_leaves_no_process(platform: Platform) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        platform.run(platform.stage("server", STUBBORN), when_ready=fail)
    assert [one for one in psutil.process_iter() if is_of(one, platform.workspace.root)] == []
