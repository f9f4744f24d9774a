"""JSON values as Arrow arrays of a column's type, whole lists at a time; what does not fit is reported, not guessed.

A list is first handed to Arrow as it is. Only if something in it does not fit is each value tried alone.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal as Number
from itertools import accumulate, chain
from operator import itemgetter
from typing import Any, TypeAlias, TypeVar

import pyarrow as pa

from snowmelt.lake.typing import Array, Decimal, Field, Scalar, Struct, Type, arrow_fields, arrow_type
from snowmelt.protocol.json_text import Json, JsonNumber, dumps

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d(:?\d\d)?)", re.ASCII)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Misfit:
    """A value that its type does not hold; ``index`` is its place in the list that was cast."""

    index: int
    value: Json
    expected: Type


AnyArray: TypeAlias = "pa.Array[Any]"
Cast: TypeAlias = tuple[AnyArray, list[Misfit]]


def cast(values: Sequence[Json], kind: Type) -> Cast:
    """The values as an array of the type; None and misfits are null in it. Properties without a field are left out."""
    match kind:
        case Struct():
            return _cast_struct(values, kind)
        case Array():
            return _cast_array(values, kind)
        case _:
            return _cast_leaf(values, kind)


def cast_present(values: Sequence[Json], kind: Type, nullable: bool, owners: Sequence[object]) -> Cast:
    """The same, with a null among the values a misfit too, unless it may be there or its owner is itself None.

    JSON text alone can hold a null where one is not allowed.
    """
    if nullable:
        return cast(values, kind)
    if kind is Scalar.JSON:
        return pa.ExtensionArray.from_storage(pa.json_(), pa.array(map(dumps, values), pa.string())), []
    array, misfits = cast(values, kind)
    if array.null_count:
        pairs = enumerate(zip(values, owners, strict=True))
        misfits += [Misfit(index, None, kind) for index, (value, owner) in pairs if value is None and owner is not None]
    return array, misfits


def _cast_struct(values: Sequence[Json], kind: Struct) -> Cast:
    objects, misfits = _only(dict, values, kind)
    absent = pa.array([thing is None for thing in objects], pa.bool_())
    arrays = _text_fields(objects, kind)
    for field in kind.fields:
        if field.name not in arrays:
            inner = _members(objects, field)
            arrays[field.name], found = cast_present(inner, field.type, field.nullable, objects)
            misfits += found
    children = [arrays[field.name] for field in kind.fields]
    return pa.StructArray.from_arrays(children, fields=arrow_fields(kind), mask=absent), misfits


def _text_fields(objects: Sequence[dict[str, Json] | None], kind: Struct) -> dict[str, AnyArray]:
    """The fields that hold text, where nothing is wrong with them: Arrow picks them out of the objects by itself.

    Not so for numbers, which it would cut to integers.
    """
    fields = [field for field in kind.fields if field.type is Scalar.STRING and len(field.keys) == 1]
    if not fields:
        return {}
    try:
        texts: Any = pa.array(objects, pa.struct([(field.keys[0], pa.string()) for field in fields]))
    except (ValueError, TypeError):
        return {}
    arrays = {field.name: texts.field(place) for place, field in enumerate(fields)}
    return {field.name: arrays[field.name] for field in fields if field.nullable or not arrays[field.name].null_count}


def _members(objects: Sequence[Any], field: Field) -> list[Json]:
    """The field of each object, None where there is no object: the first of its keys that is there and not null."""
    first, *others = field.keys
    try:
        found: list[Json] = list(map(itemgetter(first), objects))
    except (KeyError, TypeError):  # one of them has no such key, or is no object
        found = [None if thing is None else thing.get(first) for thing in objects]
    for key in others:
        pairs = zip(found, objects, strict=True)
        found = [thing.get(key) if value is None and thing is not None else value for value, thing in pairs]
    return found


def _cast_array(values: Sequence[Json], kind: Array) -> Cast:
    lists, misfits = _only(list, values, kind)
    ends = list(accumulate((len(inner) if inner else 0 for inner in lists), initial=0))
    flat: list[Json] = list(chain.from_iterable(inner for inner in lists if inner))
    elements, found = cast_present(flat, kind.element, kind.nullable, [True] * len(flat))
    misfits += [Misfit(bisect_right(ends, misfit.index) - 1, misfit.value, misfit.expected) for misfit in found]
    absent = pa.array([inner is None for inner in lists], pa.bool_())
    offsets = pa.array(ends, pa.int32())
    return pa.ListArray.from_arrays(offsets, elements, type=arrow_type(kind), mask=absent), misfits


def _only(container: type[T], values: Sequence[Json], kind: Type) -> tuple[list[T | None], list[Misfit]]:
    """The values of one Python type, anything else taken out and reported."""
    found = [value if isinstance(value, container) else None for value in values]
    if found.count(None) == values.count(None):
        return found, []
    pairs = enumerate(zip(values, found, strict=True))
    return found, [Misfit(index, value, kind) for index, (value, kept) in pairs if kept is None and value is not None]


@dataclass(frozen=True, slots=True)
class _Leaf:
    """Which Python types may fill a leaf, and how Arrow takes a value; ValueError from there means it does not fit."""

    types: frozenset[type]
    convert: Callable[[Any], object] | None = None


def _date(value: Json) -> date:
    text = str(value)
    if not _DATE.fullmatch(text):
        raise ValueError("not a date of RFC 3339")
    return date.fromisoformat(text)


def _timestamp(value: Json) -> datetime:
    text = str(value)
    if not _TIMESTAMP.fullmatch(text):
        raise ValueError("not a date-time of RFC 3339")
    return datetime.fromisoformat(text.upper())


_TEXT, _WHOLE, _NUMBER = frozenset({str}), frozenset({int}), frozenset({int, float, Number, JsonNumber})
_LEAVES: Mapping[Scalar, _Leaf] = {
    Scalar.STRING: _Leaf(_TEXT),
    Scalar.BOOLEAN: _Leaf(frozenset({bool})),
    Scalar.INTEGER: _Leaf(_WHOLE),
    Scalar.LONG: _Leaf(_WHOLE),
    Scalar.DOUBLE: _Leaf(_NUMBER, float),
    Scalar.DATE: _Leaf(_TEXT, _date),
    Scalar.TIMESTAMP: _Leaf(_TEXT, _timestamp),
    Scalar.JSON: _Leaf(_TEXT | _WHOLE | _NUMBER | {bool, dict, list}, dumps),
}
_DECIMAL = _Leaf(frozenset({int, Number, JsonNumber}))


def _cast_leaf(values: Sequence[Json], kind: Scalar | Decimal) -> Cast:
    leaf = _LEAVES[kind] if isinstance(kind, Scalar) else _DECIMAL
    if set(map(type, values)) <= leaf.types | {type(None)}:
        try:
            return _leaf_array(values, kind, leaf), []
        except (ValueError, OverflowError, TypeError):
            pass  # one of them does not fit: which, is found below
    misfits: list[Misfit] = []
    kept: list[Json] = []
    for index, value in enumerate(values):
        try:
            if type(value) not in leaf.types and value is not None:
                raise TypeError
            _leaf_array([value], kind, leaf)
            kept.append(value)
        except (ValueError, OverflowError, TypeError):
            misfits.append(Misfit(index, value, kind))
            kept.append(None)
    return _leaf_array(kept, kind, leaf), misfits


def _leaf_array(values: Sequence[Json], kind: Scalar | Decimal, leaf: _Leaf) -> AnyArray:
    convert = leaf.convert
    converted: Sequence[Any] = values
    if convert is not None:
        converted = [None if value is None else convert(value) for value in values]
    if kind is Scalar.JSON:
        return pa.ExtensionArray.from_storage(pa.json_(), pa.array(converted, pa.string()))
    return pa.array(converted, arrow_type(kind))
