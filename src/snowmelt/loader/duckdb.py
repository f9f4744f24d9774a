"""DuckDB as a warehouse: one file, one writer process."""

import re
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

import duckdb
import pyarrow as pa

from snowmelt.loader.warehouse import Row, Value, WarehouseError

PATIENCE_SECONDS = 60.0
"""How long one waits for another process to give the file free: a bit longer than any task keeps it."""

_PAUSE_SECONDS = 0.1
_HOLDER = re.compile(r"Conflicting lock is held in (?P<program>.+?) \(PID (?P<pid>\d+)\)")
_GLOB = re.compile(r"[*?\[]")
_TYPES: Mapping[pa.DataType, str] = {
    pa.string(): "varchar",
    pa.bool_(): "boolean",
    pa.int32(): "integer",
    pa.int64(): "bigint",
    pa.float64(): "double",
    pa.date32(): "date",
}


class WarehouseBusyError(WarehouseError):
    """Another process has the file open and did not give it free in time."""


def connect(path: Path, *, read_only: bool = False, patience_s: float = PATIENCE_SECONDS) -> duckdb.DuckDBPyConnection:
    """A connection to the file, once no other process has it open: a writer keeps all others out, readers a writer.

    Raises WarehouseBusyError when that takes longer than ``patience_s`` seconds, WarehouseError for what is no
    warehouse.
    """
    deadline = time.monotonic() + patience_s
    while True:
        try:
            return duckdb.connect(path, read_only=read_only)
        except (duckdb.Error, OSError) as error:
            if "Could not set lock" not in str(error):
                raise WarehouseError(f"the warehouse {path} cannot be opened: {error}") from None
            if time.monotonic() >= deadline:
                raise WarehouseBusyError(_busy(path, str(error), patience_s)) from None
        time.sleep(_PAUSE_SECONDS)


def _busy(path: Path, error: str, patience_s: float) -> str:
    found = _HOLDER.search(error)
    holder = f"process {found['pid']} ({found['program']})" if found else "another process"
    so_long = f"stayed open in {holder} for {patience_s:.0f} s" if patience_s else f"is open in {holder}"
    return (
        f"the warehouse {path} {so_long}, and only one process may write to it: "
        "close that one, or let it finish, and try again"
    )


class DuckDbWarehouse:
    """A DuckDB file, made when it is not there. The catalog has the name of the file."""

    def __init__(self, path: Path, *, read_only: bool = False, patience_s: float = PATIENCE_SECONDS) -> None:
        """Opens the file as ``connect`` does."""
        if not read_only:
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise WarehouseError(f"the warehouse {path} cannot be opened: {error}") from None
        self._connection = connect(path, read_only=read_only, patience_s=patience_s)
        # Here, and nowhere else, points in time become UTC: Parquet's are instants, the tables' have no zone, and
        # DuckDB converts between the two in the zone of the session, which is the machine's unless one says so.
        self._connection.execute("set TimeZone = 'UTC'")
        ((self._catalog,),) = self._connection.execute("select current_database()").fetchall()

    @property
    def catalog(self) -> str:
        """The name of the file without its ending."""
        return str(self._catalog)

    def execute(self, statement: str, parameters: Mapping[str, Value]) -> Sequence[Row]:
        """The rows; ``$name`` in the statement stands for a parameter, and every parameter is used."""
        try:
            return self._connection.execute(statement, dict(parameters)).fetchall()
        except duckdb.Error as error:
            raise WarehouseError(f"{error}\nThe statement was:\n{statement}") from error

    def schema(self, query: str) -> pa.Schema:
        """The columns as Arrow has them; a JSON column is text."""
        try:
            table: pa.Table = self._connection.sql(query).limit(0).to_arrow_table()
            return table.schema
        except duckdb.Error as error:
            raise WarehouseError(f"{error}\nThe query was:\n{query}") from error

    def quoted(self, name: str) -> str:
        """The name in double quotes."""
        return f'"{name.replace(chr(34), chr(34) * 2)}"'

    def type_name(self, kind: pa.DataType) -> str:
        """DuckDB's name of an Arrow type. Raises KeyError for one the lake does not write."""
        if pa.types.is_struct(kind):
            fields = (kind.field(place) for place in range(kind.num_fields))
            return f"struct({', '.join(f'{self.quoted(field.name)} {self.type_name(field.type)}' for field in fields)})"
        if pa.types.is_list(kind):
            return f"{self.type_name(kind.value_type)}[]"
        if pa.types.is_timestamp(kind):
            return "timestamp"
        if pa.types.is_decimal(kind):
            return f"decimal({kind.precision}, {kind.scale})"
        return _TYPES[pa.string() if kind == pa.json_() else kind]

    def source(self, uris: Sequence[str]) -> str:
        """A list of paths; what DuckDB would read as a pattern in one is taken literally."""
        paths = (_GLOB.sub(r"[\g<0>]", unquote(urlsplit(uri).path)) for uri in uris)
        return f"[{', '.join(_text(path) for path in paths)}]"

    def attach(self, path: Path, name: str) -> None:
        """Makes another DuckDB file readable as the catalog ``name``. Raises WarehouseError."""
        self.execute(f"attach {_text(str(path))} as {self.quoted(name)} (read_only)", {})

    def close(self) -> None:
        """Gives the file free."""
        self._connection.close()

    def __enter__(self) -> Self:
        """The warehouse itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Closes it."""
        self.close()


def _text(value: str) -> str:
    return f"'{value.replace(chr(39), chr(39) * 2)}'"
