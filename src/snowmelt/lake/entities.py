"""The self-describing JSONs of events, as one typed column for each schema model."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TypeAlias

import pyarrow as pa

from snowmelt.iglu.resolver import ResolutionFailure, Resolver, Schema
from snowmelt.lake.casting import AnyArray, Misfit, cast, cast_present
from snowmelt.lake.columns import Entity
from snowmelt.lake.merging import Column, merged_columns
from snowmelt.lake.typing import arrow_type
from snowmelt.protocol.json_text import Json
from snowmelt.protocol.schema_key import SchemaKey


@dataclass(frozen=True, slots=True)
class WrongValue:
    """An entity that does not fit the column of its schema."""

    key: SchemaKey
    misfit: Misfit


Failure: TypeAlias = ResolutionFailure | WrongValue


@dataclass(frozen=True, slots=True)
class Model:
    """What events carried of one schema model: its versions, and three lists side by side, rows ascending."""

    entity: Entity
    distinct: set[SchemaKey] = field(default_factory=set)
    rows: list[int] = field(default_factory=list)
    keys: list[SchemaKey] = field(default_factory=list)
    values: list[Json] = field(default_factory=list)


class Entities:
    """Entities by schema model, added event by event in the order of rows."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._models: dict[tuple[Entity, str, str, int], Model] = {}
        self._known: dict[Entity, dict[str, tuple[SchemaKey, Model]]] = {entity: {} for entity in Entity}

    def add(self, entity: Entity, row: int, value: Json) -> None:
        """Adds one self-describing JSON of an event. Raises ValueError with what it lacks to be one."""
        if not isinstance(value, dict) or "data" not in value or not isinstance(uri := value.get("schema"), str):
            raise ValueError("not a self-describing JSON")
        key, model = self._known[entity].get(uri) or self._model(entity, uri)
        model.rows.append(row)
        model.keys.append(key)
        model.values.append(value["data"])

    def _model(self, entity: Entity, uri: str) -> tuple[SchemaKey, Model]:
        key = SchemaKey.parse(uri)
        if key is None:
            raise ValueError(f"not an Iglu URI: {uri}")
        model = self._models.setdefault((entity, key.vendor, key.name, key.version.model), Model(entity))
        model.distinct.add(key)
        self._known[entity][uri] = key, model
        return key, model

    @property
    def types(self) -> list[tuple[SchemaKey, Entity]]:
        """Every schema and what it described, in a stable order."""
        return sorted((key, model.entity) for model in self._models.values() for key in model.distinct)

    def columns(self, height: int, resolver: Resolver) -> tuple[Mapping[str, AnyArray], list[tuple[int, Failure]]]:
        """The columns by name, in alphabetical order, each with one value a row; and which rows failed, and why.

        Raises RegistryFailure where no registry tells which versions a schema has.
        """
        arrays: dict[str, AnyArray] = {}
        failures: list[tuple[int, Failure]] = []
        for model in self._models.values():
            columns = model_columns(model.entity, model.distinct, resolver)
            for column, part in _by_column(model, columns):
                if isinstance(column, Column):
                    arrays[column.name], found = _array(column, part, height)
                    failures += found
                elif column is not None:
                    failures += [(row, column) for row in part.rows]
        return dict(sorted(arrays.items())), failures


def model_columns(
    entity: Entity, keys: set[SchemaKey], resolver: Resolver
) -> Mapping[SchemaKey, Column | Failure | None]:
    """The column of each version of one model; versions above the highest of ``keys`` are left out of account.

    None stands for a schema that allows no value to keep. Raises RegistryFailure.
    """
    highest = max(keys)
    schemas = []
    versions = {SchemaKey(highest.vendor, highest.name, highest.format, v) for v in resolver.versions(highest)}
    for key in sorted(versions | keys):
        if key <= highest:
            match resolver.lookup(key):
                case Schema(body=body):
                    schemas.append((key, body))
                case failure:
                    return dict.fromkeys(keys, failure)
    return merged_columns(entity, schemas)


def _by_column(
    model: Model, columns: Mapping[SchemaKey, Column | Failure | None]
) -> Iterator[tuple[Column | Failure | None, Model]]:
    """The model cut by column: versions that share no column with the others are the exception."""
    distinct = {columns[key] for key in model.distinct}
    for column in distinct:
        if len(distinct) == 1:
            yield column, model
        else:
            chosen = [place for place, key in enumerate(model.keys) if columns[key] == column]
            yield (
                column,
                Model(
                    model.entity,
                    {key for key in model.distinct if columns[key] == column},
                    [model.rows[place] for place in chosen],
                    [model.keys[place] for place in chosen],
                    [model.values[place] for place in chosen],
                ),
            )


def _array(column: Column, model: Model, height: int) -> tuple[AnyArray, list[tuple[int, Failure]]]:
    if model.entity is Entity.CONTEXT:
        array, misfits = _lists(column, model, height)
    else:
        array, misfits = _single(column, model, height)
    return array, [(model.rows[misfit.index], WrongValue(model.keys[misfit.index], misfit)) for misfit in misfits]


def _lists(column: Column, model: Model, height: int) -> tuple[AnyArray, list[Misfit]]:
    """A list of entities for each row that has any, else null."""
    elements, misfits = cast_present(model.values, column.type, column.nullable, model.rows)
    counts = [0] * height
    for row in model.rows:
        counts[row] += 1
    offsets = pa.array(accumulate(counts, initial=0), pa.int32())
    absent = pa.array([not count for count in counts], pa.bool_())
    kind = pa.list_(pa.field("element", arrow_type(column.type), column.nullable))
    return pa.ListArray.from_arrays(offsets, elements, type=kind, mask=absent), misfits


def _single(column: Column, model: Model, height: int) -> tuple[AnyArray, list[Misfit]]:
    """The one entity of each row that has it, else null."""
    array, misfits = cast(model.values, column.type)
    places: list[int | None] = [None] * height
    for place, row in enumerate(model.rows):
        places[row] = place
    return array.take(pa.array(places, pa.int32())), misfits
