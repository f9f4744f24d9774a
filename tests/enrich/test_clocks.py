from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snowmelt.enrich import clocks

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def ms(text):
    return (datetime.fromisoformat(text).replace(tzinfo=UTC) - EPOCH) // timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("collected", "created", "sent", "derived"),
    [
        # the wait on the device is taken off the moment of receipt
        ("2023-11-14T22:13:20", "2023-11-14T22:13:10", "2023-11-14T22:13:15", "2023-11-14T22:13:15"),
        ("2023-11-14T22:13:20", "2027-01-15T08:00:00", "2027-01-15T08:00:05", "2023-11-14T22:13:15"),
        # no wait, or a clock that went backwards
        ("2023-11-14T22:13:20", "2023-11-14T22:13:10", "2023-11-14T22:13:10", "2023-11-14T22:13:20"),
        ("2023-11-14T22:13:20", "2023-11-14T22:13:15", "2023-11-14T22:13:10", "2023-11-14T22:13:20"),
        # a month is a month, however many days it has
        ("2023-03-31T00:00:00", "2023-06-01T00:00:00", "2023-07-01T00:00:00", "2023-02-28T00:00:00"),
        ("2024-03-31T12:00:00", "2023-06-01T00:00:00", "2023-07-02T01:00:00", "2024-02-28T11:00:00"),
        ("2024-02-29T00:00:00", "2022-01-01T00:00:00", "2023-01-01T00:00:00", "2023-02-28T00:00:00"),
        ("2023-06-30T00:00:00", "2023-01-31T00:00:00", "2023-02-28T00:00:00", "2023-05-30T00:00:00"),
        ("2023-06-30T00:00:00", "2023-01-01T00:00:00", "2023-01-28T23:00:00", "2023-06-02T01:00:00"),
    ],
)
def test_derived_is_receipt_less_the_wait(collected, created, sent, derived):
    assert clocks.derived(ms(collected), ms(created), ms(sent)) == ms(derived)


@pytest.mark.parametrize(("created", "sent"), [(None, None), (1, None), (None, 1)])
def test_without_both_clocks_it_is_the_receipt(created, sent):
    assert clocks.derived(5, created, sent) == 5


CLOCK = st.integers(-62_167_219_200_000, 253_402_300_799_999)


@given(CLOCK, CLOCK, CLOCK)
def test_any_clocks_give_a_moment_that_is_no_later_and_about_right(collected, created, sent):
    derived = clocks.derived(collected, created, sent)
    wait = max(0, sent - created)
    assert derived <= collected
    assert abs(collected - wait - derived) <= 6 * 86_400_000
    if wait < 28 * 86_400_000:
        assert derived == collected - wait
