"""What every log offers, be it a folder of segments or Kinesis: a writer, a reader and the offsets of consumers.

A *position* names the place of one record in its partition. It is opaque text that sorts as the records do, never names
two acknowledged records, and stays valid for as long as the log exists. Consumers keep it; only the log reads it.
"""

from collections.abc import Sequence
from typing import Final, Protocol, TypeAlias

import msgspec

BAD_PREFIX: Final = "bad-"
"""Begins the name, for `Offsets` and in run folders, of each partition of the log of a collector's own bad rows."""


class Record(msgspec.Struct, frozen=True, gc=False):
    """What a producer hands over."""

    partition_key: str
    """Chooses the partition where a log has several; it is not kept with the record."""
    data: bytes


class Appended(msgspec.Struct, frozen=True, gc=False):
    """The record is durable: no crash of the process or of the machine loses it."""

    position: str


class Refused(msgspec.Struct, frozen=True, gc=False):
    """The record is not in the log; the producer may try again later."""

    reason: str


Result: TypeAlias = Appended | Refused


class Entry(msgspec.Struct, frozen=True, gc=False):
    """What a consumer receives."""

    position: str
    data: bytes


class StreamError(Exception):
    """The log or its offsets cannot be trusted or reached: a person has to look. The text says where."""


class Writer(Protocol):
    """Appends to a log."""

    def append(self, records: Sequence[Record]) -> list[Result]:
        """One result per record, in order, once all that is `Appended` is durable.

        After a `StreamError` nothing is known of these records: they may or may not be in the log.
        """
        ...

    def close(self) -> None:
        """Lets go of the log; whoever opens it next finds every appended record."""
        ...


class Reader(Protocol):
    """Reads a log, never further than what is durable."""

    def partitions(self) -> list[str]:
        """The partitions there are by now, sorted."""
        ...

    def read(self, partition: str, after: str | None, max_records: int, max_bytes: int) -> list[Entry]:
        """The records behind position `after` (`None`: from the oldest kept), none when there are no more yet.

        At least one record is given when there is one, even when it alone exceeds `max_bytes`.
        """
        ...


class Offsets(Protocol):
    """How far each consumer has got. A consumer commits a position once it has dealt with every record up to it."""

    def get(self, consumer: str, partition: str) -> str | None:
        """The last position committed, `None` before the first."""
        ...

    def commit(self, consumer: str, partition: str, position: str) -> None:
        """Remembers `position` durably. An offset only moves forward: an older position changes nothing."""
        ...
