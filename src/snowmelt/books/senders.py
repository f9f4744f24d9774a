"""The file senders report in: a JSON object a line. The books need the requests acknowledged and their events."""

import json
from pathlib import Path

from snowmelt.books.balance import Sent
from snowmelt.lake.counts import LakeCounts

OTHERS = "others"
"""By whom a line is that stands for senders that do not report, as real trackers do not."""


def read_sent(file: Path) -> Sent | None:
    """The sum of what senders reported, or None when none did."""
    if not file.exists():
        return None
    reports = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return Sent(
        requests=sum(report["acknowledged"] for report in reports),
        events=sum(report["events"] for report in reports),
        others=any(report.get("by") == OTHERS for report in reports),
    )


def expect_others(file: Path) -> None:
    """Notes, once, that senders that do not report may send from now on."""
    reported = read_sent(file)
    if reported is None or not reported.others:
        append_line(file, report_line(Sent(0, 0), by=OTHERS))


def sent_by_others(reported: Sent, logged: int, lake: LakeCounts) -> Sent | None:
    """What came from senders that do not report, as real trackers do not: what is there beyond what was reported.

    None when there is nothing beyond. Only a surplus is theirs; a deficit is a loss, and stays one in the books. Right
    once the lake holds the whole log.
    """
    if logged <= reported.requests:
        return None
    return Sent(logged - reported.requests, max(0, lake.events - reported.events))


def report_line(sent: Sent, **details: object) -> str:
    """What one sender sent, as a line without its end; the details are for people."""
    return json.dumps({"acknowledged": sent.requests, "events": sent.events, **details})


def append_line(file: Path, line: str) -> None:
    """Adds a report to the file."""
    with file.open("a", encoding="utf-8") as lines:
        lines.write(line + "\n")
