"""The logs the application reads, and what becomes of their records."""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from snowmelt.enrich.pipeline import Bad, Item
from snowmelt.protocol.bad_rows import BadRow, Processor, generic_error
from snowmelt.streams.log import Entry, Reader

Process: TypeAlias = Callable[[bytes, str, datetime], Sequence[Item]]
"""A record, its "<partition>/<position>" and the time now -> what it gives, at least one item."""


@dataclass(frozen=True, slots=True)
class Source:
    """One log. ``prefix`` keeps its partitions apart from those of another log in run folders and offsets."""

    prefix: str
    reader: Reader
    process: Process

    def partitions(self) -> list[str]:
        """The names of its partitions, prefixed."""
        return [f"{self.prefix}{partition}" for partition in self.reader.partitions()]

    def read(self, partition: str, after: str | None, max_records: int, max_bytes: int) -> list[Entry]:
        """The records behind a position of a prefixed partition."""
        return self.reader.read(partition.removeprefix(self.prefix), after, max_records, max_bytes)


def bad_rows_of(processor: Processor) -> Process:
    """Takes over the bad rows that a collector made; what is none becomes a generic_error signed by ``processor``."""

    def process(record: bytes, position: str, now: datetime) -> Sequence[Item]:
        row = BadRow.parse(record)
        if row is None:
            said = f"the record at {position} of the bad stream is no bad row"
            row = generic_error(processor, now, [said], base64.b64encode(record).decode())
        return [Bad(row, None)]

    return process
