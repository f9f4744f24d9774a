"""DuckDB as a warehouse: one file, one writer process."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

import duckdb
import pyarrow as pa

from snowmelt.loader.warehouse import Row, Value, WarehouseError

_GLOB = re.compile(r"[*?\[]")
_TYPES: Mapping[pa.DataType, str] = {
    pa.string(): "varchar",
    pa.bool_(): "boolean",
    pa.int32(): "integer",
    pa.int64(): "bigint",
    pa.float64(): "double",
    pa.date32(): "date",
}


class DuckDbWarehouse:
    """A DuckDB file, made when it is not there. The catalog has the name of the file."""

    def __init__(self, path: Path) -> None:
        """Opens the file. Raises WarehouseError when another process has it."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = duckdb.connect(path)
        except (duckdb.Error, OSError) as error:
            if "Could not set lock" not in str(error):
                raise WarehouseError(f"the warehouse {path} cannot be opened: {error}") from None
            raise WarehouseError(
                f"the warehouse {path} is open in another process, and only one may write to it: "
                "close that one, or let it finish, and try again"
            ) from None
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
