from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snowmelt.protocol import timestamps


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [
        (0, "1970-01-01 00:00:00.000"),
        (-1, "1969-12-31 23:59:59.999"),
        (1_700_000_000_001, "2023-11-14 22:13:20.001"),
        (951_782_400_000, "2000-02-29 00:00:00.000"),
        (253_402_300_799_999, "9999-12-31 23:59:59.999"),
        (253_402_300_800_000, None),
        (-62_135_596_800_000, "0001-01-01 00:00:00.000"),
        (-62_135_596_800_001, "0000-12-31 23:59:59.999"),
        (-62_162_121_600_000, "0000-02-29 00:00:00.000"),
        (-62_167_219_200_000, "0000-01-01 00:00:00.000"),
        (-62_167_219_200_001, None),
        (10**30, None),
        (-(10**30), None),
    ],
)
def test_the_text_of_milliseconds(milliseconds, text):
    assert timestamps.from_epoch_ms(milliseconds) == text
    assert timestamps.iso_from_epoch_ms(milliseconds) == (None if text is None else text.replace(" ", "T") + "Z")


@settings(deadline=None)
@given(st.datetimes(timezones=st.just(UTC)), st.integers(-14 * 60, 14 * 60))
def test_a_moment_comes_back_from_its_text_in_any_zone(utc, offset):
    near_an_end = utc.year in (1, 9999)
    moment = utc if near_an_end else utc.astimezone(timezone(timedelta(minutes=offset)))
    cut = utc - timedelta(microseconds=utc.microsecond % 1000)
    assert timestamps.parse(timestamps.of(moment)) == cut
    assert timestamps.from_epoch_ms(timestamps.to_epoch_ms(moment)) == timestamps.of(moment)
    assert datetime.fromisoformat(timestamps.iso(moment)) == cut


def test_a_moment_before_1970_is_rounded_down_like_its_text():
    moment = datetime(1969, 12, 31, 23, 59, 59, 999_500, tzinfo=UTC)
    assert timestamps.to_epoch_ms(moment) == -1
    assert timestamps.of(moment) == "1969-12-31 23:59:59.999"


def test_the_zone_is_converted():
    moment = datetime(2026, 3, 8, 1, 30, tzinfo=timezone(timedelta(hours=-5)))
    assert timestamps.iso(moment) == "2026-03-08T06:30:00.000Z"


@pytest.mark.parametrize(
    ("text", "microsecond"),
    [("2026-11-23 15:09:54", 0), ("2026-11-23 15:09:54.4", 400_000), ("2026-11-23 15:09:54.123456", 123_456)],
)
def test_a_fraction_may_have_any_length(text, microsecond):
    assert timestamps.parse(text) == datetime(2026, 11, 23, 15, 9, 54, microsecond, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "2026-11-23",
            "2026-11-23T15:09:54",
            "2026-11-23 15:09:54.",
            "2026-11-23 15:09:54Z",
            "2026-02-30 00:00:00",
        ),
        *("2026-11-23 24:00:00", "2026-11-23 15:09:54.1234567", " 2026-11-23 15:09:54", "٢026-11-23 15:09:54"),
        "0000-01-01 00:00:00.000",  # a text enrich may write, but no datetime holds that year
    ],
)
def test_what_is_no_timestamp(text):
    assert timestamps.parse(text) is None
