"""The copy of the numbers that the view shows: a small DuckDB file, made from the warehouse and replaced by rename.

Whoever makes it holds the warehouse's slot. Whoever reads it never opens the warehouse, and so waits for nobody.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Final

from snowmelt.loader.duckdb import DuckDbWarehouse
from snowmelt.loader.manifest import State
from snowmelt.loader.statements import SCHEMA, Statements
from snowmelt.loader.warehouse import Row, Value
from snowmelt.workspace import Workspace

MOST_CAUSES: Final = 2_000
"""Causes that the copy keeps, as make_quality_causes.sql says."""


@dataclass(frozen=True, slots=True)
class RunBooks:
    """What the marker of a run folder says of it, and what the warehouse holds. Points in time are aware."""

    run: str
    state: State
    reason: str | None
    records: int
    good: int
    bad: int
    in_events: int
    in_bad_rows: int
    dropped: int
    load_tstamp: datetime | None
    loaded: datetime | None
    released: datetime | None
    held: datetime | None

    @property
    def difference(self) -> int:
        """What the lake has more than the warehouse has or had."""
        return self.good + self.bad - self.in_events - self.in_bad_rows - self.dropped


@dataclass(frozen=True, slots=True)
class Totals:
    """The books of the runs of one state."""

    state: State
    runs: int
    records: int
    good: int
    bad: int
    in_events: int
    in_bad_rows: int
    dropped: int
    unbalanced: int
    """Runs whose books do not add up."""
    newest_event: datetime | None
    newest_load: datetime | None


@dataclass(frozen=True, slots=True)
class Cause:
    """Bad rows that failed for the same reason. ``schema`` is the one violated or not found, where there is one."""

    kind: str
    schema: str | None
    message: str | None
    app_id: str | None
    tracker_version: str | None
    tracker_name: str | None
    page: str | None
    """The page that most of them came from, without its query."""
    pages: int
    rows: int
    first_seen: datetime | None
    last_seen: datetime | None
    payload: str
    """That of the newest."""


def quality_copy(workspace: Workspace) -> Path:
    """Where an installation has the copy."""
    return workspace.published.with_name("quality.duckdb")


def publish(warehouse: Path, sql: Path, copy: Path, since: datetime) -> None:
    """Makes the copy anew, whole or not at all; bad rows count from the runs loaded ``since`` on.

    Raises LoaderError. Readers of the old copy keep it until they close it.
    """
    copy.parent.mkdir(parents=True, exist_ok=True)
    written = copy.with_name(f".{copy.name}.{os.getpid()}")
    written.unlink(missing_ok=True)
    try:
        with DuckDbWarehouse(written) as made:
            made.attach(warehouse, "snowmelt")
            statements, live = Statements(sql, made), f"{made.quoted('snowmelt')}.{made.quoted(SCHEMA)}"
            statements.run("make_quality_runs", quality=_tables(made), atomic=live)
            statements.run("make_quality_causes", {"since": since}, quality=_tables(made), atomic=live)
        written.replace(copy)
    finally:
        written.unlink(missing_ok=True)


def moment_of(copy: Path) -> datetime | None:
    """When the copy was made, None where there is none."""
    try:
        return datetime.fromtimestamp(copy.stat().st_mtime, UTC)
    except FileNotFoundError:
        return None


_TURN = Lock()
"""One reader at a time: DuckDB gives a process that has a file open that file again, whatever has its name by now."""


@contextmanager
def reading(copy: Path, sql: Path) -> Iterator[Numbers]:
    """The numbers of the copy for the time of a ``with`` block. Raises LoaderError when it cannot be read."""
    with _TURN, DuckDbWarehouse(copy, read_only=True, patience_s=0) as opened:
        yield Numbers(Statements(sql, opened), _tables(opened))


class Numbers:
    """What an open copy says. Its methods raise LoaderError."""

    def __init__(self, statements: Statements, quality: str) -> None:
        """``quality`` is the schema of the copy's tables, as statements spell it."""
        self._statements = statements
        self._quality = quality

    def totals(self) -> Sequence[Totals]:
        """The books of all runs, by state."""
        return [_totals(row) for row in self._run("sum_quality_runs", {})]

    def runs(self, state: str, limit: int, offset: int) -> Sequence[RunBooks]:
        """Runs of a state, or of any where it is empty; those whose books do not add up first, then the newest."""
        return [_run(row) for row in self._run("list_quality_runs", {"state": state, **_page(limit, offset)})]

    def run(self, name: str) -> RunBooks | None:
        """The run of a folder of this name."""
        return next((_run(row) for row in self._run("find_quality_run", {"run": name})), None)

    def causes(self, kind: str, app_id: str, limit: int, offset: int) -> Sequence[Cause]:
        """Causes of a kind and an application, or of any where these are empty; the most frequent first."""
        chosen: dict[str, Value] = {"kind": kind, "app_id": app_id, **_page(limit, offset)}
        return [_cause(row) for row in self._run("list_quality_causes", chosen)]

    def count_causes(self, kind: str, app_id: str) -> tuple[int, int]:
        """How many causes there are of a kind and an application, and how many bad rows."""
        ((causes, rows),) = self._run("count_quality_causes", {"kind": kind, "app_id": app_id})
        return _int(causes), _int(rows)

    def kinds(self) -> Sequence[tuple[str, str]]:
        """Kind and application of all causes; an empty text where the application is not known."""
        return [(str(kind), str(app_id)) for kind, app_id in self._run("list_quality_kinds", {})]

    def _run(self, name: str, parameters: dict[str, Value]) -> Sequence[Row]:
        return self._statements.run(name, parameters, quality=self._quality)


def _tables(warehouse: DuckDbWarehouse) -> str:
    return f"{warehouse.quoted(warehouse.catalog)}.{warehouse.quoted('main')}"


def _page(limit: int, offset: int) -> dict[str, Value]:
    return {"limit": limit, "offset": offset}


def _run(row: Row) -> RunBooks:
    run, state, reason, *rest = row
    counts, moments = map(_int, rest[:6]), map(_aware, rest[6:])
    return RunBooks(str(run), State(str(state)), _text(reason), *counts, *moments)


def _totals(row: Row) -> Totals:
    state, *rest = row
    return Totals(State(str(state)), *map(_int, rest[:8]), *map(_aware, rest[8:]))


def _cause(row: Row) -> Cause:
    kind, *texts, pages, rows, first, last, payload = row
    return Cause(str(kind), *map(_text, texts), _int(pages), _int(rows), _aware(first), _aware(last), str(payload))


def _int(value: Value) -> int:
    return int(str(value))


def _text(value: Value) -> str | None:
    return None if value is None else str(value)


def _aware(value: Value) -> datetime | None:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else None
