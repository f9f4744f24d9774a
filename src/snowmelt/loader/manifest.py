"""The load manifest: one row for each run folder the warehouse knows, and the states it goes through.

``loading`` → ``loaded`` → ``released`` to the models, or ``held`` back from them and later ``released`` or ``dropped``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final

from snowmelt.loader.errors import LoaderError
from snowmelt.loader.statements import Statements
from snowmelt.loader.warehouse import Row, Value, Warehouse


class State(StrEnum):
    """Where a run is on its way to the models."""

    LOADING = "loading"
    LOADED = "loaded"
    RELEASED = "released"
    HELD = "held"
    DROPPED = "dropped"


TRANSITIONS: Final[Mapping[State, frozenset[State]]] = {
    State.LOADING: frozenset({State.LOADED}),
    State.LOADED: frozenset({State.RELEASED, State.HELD}),
    State.HELD: frozenset({State.RELEASED, State.DROPPED}),
    State.RELEASED: frozenset(),
    State.DROPPED: frozenset(),
}
"""State -> the states that may follow."""


class ManifestError(LoaderError):
    """Something the manifest does not allow; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run folder as the manifest has it. Times are aware; counts are what the folder's marker says."""

    base: str
    run: str
    state: State
    load_tstamp: datetime
    count_good: int
    count_bad: int
    reason: str | None
    loaded_tstamp: datetime | None
    released_tstamp: datetime | None

    @classmethod
    def of(cls, row: Row) -> "Run":
        """The run in a row of list_runs."""
        base, run, state, load_tstamp, good, bad, reason, loaded, released = row
        moment = _aware(load_tstamp)
        if moment is None:
            raise ManifestError(f"the manifest's row of {base} has no load_tstamp")
        return cls(
            str(base),
            str(run),
            State(str(state)),
            moment,
            int(str(good)),
            int(str(bad)),
            None if reason is None else str(reason),
            _aware(loaded),
            _aware(released),
        )


class Manifest:
    """The manifest of a warehouse. Every method is safe to repeat after a crash."""

    def __init__(self, warehouse: Warehouse, sql: Path, now: Callable[[], datetime]) -> None:
        """``sql`` is the folder of the engine's statements; ``now`` gives aware datetimes."""
        self._statements = Statements(sql, warehouse)
        self._now = now

    def list_runs(self) -> list[Run]:
        """All runs in the order they were loaded."""
        return [Run.of(row) for row in self._statements.run("list_runs")]

    def run(self, base: str) -> Run:
        """The run of a folder, named by its URI or by the folder's own name. Raises ManifestError."""
        found = [run for run in self.list_runs() if base.rstrip("/") in (run.base.rstrip("/"), run.run)]
        if len(found) != 1:
            what = "no run" if not found else "more than one run"
            raise ManifestError(f"the manifest has {what} {base}; `snowmelt runs list` shows the runs there are")
        return found[0]

    def begin(self, parameters: dict[str, Value]) -> None:
        """Adds a run as loading, with a load_tstamp later than any other's; one that is there stays as it is."""
        self._statements.run("begin_load", {**parameters, "now": self._now()})

    def finish(self, run: Run) -> Run:
        """Marks a run whose rows are all there as loaded."""
        return self._move(run, State.LOADED, "finish_load", {"now": self._now()})

    def release(self, base: str) -> Run:
        """Lets the models read the run, from a moment later than any other's: they look for what is newer."""
        released = [run.released_tstamp for run in self.list_runs() if run.released_tstamp]
        moment = max([self._now(), *(earlier + timedelta(microseconds=1) for earlier in released)])
        return self._move(self.run(base), State.RELEASED, "release_run", {"now": moment})

    def hold(self, base: str, reason: str) -> Run:
        """Keeps the run from the models, for a reason that people read."""
        return self._move(self.run(base), State.HELD, "hold_run", {"now": self._now(), "reason": reason})

    def drop(self, base: str) -> Run:
        """Removes the run's events from `atomic.events` for good; its row here, its counts and its bad rows stay."""
        run = self.run(base)
        _check(run, State.DROPPED)
        self._statements.run("delete_events", {"load_tstamp": run.load_tstamp})
        return self._move(run, State.DROPPED, "drop_run", {})

    def _move(self, run: Run, state: State, statement: str, parameters: dict[str, Value]) -> Run:
        _check(run, state)
        self._statements.run(statement, {"base": run.base, "state": run.state.value, **parameters})
        return self.run(run.base)


def _check(run: Run, state: State) -> None:
    allowed = TRANSITIONS[run.state]
    if state is run.state:
        raise ManifestError(f"{run.run} is {state} already")
    if state not in allowed:
        choice = " or ".join(sorted(allowed)) or "nothing else"
        raise ManifestError(f"{run.run} is {run.state} and cannot become {state}: what follows is {choice}")


def _aware(value: Value) -> datetime | None:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else None
