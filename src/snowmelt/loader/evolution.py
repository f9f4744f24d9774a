"""How a table's columns must grow to take a run folder: columns and fields are added, never dropped or narrowed."""

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

from snowmelt.loader.errors import LoaderError

ELEMENT = "element"
"""The step from a list to what it holds, as DuckDB and Spark spell it in the path of a field."""


class ColumnConflictError(LoaderError):
    """A folder has another type for a column than the table; the message names both."""


@dataclass(frozen=True, slots=True)
class Addition:
    """A column, or a field at the end of a path of columns, structs and lists, that the table lacks."""

    path: tuple[str, ...]
    type: pa.DataType


def additions(have: pa.Schema, want: pa.Schema) -> list[Addition]:
    """What ``have`` lacks of ``want``, in the order of ``want``. Raises ColumnConflictError."""
    return list(_added((), pa.struct(list(have)), pa.struct(list(want))))


def _added(path: tuple[str, ...], have: pa.DataType, want: pa.DataType) -> Iterator[Addition]:
    if pa.types.is_struct(have) and pa.types.is_struct(want):
        for place in range(want.num_fields):
            field = want.field(place)
            inner = (*path, field.name)
            known = have.get_field_index(field.name)
            if known < 0:
                yield Addition(inner, field.type)
            else:
                yield from _added(inner, have.field(known).type, field.type)
    elif pa.types.is_list(have) and pa.types.is_list(want):
        yield from _added((*path, ELEMENT), have.value_type, want.value_type)
    elif not _holds(have, want):
        raise ColumnConflictError(
            f"{'.'.join(path)} is {have} in the table and {want} in the run folder: a schema was changed in place. "
            "Publish the change as a new version of the schema, and put the version the table was made from back"
        )


def _holds(have: pa.DataType, want: pa.DataType) -> bool:
    """Whether a column takes every value of another type as it is."""
    if pa.types.is_timestamp(have) and pa.types.is_timestamp(want):
        return bool(have.unit == want.unit)  # in the table in UTC without a zone
    if have == pa.int64() and want == pa.int32():
        return True
    return bool(have == (pa.string() if want == pa.json_() else want))
