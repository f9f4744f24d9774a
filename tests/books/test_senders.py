"""Senders that report are added up; what came beyond that is put down to others, and what is missing never is."""

import json
from pathlib import Path

import pytest

from snowmelt.books.balance import Sent
from snowmelt.books.senders import append_line, expect_others, read_sent, report_line, sent_by_others
from snowmelt.lake.counts import LakeCounts

LAKE = LakeCounts(records=10, bad_records=1, good=12, bad=3)


def test_what_senders_reported_is_added_up(tmp_path: Path) -> None:
    file = tmp_path / "sent.jsonl"
    assert read_sent(file) is None
    file.write_text("".join(json.dumps({"acknowledged": n, "events": 2 * n}) + "\n" for n in (3, 4)))
    assert read_sent(file) == Sent(requests=7, events=14)
    append_line(file, report_line(Sent(requests=5, events=1), by="others"))
    assert read_sent(file) == Sent(requests=12, events=15, others=True)


@pytest.mark.parametrize(
    ("reported", "others"),
    [
        (Sent(10, 14), None),
        (Sent(11, 14), None),
        (Sent(8, 11), Sent(2, 3)),
        (Sent(0, 0), Sent(10, 14)),
        (Sent(8, 20), Sent(2, 0)),
    ],
)
def test_only_a_surplus_comes_from_others(reported: Sent, others: Sent | None) -> None:
    assert sent_by_others(reported, 10, LAKE) == others


def test_others_are_expected_once(tmp_path: Path) -> None:
    file = tmp_path / "sent.jsonl"
    expect_others(file)
    assert read_sent(file) == Sent(0, 0, others=True)
    append_line(file, report_line(Sent(3, 4)))
    before = file.read_text()
    expect_others(file)
    assert file.read_text() == before
    assert read_sent(file) == Sent(3, 4, others=True)
