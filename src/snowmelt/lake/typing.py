"""The column type of a JSON Schema, by the rules of Snowplow's schema-ddl for Parquet.

The first suggestion that fits wins; what none fits is kept as JSON text, so that no value is without a column.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal as Number
from enum import Enum
from typing import Any

import pyarrow as pa

from snowmelt.lake.alternatives import without_alternatives
from snowmelt.lake.columns import field_name

Schema = Mapping[str, Any]


class Scalar(Enum):
    """A type without parts."""

    STRING = "string"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    LONG = "long"
    DOUBLE = "double"
    DATE = "date"
    TIMESTAMP = "timestamp"
    JSON = "json"
    """Any JSON value, kept as its text."""


@dataclass(frozen=True, slots=True)
class Decimal:
    """An exact number; ``precision`` is 9, 18 or 38 digits, the widths Parquet stores."""

    precision: int
    scale: int


@dataclass(frozen=True, slots=True)
class Array:
    """A list; ``nullable`` says whether an element may be null."""

    element: "Type"
    nullable: bool


@dataclass(frozen=True, slots=True)
class Field:
    """One property of an object; ``keys`` are the property names in the JSON that fill it."""

    name: str
    type: "Type"
    nullable: bool
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Struct:
    """An object with known properties."""

    fields: tuple[Field, ...]


Type = Scalar | Decimal | Array | Struct
Suggestion = tuple[Type, bool]
"""A type, and whether the schema allows an explicit null."""

_INT32 = (-(2**31), 2**31 - 1)
_INT64 = (-(2**63), 2**63 - 1)


def column_type(schema: Schema) -> Suggestion | None:
    """The type of a whole schema, its fields sorted by property name; None when it allows no value worth a column."""
    return _type(without_alternatives(schema))


def _type(schema: Schema) -> Suggestion | None:
    types = _types(schema)
    nullable = "null" in types
    match types - {"null"}:
        case only if only == {"object"}:
            inner: Type | None = _object(schema)
        case only if only == {"array"}:
            inner = _array(schema)
        case _:
            return next(
                (found for suggest in SUGGESTIONS if (found := suggest(schema))), (Scalar.JSON, nullable or not types)
            )
    return None if inner is None else (inner, nullable)


def _object(schema: Schema) -> Type | None:
    required = frozenset(schema.get("required", ()))
    fields = []
    for key, inner in sorted(schema.get("properties", {}).items()):
        if suggestion := _type(inner):
            kind, explicit_null = suggestion
            fields.append(Field(key, kind, explicit_null or key not in required, (key,)))
    if fields:
        return Struct(tuple(fields))
    return None if schema.get("additionalProperties") is False else Scalar.JSON


def _array(schema: Schema) -> Type | None:
    items = schema.get("items")
    if not isinstance(items, Mapping):
        return Array(Scalar.JSON, nullable=True)
    suggestion = _type(items)
    return None if suggestion is None else Array(*suggestion)


def suggest_timestamp(schema: Schema) -> Suggestion | None:
    """A date or a point in time, for a string with such a format."""
    kind = {"date": Scalar.DATE, "date-time": Scalar.TIMESTAMP}.get(schema.get("format", ""))
    return None if kind is None else _only(schema, {"string"}, kind)


def suggest_boolean(schema: Schema) -> Suggestion | None:
    """True or false."""
    return _only(schema, {"boolean"}, Scalar.BOOLEAN)


def suggest_string(schema: Schema) -> Suggestion | None:
    """Text."""
    return _only(schema, {"string"}, Scalar.STRING)


def suggest_number(schema: Schema) -> Suggestion | None:
    """The narrowest number that holds every value between the schema's bounds."""
    types = _types(schema) - {"null"}
    if types == {"integer"}:
        return _integer(schema), "null" in _types(schema)
    if not types or not types <= {"integer", "number"}:
        return None
    if "multipleOf" not in schema:
        kind: Type = Scalar.DOUBLE
    elif (step := _number(schema["multipleOf"])) == step.to_integral_value():
        kind = _integer(schema)
    else:
        kind = _stepped(schema, _scale(step))
    return kind, "null" in _types(schema)


def suggest_enum(schema: Schema) -> Suggestion | None:
    """The type of an enumeration without a type of its own."""
    if "enum" not in schema:
        return None
    values = [value for value in schema["enum"] if value is not None]
    nullable = len(values) < len(schema["enum"])
    if all(_is_number(value) for value in values):
        return _enumerated([_number(value) for value in values]), nullable
    return (Scalar.STRING if all(isinstance(value, str) for value in values) else Scalar.JSON), nullable


