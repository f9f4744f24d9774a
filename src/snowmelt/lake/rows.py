"""Enriched events as one Arrow table; an event that no table can hold becomes a bad row and is counted as one.

Everything is read from the texts of the event, so an event of any Snowplow enrich can be laked.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from snowmelt.iglu.resolver import Resolver
from snowmelt.lake.casting import AnyArray
from snowmelt.lake.columns import Entity
from snowmelt.lake.entities import Entities, Failure
from snowmelt.protocol.atomic import COLUMNS, INDEX, WAREHOUSE_COLUMNS, Column, Kind
from snowmelt.protocol.bad_rows import InvalidValue
from snowmelt.protocol.enriched import EnrichedEvent
from snowmelt.protocol.json_text import Json, loads
from snowmelt.protocol.schema_key import SchemaKey

MOMENT = pa.timestamp("us", "UTC")
"""How the lake holds a point in time."""

ATOMIC_TYPES: Mapping[Kind, Any] = {
    Kind.STRING: pa.string(),
    Kind.INTEGER: pa.int32(),
    Kind.DOUBLE: pa.float64(),
    Kind.DECIMAL: pa.decimal128(18, 2),
    Kind.BOOLEAN: pa.bool_(),
    Kind.TIMESTAMP: MOMENT,
}
"""The column type of each kind of atomic column."""

ATOMIC_SCHEMA = pa.schema(
    [pa.field(column.name, ATOMIC_TYPES[column.kind], nullable=not column.required) for column in WAREHOUSE_COLUMNS]
)
"""The 128 atomic columns."""

_UUID = "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$"
_WIDE_DECIMAL = pa.decimal128(38, 18)
_JSON = {"contexts": Entity.CONTEXT, "derived_contexts": Entity.CONTEXT, "unstruct_event": Entity.UNSTRUCT_EVENT}

Refusal: TypeAlias = InvalidValue | Failure
"""One reason why an event is not in the table: a text that its column cannot hold, or an entity without a column."""


@dataclass(frozen=True, slots=True)
class Rows:
    """What became of a list of events: a table of those that fit, and the others with every reason found."""

    table: pa.Table
    types: Sequence[tuple[SchemaKey, Entity]]
    refused: Mapping[int, Sequence[Refusal]]
    """Place in the list of events -> reasons."""


def rows(events: Sequence[EnrichedEvent], resolver: Resolver) -> Rows:
    """The events as a table of 128 atomic columns and, after them, the columns of their entities.

    Raises RegistryFailure where a registry cannot tell what a column needs.
    """
    refused: dict[int, Sequence[Refusal]] = {}
    places = list(range(len(events)))
    while True:
        atomic, failures = _atomic_columns(events)
        entities, unread = _entities(events)
        columns, uncast = entities.columns(len(events), resolver)
        reasons: defaultdict[int, list[Refusal]] = defaultdict(list)
        for row, reason in [*failures, *unread, *uncast]:
            reasons[row].append(reason)
        if not reasons:
            fields = [*ATOMIC_SCHEMA, *(pa.field(name, array.type) for name, array in columns.items())]
            table = pa.Table.from_arrays([*atomic, *columns.values()], schema=pa.schema(fields))
            return Rows(table, entities.types, refused)
        # What an event without a place brought along must not shape the columns of the others: once more without it.
        refused |= {places[row]: found for row, found in reasons.items()}
        kept = [row for row in range(len(events)) if row not in reasons]
        events, places = [events[row] for row in kept], [places[row] for row in kept]


def _atomic_columns(events: Sequence[EnrichedEvent]) -> tuple[list[AnyArray], list[tuple[int, Refusal]]]:
    arrays, failures = [], []
    texts = list(zip(*(event.fields for event in events), strict=True)) or [()] * len(COLUMNS)
    for column in WAREHOUSE_COLUMNS:
        array, found = _atomic_column(column, texts[INDEX[column.name]])
        arrays.append(array)
        failures += found
    return arrays, failures


def _atomic_column(column: Column, texts: Sequence[str | None]) -> tuple[AnyArray, list[tuple[int, Refusal]]]:
    kind = ATOMIC_TYPES[column.kind]
    failures: list[tuple[int, Refusal]] = []
    if not column.required and texts.count(None) == len(texts):
        return pa.nulls(len(texts), kind), failures
    try:
        array = _parsed(column.kind, texts)
    except ValueError:  # one of them does not fit: which, is found by trying each alone
        kept: list[str | None] = []
        for row, text in enumerate(texts):
            try:
                _parsed(column.kind, [text])
                kept.append(text)
            except ValueError:
                failures.append((row, InvalidValue(column.name, text or "", f"not a value of type {kind}")))
                kept.append(None)
        array = _parsed(column.kind, kept)
    if column.required and array.null_count:
        missing = (row for row, text in enumerate(texts) if text is None)
        failures += [(row, InvalidValue(column.name, "", "a value is required")) for row in missing]
    if column.name == "event_id":
        right = pc.match_substring_regex(array, _UUID).to_pylist()
        failures += [
            (row, InvalidValue(column.name, text, "not a UUID"))
            for row, (text, fits) in enumerate(zip(texts, right, strict=True))
            if text and fits is False
        ]
    return array, failures


def _parsed(kind: Kind, texts: Sequence[str | None]) -> AnyArray:
    """The column of these texts. Raises ValueError if one is no value of the kind."""
    array = pa.array(texts, pa.string())
    match kind:
        case Kind.STRING:
            return array
        case Kind.TIMESTAMP:
            return array.cast(pa.timestamp("us")).cast(MOMENT)
        case Kind.BOOLEAN:
            if not pc.all(pc.is_in(array, pa.array(["0", "1", None]))).as_py():
                raise ValueError("neither 0 nor 1")
            return pc.equal(array, pa.scalar("1"))
        case Kind.DECIMAL:
            exact = array.cast(_WIDE_DECIMAL)
            return pc.round(exact, 2, round_mode="half_towards_infinity").cast(ATOMIC_TYPES[kind])
        case _:
            return array.cast(ATOMIC_TYPES[kind])


def _entities(events: Sequence[EnrichedEvent]) -> tuple[Entities, list[tuple[int, Refusal]]]:
    entities = Entities()
    failures: list[tuple[int, Refusal]] = []
    for name, entity in _JSON.items():
        place = INDEX[name]
        for row, event in enumerate(events):
            text = event.fields[place]
            if text is not None:
                try:
                    _add(entities, entity, row, loads(text))
                except ValueError as error:
                    failures.append((row, InvalidValue(name, text, str(error))))
    return entities, failures


def _add(entities: Entities, entity: Entity, row: int, wrapper: Json) -> None:
    if not isinstance(wrapper, dict) or "data" not in wrapper:
        raise ValueError("not a self-describing JSON")
    inner = wrapper["data"]
    if entity is Entity.UNSTRUCT_EVENT:
        entities.add(entity, row, inner)
    elif isinstance(inner, list):
        for context in inner:
            entities.add(entity, row, context)
    else:
        raise ValueError("data is not a list of contexts")
