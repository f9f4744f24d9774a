"""Whatever a stage started is found, and nobody else is."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from snowmelt.live.descendants import kill_all, marked

TREE = """
import os, subprocess, sys, time
same = subprocess.Popen(["sleep", "60"], env={})  # no mark, but the session of one that has it
other = subprocess.Popen(["sleep", "60"], start_new_session=True)
if not os.fork():
    import setproctitle
    setproctitle.setproctitle("a title as long as it takes to write over everything " * 9)
    print(same.pid, other.pid, os.getpid(), flush=True)
    time.sleep(60)
time.sleep(60)
"""


@contextmanager
def tree(root: Path) -> Iterator[list[int]]:
    """A process with children of all kinds, and the numbers of these."""
    command = [sys.executable, "-c", TREE]
    environ = {**os.environ, **marked(root)}
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stdout
        yield [process.pid, *map(int, process.stdout.readline().split())]


def living(numbers: list[int]) -> list[int]:
    return [one for one in numbers if psutil.pid_exists(one) and psutil.Process(one).status() != psutil.STATUS_ZOMBIE]


def test_all_of_one_state_folder_are_killed_and_none_of_another(tmp_path: Path) -> None:
    with tree(tmp_path / "ours") as ours, tree(tmp_path / "theirs") as theirs:
        assert kill_all(tmp_path / "ours") == 4
        assert living(ours) == []
        assert living(theirs) == theirs
        assert kill_all(tmp_path / "theirs") == 4
    assert kill_all(tmp_path / "ours") == 0


def test_a_session_whose_leader_is_gone_is_ours_and_another_is_not(tmp_path: Path) -> None:
    script = "sleep 60 & echo $!"
    with subprocess.Popen(["sh", "-c", script], stdout=subprocess.PIPE, start_new_session=True) as leader:
        assert leader.stdout
        left = int(leader.stdout.readline())
        leader.wait()
        with subprocess.Popen(["sleep", "60"], start_new_session=True) as somebody:
            assert kill_all(tmp_path, [leader.pid, somebody.pid]) == 1
            assert living([left, somebody.pid]) == [somebody.pid]
            somebody.kill()
