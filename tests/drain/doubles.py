"""Logs and offsets in memory, and an enrich that is quick to follow."""

from collections.abc import Sequence
from datetime import datetime

from tests.lake.doubles import PROCESSOR, event

from snowmelt.enrich.pipeline import Bad, Good, Item
from snowmelt.protocol.bad_rows import generic_error
from snowmelt.streams.log import Entry


class MemoryReader:
    """A log whose records are given."""

    def __init__(self, partitions: dict[str, list[bytes]]) -> None:
        self.records = partitions

    def partitions(self) -> list[str]:
        return sorted(self.records)

    def read(self, partition: str, after: str | None, max_records: int, max_bytes: int) -> list[Entry]:
        start = int(after) + 1 if after else 0
        found = self.records[partition][start : start + max_records]
        return [Entry(f"{start + place:020d}", data) for place, data in enumerate(found)]


class MemoryOffsets:
    """Offsets that outlive the application that uses them, as a disk does."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get(self, consumer: str, partition: str) -> str | None:
        return self.kept.get((consumer, partition))

    def commit(self, consumer: str, partition: str, position: str) -> None:
        self.kept[consumer, partition] = max(position, self.kept.get((consumer, partition), ""))


def enrich(record: bytes, position: str, now: datetime) -> Sequence[Item]:
    """A record of digits is so many events, each named after the position; any other is one bad row."""
    if not record.isdigit():
        return [Bad(generic_error(PROCESSOR, now, ["no number"], record.decode()), None)]
    number = int(position.rpartition("/")[2])
    return [Good(event(number * 100 + index), index) for index in range(int(record))]
