"""Whether all is well, in sentences: what the view says first. Pure: counts and moments in, sentences out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from event_quality.quality_copy import Totals
from snowmelt.loader.manifest import State

OLD: Final = timedelta(minutes=30)
"""The copy is made anew every quarter of an hour; one older than twice that tells that nothing runs."""


class Level(StrEnum):
    """How much a sentence matters; also how the page shows it."""

    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Remark:
    """One sentence, or two: what is, and what to do."""

    level: Level
    text: str


@dataclass(frozen=True, slots=True)
class Sum:
    """The books of all runs together."""

    runs: dict[State, int]
    events: int
    bad: int
    difference: int
    unbalanced: int
    newest_event: datetime | None
    newest_load: datetime | None

    @classmethod
    def of(cls, totals: Sequence[Totals]) -> Sum:
        """The sum over the states."""
        kept = sum(state.in_events + state.in_bad_rows + state.dropped for state in totals)
        return cls(
            runs={state.state: state.runs for state in totals},
            events=sum(state.good for state in totals),
            bad=sum(state.bad for state in totals),
            difference=sum(state.good + state.bad for state in totals) - kept,
            unbalanced=sum(state.unbalanced for state in totals),
            newest_event=max((state.newest_event for state in totals if state.newest_event), default=None),
            newest_load=max((state.newest_load for state in totals if state.newest_load), default=None),
        )

    @property
    def bad_share(self) -> float:
        """Bad rows among all that was loaded, 0 to 1."""
        return self.bad / (self.events + self.bad) if self.bad else 0.0


def verdict(found: Sum, made: datetime, now: datetime, *, failed: bool, paused: bool) -> Sequence[Remark]:
    """What is to be said, the worst first; one good remark where there is nothing else.

    ``made`` is when the copy was, ``failed`` whether the last run of `load_events` did, ``paused`` whether it is.
    """
    remarks = []
    if found.unbalanced:
        remarks.append(
            Remark(
                Level.BAD,
                f"The books of {_runs(found.unbalanced)} do not add up: the warehouse has not what the lake gave it. "
                "They stand first in the table below.",
            )
        )
    if failed:
        remarks.append(
            Remark(Level.BAD, "The last run of load_events failed: see its log and docs/runbooks/failed-load.md.")
        )
    if held := found.runs.get(State.HELD, 0):
        remarks.append(Remark(Level.WARN, f"{_runs(held, 'is', 'are')} held, and no model reads them: decide below."))
    if paused:
        remarks.append(Remark(Level.WARN, "load_events is paused, so nothing new is loaded: switch it on under Dags."))
    elif now - made > OLD:
        remarks.append(
            Remark(Level.WARN, "These numbers are old: no task published newer ones. Do scheduler and workers run?")
        )
    if not remarks:
        remarks.append(Remark(Level.GOOD, f"All is well: the books of {_runs(sum(found.runs.values()))} add up."))
    return remarks


def _runs(number: int, one: str = "", many: str = "") -> str:
    return f"{number:,} {'run' if number == 1 else 'runs'} {one if number == 1 else many}".rstrip()
