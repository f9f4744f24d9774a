"""The command: what was sent is reported whatever happens, and days gone by go where enrich will look."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from snowmelt.simulate.main import main
from snowmelt.streams.offsets import SqliteOffsets
from snowmelt.streams.segments import SegmentReader


@pytest.mark.parametrize("address", ["127.0.0.1:{port}", "http://127.0.0.1:{port}"])
def test_a_collector_that_does_not_answer_is_one_sentence_and_a_report(
    address: str, tmp_path: Path, unused_tcp_port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "sent.jsonl"
    collector = address.format(port=unused_tcp_port)
    assert main(["--collector", collector, "--events", "10", "--report", str(report)]) == 1
    assert f"snowmelt simulate: no collector answers at {collector}" in capsys.readouterr().err.splitlines()[-1]
    (line,) = report.read_text().splitlines()
    assert json.loads(line)["acknowledged"] == 0


def test_days_gone_by_lie_behind_what_was_read_of_a_log_that_is_gone(tmp_path: Path) -> None:
    read = f"{1 << 20:020d}"
    with closing(SqliteOffsets(tmp_path / "offsets.sqlite")) as offsets:
        offsets.commit("enrich", "0", read)
    log = tmp_path / "log"
    assert main(["--to", "log", "--log", str(log), "--from", "2026-08-01", "--events", "20"]) == 0
    assert 0 < SegmentReader(log).count()["0"] == len(SegmentReader(log).read("0", read, 1000, 1 << 20))
