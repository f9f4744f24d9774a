"""What the loader needs of a warehouse."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeAlias

import pyarrow as pa

from snowmelt.loader.errors import LoaderError

Value: TypeAlias = "str | int | bool | datetime | None"
"""What a parameter may be; datetimes are aware."""

Row: TypeAlias = tuple[Value, ...]


class WarehouseError(LoaderError):
    """The warehouse cannot be used or refuses a statement; the message says what to do or names the statement."""


class Warehouse(Protocol):
    """One engine: runs statements, each wholly or not at all, and knows how its own language spells things."""

    @property
    def catalog(self) -> str:
        """The catalog's name."""
        ...

    def execute(self, statement: str, parameters: Mapping[str, Value]) -> Sequence[Row]:
        """The rows of a statement. Points in time come back as UTC without a zone. Raises WarehouseError."""
        ...

    def schema(self, query: str) -> pa.Schema:
        """The columns a query gives. Raises WarehouseError."""
        ...

    def quoted(self, name: str) -> str:
        """A name as an identifier."""
        ...

    def type_name(self, kind: pa.DataType) -> str:
        """The type of a column that holds such values. Points in time are kept in UTC without a zone."""
        ...

    def source(self, uris: Sequence[str]) -> str:
        """These Parquet files, at least one, as statements name what they read from."""
        ...
