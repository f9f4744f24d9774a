"""What became of events, read from the published copy of the warehouse."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from threading import Lock
from typing import Any, Final, TypeAlias

from snowmelt.loader.duckdb import DuckDbWarehouse
from snowmelt.loader.manifest import State as RunState
from snowmelt.loader.statements import SCHEMA, Statements

DERIVED: Final = "derived"
"""The schema of the models."""

Line: TypeAlias = dict[str, Any]
"""A row of a table: its columns that are not null, as JSON has them. Points in time are UTC."""


class State(StrEnum):
    """How far an event has come."""

    NOT_YET = "not yet"
    """Not in the published copy."""
    BAD_ROW = "bad row"
    """It did not pass, and a bad row keeps it."""
    WAITING = "held or waiting"
    """In `atomic.events`; its run is held back, or not checked yet."""
    LOADED = "loaded"
    """In `atomic.events` and released; the models are not built with it yet."""
    MODELLED = "modelled"
    """The models have it."""


@dataclass(frozen=True, slots=True)
class Event:
    """An event and the rows it is in. More than one row of `atomic.events`: it arrived more than once."""

    event_id: str
    state: State
    events: Sequence[Line] = ()
    bad_rows: Sequence[Line] = ()
    marts: dict[str, Sequence[Line]] = field(default_factory=dict)
    """Mart -> the rows that describe the event, its page view, its session and its visitor."""


@dataclass(frozen=True, slots=True)
class Edition:
    """One published copy: a new one is another file under the same name."""

    name: str
    """Differs between any two copies."""
    moment: datetime


@dataclass(frozen=True, slots=True)
class Published:
    """The published copy at ``file``, opened for each question, so that the next build can replace it at any time.

    One question at a time: DuckDB gives a process that has a file open that very file again, whatever has its name by
    now. ``sql`` is the folder of the engine's statements. Its methods raise LoaderError where the copy cannot be read.
    """

    file: Path
    sql: Path
    _turn: Lock = field(default_factory=Lock, compare=False, repr=False)

    def edition(self) -> Edition | None:
        """The copy that is there, or None before the first build."""
        try:
            found = self.file.stat()
        except FileNotFoundError:
            return None
        return Edition(f"{found.st_ino:x}-{found.st_mtime_ns:x}", datetime.fromtimestamp(found.st_mtime, UTC))

    def states(self, event_ids: Sequence[str]) -> tuple[Edition | None, dict[str, State]]:
        """How far each of these events has come, and in which copy; a copy that is newer may be read under its name."""
        states = dict.fromkeys(event_ids, State.NOT_YET)
        with self._turn:
            edition = self.edition()
            if event_ids and edition is not None:
                with DuckDbWarehouse(self.file, read_only=True) as warehouse:
                    states.update(_Copy(warehouse, self.sql).states(event_ids))
        return edition, states

    def event(self, event_id: str) -> Event:
        """Everything the copy has of one event."""
        if self.edition() is None:
            return Event(event_id, State.NOT_YET)
        with self._turn, DuckDbWarehouse(self.file, read_only=True) as warehouse:
            return _Copy(warehouse, self.sql).event(event_id)


class _Copy:
    """The open copy. Models that were never built are not asked for."""

    def __init__(self, warehouse: DuckDbWarehouse, sql: Path) -> None:
        self._warehouse = warehouse
        self._statements = Statements(sql, warehouse)
        self._models = self._tables(DERIVED)

    def states(self, event_ids: Sequence[str]) -> dict[str, State]:
        """The states of those that are there at all."""
        ids = ",".join(event_ids)
        found = {str(event_id): State.BAD_ROW for event_id, _ in self._statements.run("find_bad_rows", {"ids": ids})}
        rows = self._statements.run("find_events", {"ids": ids})
        found |= {str(event_id): State.WAITING for event_id, _ in rows}
        found |= {str(event_id): State.LOADED for event_id, state in rows if state == RunState.RELEASED}
        if "stg_events" in self._models:
            staged = self._statements.run("find_staged", {"ids": ids}, derived=self._name(DERIVED))
            found |= {str(event_id): State.MODELLED for (event_id,) in staged}
        return found

    def event(self, event_id: str) -> Event:
        """The event with all its rows."""
        state = self.states([event_id]).get(event_id, State.NOT_YET)
        bad_rows = self._statements.run("find_bad_rows", {"ids": event_id})
        return Event(
            event_id,
            state,
            events=self._lines(SCHEMA, "events", "event_id", event_id),
            bad_rows=[line for _, key in bad_rows for line in self._lines(SCHEMA, "bad_rows", "bad_row_id", str(key))],
            marts=self._marts(event_id) if state is State.MODELLED else {},
        )

    def _marts(self, event_id: str) -> dict[str, Sequence[Line]]:
        """The marts' rows, found by the keys that the models gave the event."""
        marts: dict[str, list[Line]] = {}
        for staged in self._lines(DERIVED, "stg_events", "event_id", event_id):
            session, view = staged.get("session_key"), staged.get("page_view_id")
            keys = {
                "sample_inputs": ("event_key", staged["event_key"]),
                "link_clicks": ("event_key", staged["event_key"]),
                "page_views": ("page_view_key", f"{session}:{view}"),
                "sessions": ("session_key", session),
                "users": ("domain_userid", staged.get("domain_userid")),
            }
            for mart, (column, value) in keys.items():
                lines = self._lines(DERIVED, mart, column, value) if mart in self._models and value else []
                marts.setdefault(mart, []).extend(line for line in lines if line not in marts[mart])
        return {mart: lines for mart, lines in marts.items() if lines}

    def _lines(self, schema: str, table: str, column: str, value: str) -> list[Line]:
        quoted = self._warehouse.quoted
        parts = {"table": f"{self._name(schema)}.{quoted(table)}", "column": quoted(column)}
        texts = self._statements.run("read_lines", {"value": value}, **parts)
        lines: list[Line] = [json.loads(str(text)) for (text,) in texts]
        return [{name: value for name, value in line.items() if value is not None} for line in lines]

    def _tables(self, schema: str) -> frozenset[str]:
        parameters = {"catalog": self._warehouse.catalog, "schema": schema}
        return frozenset(str(name) for (name,) in self._statements.run("list_tables", {**parameters}))

    def _name(self, schema: str) -> str:
        quoted = self._warehouse.quoted
        return f"{quoted(self._warehouse.catalog)}.{quoted(schema)}"
