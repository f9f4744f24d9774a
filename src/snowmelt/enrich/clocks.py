"""When an event happened by the collector's clock, whatever the visitor's clock says."""

from calendar import monthrange
from datetime import date
from typing import Final

_DAY_MS: Final = 86_400_000
_EPOCH: Final = date(1970, 1, 1).toordinal()
_CYCLE_DAYS: Final = 146_097  # after 400 years the calendar repeats
_CYCLE_MONTHS: Final = 4_800


def derived(collected: int, created: int | None, sent: int | None) -> int:
    """The moment of an event: of its receipt, less the time it waited on the device. All in milliseconds since 1970.

    Like Snowplow before Enrich 6.10, the wait is taken as a period of the calendar: one of a month or more is taken off
    month by month, so it may be a few days longer or shorter than it was.
    """
    if created is None or sent is None or created >= sent:
        return collected
    if sent - created < 28 * _DAY_MS:
        return collected - (sent - created)
    years = _whole_months(created, sent) // 12 * 12
    after_years = _add_months(created, years)
    months = _whole_months(after_years, sent)
    rest = sent - _add_months(after_years, months)
    return _add_months(_add_months(collected, -years), -months) - rest


def _whole_months(start: int, end: int) -> int:
    """The most months that can be added to a moment without passing another."""
    months = _month(end) - _month(start)
    return months if _add_months(start, months) <= end else months - 1


def _add_months(moment: int, months: int) -> int:
    """The moment so many months later or earlier; a day that the month has not is its last."""
    days, time = divmod(moment, _DAY_MS)
    cycle, day = divmod(days + _EPOCH - 1, _CYCLE_DAYS)
    before = date.fromordinal(day + 1)
    cycles, month = divmod((before.year - 1) * 12 + before.month - 1 + months, _CYCLE_MONTHS)
    year, month = month // 12 + 1, month % 12 + 1
    after = date(year, month, min(before.day, monthrange(year, month)[1]))
    return (after.toordinal() + (cycle + cycles) * _CYCLE_DAYS - _EPOCH) * _DAY_MS + time


def _month(moment: int) -> int:
    """The number of the month a moment is in."""
    cycle, day = divmod(moment // _DAY_MS + _EPOCH - 1, _CYCLE_DAYS)
    on = date.fromordinal(day + 1)
    return cycle * _CYCLE_MONTHS + (on.year - 1) * 12 + on.month
