from datetime import timedelta

import pytest

from snowmelt.streams.segments.layout import Header, Segment
from snowmelt.streams.segments.retention import KEEP_ALL, Retention, expired

SECOND = 1000
SEGMENTS = [Segment(Header(base=100 * n, previous_end=100 * n, created=n * SECOND), size=128) for n in range(5)]
NOW = 10 * SECOND


@pytest.mark.parametrize(
    ("retention", "committed", "gone"),
    [
        (KEEP_ALL, 500, 0),
        (Retention(max_bytes=0), 500, 4),  # never the last, which is being written
        (Retention(max_bytes=0), 0, 0),
        (Retention(max_bytes=0), 99, 0),
        (Retention(max_bytes=0), 100, 1),
        (Retention(max_bytes=0), 250, 2),
        (Retention(max_bytes=5 * 128), 500, 0),
        (Retention(max_bytes=5 * 128 - 1), 500, 1),
        (Retention(max_bytes=2 * 128), 500, 3),
        (Retention(max_age=timedelta(seconds=9)), 500, 0),  # the first ended when the second was created, 9 s ago
        (Retention(max_age=timedelta(seconds=8.999)), 500, 1),
        (Retention(max_age=timedelta(seconds=6.5)), 500, 3),
        (Retention(max_age=timedelta(seconds=6.5)), 200, 2),
        (Retention(max_age=timedelta(0)), 500, 4),
        (Retention(max_age=timedelta(seconds=8.999), max_bytes=2 * 128), 500, 3),  # either is reason enough
    ],
)
def test_segments_go_when_they_are_read_and_old_or_too_many(retention, committed, gone):
    assert expired(SEGMENTS, retention, committed, NOW) == gone


def test_a_step_in_the_positions_belongs_to_no_segment():
    segments = [Segment(Header(0, 0, 0), 128), Segment(Header(base=1000, previous_end=50, created=0), 128)]
    assert expired(segments, Retention(max_bytes=0), 49, NOW) == 0
    assert expired(segments, Retention(max_bytes=0), 50, NOW) == 1


def test_nothing_is_asked_of_an_empty_log():
    assert expired([], Retention(max_bytes=0), 0, NOW) == 0
