"""Enrich in the way of Unix: one base64 record a line in, enriched TSV out, bad rows to the side."""

import base64
import json
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TextIO

from snowmelt.drain.patience import Process
from snowmelt.enrich.pipeline import Good


def enrich_lines(
    lines: Iterable[bytes], process: Process, good: TextIO, bad: TextIO, clock: Callable[[], datetime]
) -> tuple[int, int]:
    """Writes enriched TSV to ``good`` and bad rows to ``bad``, a line each; gives how many of each."""
    counts = [0, 0]
    for record in records(lines):
        for item in process(record, None, clock()):
            if isinstance(item, Good):
                good.write(item.event.to_tsv() + "\n")
                counts[0] += 1
            else:
                bad.write(item.row.to_json() + "\n")
                counts[1] += 1
        good.flush()
    return counts[0], counts[1]


def enrich_lines_to_json(
    lines: Iterable[bytes], process: Process, out: TextIO, clock: Callable[[], datetime]
) -> tuple[int, int]:
    """Writes one object a record, ``{"good": [TSV…], "bad": [bad row…]}``; gives how many of each."""
    counts = [0, 0]
    for record in records(lines):
        outcome = process(record, None, clock())
        good = [json.dumps(item.event.to_tsv(), ensure_ascii=False) for item in outcome if isinstance(item, Good)]
        bad = [item.row.to_json() for item in outcome if not isinstance(item, Good)]
        out.write(f'{{"good":[{",".join(good)}],"bad":[{",".join(bad)}]}}\n')
        out.flush()
        counts[0] += len(good)
        counts[1] += len(bad)
    return counts[0], counts[1]


def records(lines: Iterable[bytes]) -> Iterable[bytes]:
    """The record of each line that is not empty.

    A line that is not base64 is taken as the record itself, so that it becomes a bad row instead of being lost.
    """
    for line in lines:
        text = line.strip()
        if text:
            try:
                yield base64.b64decode(text, validate=True)
            except ValueError:
                yield text
