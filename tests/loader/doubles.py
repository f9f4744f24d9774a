"""Warehouses that die, and lakes to load."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
from tests.lake.doubles import PROCESSOR, Clock, Crash, batch, resolver, sdj, thing

from snowmelt.lake.store import LocalStore, Store
from snowmelt.lake.writer import LakeWriter, RunFolder
from snowmelt.loader.duckdb import DuckDbWarehouse
from snowmelt.loader.warehouse import Row, Value

PAGE = "iglu:com.acme/page/jsonschema/1-0-"
CLICK = "iglu:com.acme/click/jsonschema/1-0-"
TEXT, WHOLE, MOMENT = {"type": "string"}, {"type": "integer"}, {"type": "string", "format": "date-time"}
SCHEMAS = {
    f"{PAGE}0": thing({"id": TEXT}, ["id"]),
    f"{PAGE}1": thing({"id": TEXT, "at": MOMENT, "parts": {"type": "array", "items": thing({"a": WHOLE})}}, ["id"]),
    f"{PAGE}2": thing(
        {"id": TEXT, "at": MOMENT, "parts": {"type": "array", "items": thing({"a": WHOLE, "deepKey": TEXT})}}, ["id"]
    ),
    f"{CLICK}0": thing({"target": TEXT}),
    f"{CLICK}1": thing({"target": TEXT, "where": thing({"x": WHOLE})}),
}
RESOLVER = resolver(SCHEMAS)


class Dying:
    """A warehouse that dies at the given statement, counted from 0, before or after it takes effect."""

    def __init__(self, warehouse: DuckDbWarehouse, at: int, after: bool) -> None:
        self._warehouse = warehouse
        self.at = at
        self.after = after
        self.statements: list[str] = []

    def __getattr__(self, name):
        return getattr(self._warehouse, name)

    def execute(self, statement: str, parameters: Mapping[str, Value]) -> Sequence[Row]:
        return self._run(statement, lambda: self._warehouse.execute(statement, parameters))

    def schema(self, query: str) -> pa.Schema:
        return self._run(query, lambda: self._warehouse.schema(query))

    def _run(self, statement, ask):
        dies = len(self.statements) == self.at
        self.statements.append(statement)
        if dies and not self.after:
            raise Crash
        answer = ask()
        if dies:
            raise Crash
        return answer


class Lake:
    """A lake to which a test adds folders."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._writer = LakeWriter(store, RESOLVER, PROCESSOR, Clock())
        self._writer.resume()
        self._folders = 0

    def add(self, *events, **changes) -> RunFolder:
        """One more run folder."""
        self._folders += 1
        return self._writer.write(batch(*events, positions={"0": [f"{self._folders:03d}"]}, **changes))


def lake_at(folder: Path) -> Lake:
    return Lake(LocalStore(folder))


def page(version: int, **data):
    return sdj(f"{PAGE}{version}", data)


def click(version: int, **data):
    return sdj(f"{CLICK}{version}", data)