SUGGESTIONS: tuple[Callable[[Schema], Suggestion | None], ...] = (
    suggest_timestamp,
    suggest_boolean,
    suggest_string,
    suggest_number,
    suggest_enum,
)


def normalised(kind: Type) -> Type:
    """The type with column names for property names, sorted; properties whose names collide share one field."""
    match kind:
        case Array(element, nullable):
            return Array(normalised(element), nullable)
        case Struct(fields):
            named: dict[str, Field] = {}
            for field in sorted(fields, key=lambda field: field.keys):
                name = field_name(field.name)
                first = named.get(name)
                named[name] = (
                    Field(name, normalised(field.type), field.nullable, field.keys)
                    if first is None
                    else Field(name, first.type, first.nullable, first.keys + field.keys)
                )
            return Struct(tuple(named[name] for name in sorted(named)))
        case _:
            return kind


def arrow_type(kind: Type) -> pa.DataType:
    """How Arrow and Parquet hold the type."""
    match kind:
        case Struct():
            return pa.struct(arrow_fields(kind))
        case Array(element, nullable):
            return pa.list_(pa.field("element", arrow_type(element), nullable))
        case Decimal(precision, scale):
            return pa.decimal128(precision, scale)
        case _:
            return _ARROW[kind]


def arrow_fields(kind: Struct) -> "list[pa.Field[Any]]":
    """How they hold the fields of an object.

    A field that a schema requires is checked when values are cast, not here: where a whole object is absent its fields
    are null too, which the Parquet writer would refuse in a required one.
    """
    return [pa.field(field.name, arrow_type(field.type)) for field in kind.fields]


_ARROW: Mapping[Scalar, pa.DataType] = {
    Scalar.STRING: pa.string(),
    Scalar.BOOLEAN: pa.bool_(),
    Scalar.INTEGER: pa.int32(),
    Scalar.LONG: pa.int64(),
    Scalar.DOUBLE: pa.float64(),
    Scalar.DATE: pa.date32(),
    Scalar.TIMESTAMP: pa.timestamp("us", "UTC"),
    Scalar.JSON: pa.json_(),
}


def _types(schema: Schema) -> frozenset[str]:
    declared = schema.get("type", ())
    return frozenset((declared,) if isinstance(declared, str) else declared)


def _only(schema: Schema, wanted: Iterable[str], kind: Type) -> Suggestion | None:
    types = _types(schema)
    return (kind, "null" in types) if types - {"null"} == set(wanted) else None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number(value: Any) -> Number:  # noqa: ANN401 - a JSON number
    """The exact decimal a JSON number was written as; 10.0 counts as 10."""
    exact = Number(str(value))
    return exact.quantize(Number(1)) if exact == exact.to_integral_value() and abs(exact) < 10**27 else exact


def _scale(number: Number) -> int:
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _whole_digits(number: Number) -> int:
    """Digits before the decimal point; zero has one."""
    return max(1, number.adjusted() + 1)


def _decimal(digits: int, scale: int) -> Type:
    return next((Decimal(precision, scale) for precision in (9, 18, 38) if digits <= precision), Scalar.DOUBLE)


def _bounds(schema: Schema) -> tuple[Number, Number] | None:
    if "minimum" in schema and "maximum" in schema:
        return _number(schema["minimum"]), _number(schema["maximum"])
    return None


def _integer(schema: Schema) -> Type:
    bounds = _bounds(schema)
    if bounds is None or _within(bounds, _INT64):
        return Scalar.INTEGER if bounds and _within(bounds, _INT32) else Scalar.LONG
    return _decimal(max(map(_whole_digits, bounds)), 0)


def _within(bounds: tuple[Number, Number], width: tuple[int, int]) -> bool:
    return width[0] <= bounds[0] and bounds[1] <= width[1]


def _stepped(schema: Schema, scale: int) -> Type:
    bounds = _bounds(schema)
    return Scalar.DOUBLE if bounds is None else _decimal(max(map(_whole_digits, bounds)) + scale, scale)


def _enumerated(values: list[Number]) -> Type:
    scale = max(map(_scale, values), default=0)
    largest = max(map(abs, values), default=Number(0))
    if scale == 0 and largest <= _INT64[1]:
        return Scalar.INTEGER if largest <= _INT32[1] else Scalar.LONG
    return _decimal(_whole_digits(largest) + scale, scale)
