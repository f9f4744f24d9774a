"""Which segments have been kept long enough."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Final

from snowmelt.streams.segments.layout import Segment

_MILLISECOND: Final = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Retention:
    """How long a segment is kept once every consumer is past it; what is not yet consumed is kept in any case."""

    max_age: timedelta | None = None
    """A segment may go when its youngest record is older; `None`: age is no reason."""
    max_bytes: int | None = None
    """The oldest may go while the segments of the partition take more; `None`: room is no reason."""


KEEP_ALL: Final = Retention()


def expired(segments: Sequence[Segment], retention: Retention, committed: int, now: int) -> int:
    """How many of the oldest segments may go, given the smallest committed position and the time in milliseconds.

    The last segment, which is being written, never does.
    """
    room = sum(segment.size for segment in segments)
    gone = 0
    for segment, following in pairwise(segments):
        too_old = retention.max_age is not None and now - following.header.created > retention.max_age / _MILLISECOND
        too_much = retention.max_bytes is not None and room > retention.max_bytes
        if following.header.previous_end > committed or not (too_old or too_much):
            break
        room -= segment.size
        gone += 1
    return gone
