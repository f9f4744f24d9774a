"""One column for all versions of a schema model."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from snowmelt.lake.columns import Entity, entity_column, recovered_column
from snowmelt.lake.typing import Array, Field, Schema, Struct, Type, column_type, normalised
from snowmelt.protocol.schema_key import SchemaKey


@dataclass(frozen=True, slots=True)
class Column:
    """A column for entities: its name, the normalised type of one entity, and whether an entity may be null."""

    name: str
    type: Type
    nullable: bool


def merged_columns(entity: Entity, schemas: Sequence[tuple[SchemaKey, Schema]]) -> Mapping[SchemaKey, Column | None]:
    """The column of each version of one model, given in SchemaVer order with the lowest as the base.

    A version that cannot share the column gets one of its own. None stands for a schema that allows no value to keep.
    """
    base: tuple[Type, bool] | None = None
    merged: list[SchemaKey] = []
    columns: dict[SchemaKey, Column | None] = {}
    for key, schema in schemas:
        suggestion = column_type(schema)
        if suggestion is None:
            columns[key] = None
        elif base is None or (joined := _merge(base, suggestion)):
            base = suggestion if base is None else joined
            merged.append(key)
        else:
            name = recovered_column(entity_column(entity, key), key, _fingerprint(schema))
            columns[key] = Column(name, normalised(suggestion[0]), suggestion[1])
    if base is not None:
        shared = Column(entity_column(entity, merged[0]), normalised(base[0]), base[1])
        columns.update(dict.fromkeys(merged, shared))
    return columns


def _merge(one: tuple[Type, bool], other: tuple[Type, bool]) -> tuple[Type, bool] | None:
    merged = _merge_types(one[0], other[0])
    return None if merged is None else (merged, one[1] or other[1])


def _merge_types(one: Type, other: Type) -> Type | None:
    """The type that holds values of both, or None: nothing is widened, since a stored column cannot be."""
    match one, other:
        case Struct(left), Struct(right):
            return _merge_fields(left, right)
        case Array(left_element, left_nullable), Array(right_element, right_nullable):
            element = _merge_types(left_element, right_element)
            return None if element is None else Array(element, left_nullable or right_nullable)
        case _:
            return one if one == other else None


def _merge_fields(left: Sequence[Field], right: Sequence[Field]) -> Type | None:
    others = {field.name: field for field in right}
    fields = []
    for field in left:
        other = others.pop(field.name, None)
        kind = _merge_types(field.type, other.type) if other else field.type
        if kind is None:
            return None
        fields.append(Field(field.name, kind, other is None or field.nullable or other.nullable, field.keys))
    fields.extend(Field(field.name, field.type, nullable=True, keys=field.keys) for field in others.values())
    return Struct(tuple(fields))


def _fingerprint(schema: Schema) -> str:
    return hashlib.sha256(json.dumps(schema, sort_keys=True).encode()).hexdigest()[:8]
