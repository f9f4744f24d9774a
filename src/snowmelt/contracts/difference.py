"""What a new version of a schema changes: for data, for the columns of `atomic.events`, and so for its version."""

from collections.abc import Mapping
from dataclasses import dataclass

from snowmelt.iglu.compatibility import Bump, Fact, compare
from snowmelt.iglu.registry import SchemaBody
from snowmelt.lake.columns import Entity, entity_column
from snowmelt.lake.merging import Column, merged_columns
from snowmelt.lake.refusals import type_name
from snowmelt.lake.typing import Array, Struct, Type
from snowmelt.protocol.schema_key import SchemaKey

_IGNORED = frozenset({"self", "$schema"})


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field of a column, such as `items[].price`, and its type with or without "nullable"; None where it is not."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class ColumnChange:
    """A column of `atomic.events` and what becomes of its fields."""

    names: tuple[str, ...]
    """Of entities and of self-describing events, which have the same type."""
    is_new: bool
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Two versions of a schema side by side."""

    old: SchemaKey
    new: SchemaKey
    facts: tuple[Fact, ...]
    """What is different, the most demanding first."""
    columns: tuple[ColumnChange, ...]
    needed: Bump | None
    """What has to rise; None where both say the same."""

    @property
    def declared(self) -> Bump | None:
        """What does rise; None where the new version is not higher."""
        return Bump.between(self.old.version, self.new.version)

    @property
    def is_right(self) -> bool:
        """Whether the version rises by what it has to, or by more."""
        return self.needed is None or (self.declared is not None and self.declared >= self.needed)


def difference(old: tuple[SchemaKey, SchemaBody], new: tuple[SchemaKey, SchemaBody]) -> Difference:
    """The difference between two schemas without errors, of one name."""
    (old_key, before), (new_key, after) = old, new
    facts = compare(before, after)
    if not facts and _content(before) != _content(after):
        facts = [Fact("$", "says something that has no effect", Bump.ADDITION)]
    misfits = _misfits(old, after) if facts else []
    return Difference(
        old_key,
        new_key,
        (*misfits, *facts),
        _columns(old, new) if facts else (),
        max((fact.bump for fact in (*misfits, *facts)), default=None),
    )


def _misfits(old: tuple[SchemaKey, SchemaBody], after: SchemaBody) -> list[Fact]:
    """Why the new schema cannot have its data in the column of the old one, if it cannot."""
    before, shared = _column(old), _in_column_of(old, after)
    if before is None or shared is None or shared.name == before.name:
        return []
    alone = _column((old[0], after))
    fields, others = _fields(before), {} if alone is None else _fields(alone)
    facts = []
    for name in sorted(fields.keys() | others.keys()):
        held, given = _type_at(name, fields), _type_at(name, others)
        if held and given and held != given:
            said = f"makes {name or 'the whole'} {given} in the warehouse, where its column has {held}"
            facts.append(Fact("$", said, Bump.MODEL))
    return facts or [Fact("$", "has another shape in the warehouse than its column", Bump.MODEL)]


def _columns(old: tuple[SchemaKey, SchemaBody], new: tuple[SchemaKey, SchemaBody]) -> tuple[ColumnChange, ...]:
    """What `atomic.events` needs when data of the new version comes, and had before for that of the old."""
    before = _column(old)
    if new[0].version.model == old[0].version.model and new[0].version > old[0].version:
        after = merged_columns(Entity.CONTEXT, [old, new])[new[0]]
    else:
        after = _column(new)
    if after is None:
        return ()
    is_new = before is None or before.name != after.name
    had = {} if is_new or before is None else _fields(before)
    has = _fields(after)
    changes = [
        FieldChange(name, _shown(had.get(name)), _shown(has.get(name)))
        for name in sorted(had.keys() | has.keys())
        if had.get(name) != has.get(name)
    ]
    return (ColumnChange(_names(after.name, new[0]), is_new, tuple(changes)),) if is_new or changes else ()


def _column(schema: tuple[SchemaKey, SchemaBody]) -> Column | None:
    return merged_columns(Entity.CONTEXT, [schema])[schema[0]]


def _in_column_of(old: tuple[SchemaKey, SchemaBody], after: SchemaBody) -> Column | None:
    """Where the data of a schema goes if it is the next addition to the old one."""
    following = SchemaKey(old[0].vendor, old[0].name, old[0].format, Bump.ADDITION.after(old[0].version))
    return merged_columns(Entity.CONTEXT, [old, (following, after)])[following]


def _names(context: str, key: SchemaKey) -> tuple[str, ...]:
    return context, context.replace(entity_column(Entity.CONTEXT, key), entity_column(Entity.UNSTRUCT_EVENT, key))


def _fields(column: Column) -> Mapping[str, tuple[str, bool]]:
    """Path of a value -> its type and whether it may be null."""
    return _leaves("", column.type, column.nullable)


def _leaves(path: str, kind: Type, nullable: bool) -> dict[str, tuple[str, bool]]:
    match kind:
        case Struct(fields):
            inner: dict[str, tuple[str, bool]] = {}
            for field in fields:
                inner |= _leaves(f"{path}.{field.name}".lstrip("."), field.type, nullable or field.nullable)
            return inner
        case Array(element, element_nullable) if isinstance(element, Array | Struct):
            return _leaves(f"{path}[]", element, nullable or element_nullable)
        case _:
            return {path: (type_name(kind), nullable)}


def _type_at(name: str, fields: Mapping[str, tuple[str, bool]]) -> str | None:
    """The type of what is at a path, be it a part with parts of its own; None where nothing is."""
    if name in fields:
        return fields[name][0]
    inside = [path.removeprefix(name) for path in fields if path.startswith(name)]
    if any(path.startswith("[]") for path in inside):
        return "array"
    return "object" if any(not name or path.startswith(".") for path in inside) else None


def _shown(field: tuple[str, bool] | None) -> str | None:
    return None if field is None else f"{field[0]}{', nullable' if field[1] else ''}"


def _content(body: SchemaBody) -> SchemaBody:
    return {name: value for name, value in body.items() if name not in _IGNORED}
