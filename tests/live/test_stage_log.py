"""Logs stay small, keep what was said before, and can be followed while they grow."""

import os
from contextlib import closing
from pathlib import Path

import pytest

from snowmelt.live.stage_log import Follower, StageLog, forget_old, last_lines, put_aside


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "enrich.log"


def test_a_run_begins_anew_and_the_last_one_is_kept_beside(file: Path) -> None:
    for run in (b"first\n", b"second\n"):
        log = StageLog(file)
        log.write(run)
        log.close()
    assert (put_aside(file).read_bytes(), file.read_bytes()) == (b"first\n", b"second\n")


def test_it_never_takes_more_than_twice_its_bound(file: Path) -> None:
    log = StageLog(file, most_bytes=100)
    for number in range(1000):
        log.write(b"line %d\n" % number)
        assert file.stat().st_size <= 100
    log.close()
    assert put_aside(file).stat().st_size <= 100
    assert last_lines(file, 12) == [f"line {number}" for number in range(988, 1000)]


def test_a_line_longer_than_the_bound_is_kept(file: Path) -> None:
    log = StageLog(file, most_bytes=10)
    log.write(b"x" * 50 + b"\n")
    log.write(b"y\n")
    log.close()
    assert last_lines(file, 5) == ["x" * 50, "y"]


def test_lines_that_come_are_given_also_when_the_file_is_put_aside(file: Path) -> None:
    log = StageLog(file, most_bytes=20)
    log.write(b"before\n")
    with closing(Follower(file)) as follower:
        assert follower.lines() == []
        found = []
        for number in range(10):
            log.write(b"line %d\n" % number)
            found += follower.lines()
        log.close()
        assert found == [f"line {number}" for number in range(10)]


def test_a_line_is_given_whole(file: Path) -> None:
    log = StageLog(file)
    with closing(Follower(file)) as follower:
        log.write(b"first half, ")
        assert follower.lines() == []
        log.write(b"second half\nthe next")
        assert follower.lines() == ["first half, second half"]
        log.close()


def test_old_logs_are_forgotten(tmp_path: Path) -> None:
    for name, written in (("deep/old.log", 100), ("deep/new.log", 300), ("old.txt", 100)):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (written, written))
    forget_old(tmp_path, "*.log", before=200)
    forget_old(tmp_path / "none", "*.log", before=200)
    assert sorted(file.name for file in tmp_path.rglob("*.*")) == ["new.log", "old.txt"]
