"""A process that appends under load, killed at any moment, again and again."""

import subprocess
import sys
from collections import Counter
from pathlib import Path
from random import Random
from signal import SIGKILL

import pytest

from snowmelt.streams.segments import SegmentReader, SegmentWriter

SCRIPT = Path(__file__).with_name("write_until_killed.py")
KILLS = 50


@pytest.mark.slow
def test_kill_9_under_load_loses_and_doubles_nothing(tmp_path, crash_row):
    rng = Random(20)
    reader = SegmentReader(tmp_path / "log")
    acknowledged: dict[str, str] = {}
    for seed in range(KILLS):
        writer = subprocess.Popen(
            [sys.executable, SCRIPT, str(tmp_path / "log"), str(seed)], stdout=subprocess.PIPE, text=True
        )
        with writer:
            lines = [writer.stdout.readline() for _ in range(rng.randint(1, 200))]
            position = lines[-1].split()[0]
            before = max(acknowledged, default=None)
            seen = reader.read("0", before, 100_000, 1 << 30)
            writer.kill()
            lines += writer.stdout.readlines()
        assert writer.returncode == -SIGKILL
        assert position in {entry.position for entry in seen}, (
            "acknowledged, but a reader in another process is not shown it"
        )
        acknowledged |= dict(line.split() for line in lines if line.endswith("\n"))

    SegmentWriter.open(tmp_path / "log").close()
    entries = reader.read("0", None, 10_000_000, 1 << 40)
    found = {entry.position: entry.data.split(b" ", 1)[0].decode() for entry in entries}
    lost = [position for position, name in acknowledged.items() if found.get(position) != name]
    doubled = [name for name, times in Counter(found.values()).items() if times > 1]
    crash_row("kill -9 under load", KILLS, len(acknowledged), len(lost), len(doubled))
    assert lost == []
    assert doubled == []
    order = [tuple(map(int, name.split("/"))) for name in found.values()]
    assert order == sorted(order)
    assert len(acknowledged) > KILLS
