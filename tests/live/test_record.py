"""What runs is noted for others, and a note outlives nobody."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from snowmelt.live.record import Noted, Record, read_record
from snowmelt.live.stage import Health

NOTED = Noted("iglu", 17, datetime(2026, 11, 25, tzinfo=UTC), True, "http://x", Health("http://x/health"))


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    record = Record.of_this_process((NOTED,))
    record.write(tmp_path)
    assert read_record(tmp_path) == record


@pytest.mark.parametrize("content", [None, b"", b"{}", b"[1", b"\xff"])
def test_no_record(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "stages.json").write_bytes(content)
    assert read_record(tmp_path) is None


def test_the_record_of_a_process_that_is_gone_is_none(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        Record(process.pid, psutil.Process(process.pid).create_time(), (NOTED,)).write(tmp_path)
        assert read_record(tmp_path) is not None
        Record(process.pid, 1.0, (NOTED,)).write(tmp_path)
        assert read_record(tmp_path) is None  # the number is another's by now
        Record(process.pid, psutil.Process(process.pid).create_time(), (NOTED,)).write(tmp_path)
    assert read_record(tmp_path) is None
