"""Enrich in the way of Unix: one base64 record a line in, enriched TSV out, bad rows to the side."""

import base64
import binascii
import json
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TextIO

from snowmelt.enrich.pipeline import Enricher, Good


def enrich_lines(
    lines: Iterable[str], enricher: Enricher, good: TextIO, bad: TextIO, clock: Callable[[], datetime]
) -> tuple[int, int]:
    """Writes enriched TSV to ``good`` and bad rows to ``bad``, a line each; gives how many of each."""
    counts = [0, 0]
    for record in records(lines):
        for item in enricher.process(record, None, clock()):
            if isinstance(item, Good):
                good.write(item.event.to_tsv() + "\n")
                counts[0] += 1
            else:
                bad.write(item.row.to_json() + "\n")
                counts[1] += 1
        good.flush()
    return counts[0], counts[1]


def enrich_lines_to_json(
    lines: Iterable[str], enricher: Enricher, out: TextIO, clock: Callable[[], datetime]
) -> tuple[int, int]:
    """Writes one object a record, ``{"good": [TSV…], "bad": [bad row…]}``; gives how many of each."""
    counts = [0, 0]
    for record in records(lines):
        outcome = enricher.process(record, None, clock())
        good = [item.event.to_tsv() for item in outcome if isinstance(item, Good)]
        bad = [json.loads(item.row.to_json()) for item in outcome if not isinstance(item, Good)]
        out.write(json.dumps({"good": good, "bad": bad}, ensure_ascii=False, separators=(",", ":")) + "\n")
        out.flush()
        counts[0] += len(good)
        counts[1] += len(bad)
    return counts[0], counts[1]


def records(lines: Iterable[str]) -> Iterable[bytes]:
    """The record of each line that is not empty.

    A line that is not base64 is taken as the record itself, so that it becomes a bad row instead of being lost.
    """
    for line in lines:
        text = line.strip()
        if text:
            try:
                yield base64.b64decode(text, validate=True)
            except (binascii.Error, ValueError):
                yield text.encode()
