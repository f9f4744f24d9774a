"""The two spellings of a moment: the enriched event's "2026-11-23 15:09:54.421" and the bad row's ISO 8601 with a Z.

Both are UTC with milliseconds. Trackers may send any year from 0 to 9999, one more than datetime knows, so text is made
from the number of milliseconds directly.
"""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_MINUTE_MS = 60_000
_DAY_MS = 86_400_000
_FIRST_MS = -62_167_219_200_000  # 0000-01-01 00:00:00.000 in the proleptic Gregorian calendar
_LAST_MS = 253_402_300_799_999  # 9999-12-31 23:59:59.999
_LEAP_CYCLE_MS = (400 * 365 + 97) * _DAY_MS  # after 400 years the calendar repeats
_TEXT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}) ([0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]{1,6})?")


def from_epoch_ms(milliseconds: int) -> str | None:
    """The text "yyyy-MM-dd HH:mm:ss.SSS" of milliseconds since 1970; None outside of the years 0 to 9999."""
    if not _FIRST_MS <= milliseconds <= _LAST_MS:
        return None
    minute, rest = divmod(milliseconds, _MINUTE_MS)
    return f"{_minute(minute)}:{rest // 1000:02}.{rest % 1000:03}"


@lru_cache(1440)  # the moments of a stream are near one another
def _minute(number: int) -> str:
    """The text "yyyy-MM-dd HH:mm" of a minute since 1970."""
    cycles = 1 if number < (_FIRST_MS + 366 * _DAY_MS) // _MINUTE_MS else 0  # year 0 is printed as 400 and set back
    moment = _EPOCH.replace(tzinfo=None) + timedelta(minutes=number + cycles * _LEAP_CYCLE_MS // _MINUTE_MS)
    text = moment.isoformat(" ", "minutes")
    return f"0000{text[4:]}" if cycles else text


def to_epoch_ms(moment: datetime) -> int:
    """Milliseconds since 1970 of an aware datetime, rounded down."""
    return (moment - _EPOCH) // _MILLISECOND


def of(moment: datetime) -> str:
    """The text "yyyy-MM-dd HH:mm:ss.SSS" of an aware datetime, in UTC, cut to milliseconds."""
    utc = moment.astimezone(UTC).replace(tzinfo=None)
    return utc.isoformat(" ", "milliseconds")


def parse(text: str) -> datetime | None:
    """The aware UTC datetime of a text "yyyy-MM-dd HH:mm:ss", with or without a fraction; None for anything else."""
    match = _TEXT.fullmatch(text)
    if match is None:
        return None
    day, time, fraction = match.groups()
    try:
        moment = datetime.fromisoformat(f"{day}T{time}+00:00")
    except ValueError:
        return None
    return moment.replace(microsecond=int((fraction or ".0")[1:].ljust(6, "0")))


def iso(moment: datetime) -> str:
    """The text "yyyy-MM-ddTHH:mm:ss.SSSZ" of an aware datetime, as bad rows have it."""
    return of(moment).replace(" ", "T") + "Z"


def iso_from_epoch_ms(milliseconds: int) -> str | None:
    """The same of milliseconds since 1970; None outside of the years 0 to 9999."""
    text = from_epoch_ms(milliseconds)
    return None if text is None else text.replace(" ", "T") + "Z"
