"""A JSON Schema without alternatives, so that a column can be derived from it.

``oneOf``, ``anyOf`` and tuples of items say which shapes are allowed; a column must hold them all. The rules are those
of Snowplow's schema-ddl: an alternative is narrowed by what surrounds it, then all alternatives are widened into one.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from typing import Any

Schema = Mapping[str, Any]

_ALTERNATIVES = ("oneOf", "anyOf")


def without_alternatives(schema: Schema) -> Schema:
    """The same schema with its alternatives merged, at every depth."""
    plain = {name: value for name, value in schema.items() if name not in _ALTERNATIVES}
    if "properties" in plain:
        plain["properties"] = {key: without_alternatives(inner) for key, inner in plain["properties"].items()}
    if isinstance(items := plain.get("items"), Mapping):
        plain["items"] = without_alternatives(items)
    elif items:
        rest = plain.pop("additionalItems", None)
        choices = [*items, rest] if isinstance(rest, Mapping) else items
        plain["items"] = reduce(_widened, map(without_alternatives, choices))
    if "object" in (_types(schema) or ()) and _has_properties(schema):
        plain["additionalProperties"] = False
    choices = [_narrowed(plain, without_alternatives(choice)) for choice in _alternatives(schema)]
    return reduce(_widened, choices) if choices else plain


def _alternatives(schema: Schema) -> Iterator[Schema]:
    for name in _ALTERNATIVES:
        yield from schema.get(name, ())


def _has_properties(schema: Schema) -> bool:
    return bool(schema.get("properties")) or any(map(_has_properties, _alternatives(schema)))


def _types(schema: Schema) -> set[str] | None:
    declared = schema.get("type")
    return {declared} if isinstance(declared, str) else None if declared is None else set(declared)


def _narrowed(outer: Schema, inner: Schema) -> Schema:
    """What satisfies both."""
    both = {**inner, **outer}
    types = [found for found in (_types(outer), _types(inner)) if found is not None]
    if types:
        both["type"] = sorted(set.intersection(*types))
    if "properties" in outer and "properties" in inner:
        mine, theirs = outer["properties"], inner["properties"]
        shared = {key: _narrowed(mine[key], theirs[key]) for key in mine if key in theirs}
        both["properties"] = {**theirs, **mine, **shared}
    if isinstance(outer.get("items"), Mapping) and isinstance(inner.get("items"), Mapping):
        both["items"] = _narrowed(outer["items"], inner["items"])
    if "required" in outer or "required" in inner:
        both["required"] = sorted({*outer.get("required", ()), *inner.get("required", ())})
    if "enum" in outer and "enum" in inner:
        both["enum"] = [value for value in outer["enum"] if value in inner["enum"]]
    for bound, tightest in (("minimum", max), ("maximum", min), ("multipleOf", min)):
        if bound in outer and bound in inner:
            both[bound] = tightest(outer[bound], inner[bound])
    return both


def _widened(one: Schema, other: Schema) -> Schema:
    """What satisfies either: a keyword only one of them has falls away, unless it is about types the other lacks."""
    either: dict[str, Any] = {}
    types = (_types(one), _types(other))
    if types[0] is not None and types[1] is not None:
        either["type"] = sorted(types[0] | types[1])
    if "enum" in one and "enum" in other:
        either["enum"] = one["enum"] + [value for value in other["enum"] if value not in one["enum"]]
    number, text, array, thing = {"integer", "number"}, {"string"}, {"array"}, {"object"}
    for keyword, about, merge in (
        ("minimum", number, min),
        ("maximum", number, max),
        ("multipleOf", number, _same),
        ("format", text, _same),
        ("items", array, _widened),
        ("required", thing, lambda a, b: sorted(set(a) & set(b))),
        ("additionalProperties", thing, lambda a, b: a if a == b else True),
    ):
        permitted = [schema for schema in (one, other) if _permits(schema, about)]
        values = [schema[keyword] for schema in permitted if keyword in schema]
        if len(values) == len(permitted) > 0 and (merged := reduce(merge, values)) is not None:
            either[keyword] = merged
    if properties := _widened_properties([schema for schema in (one, other) if _permits(schema, thing)]):
        either["properties"] = properties
    return either


def _widened_properties(objects: Sequence[Schema]) -> dict[str, Schema]:
    """The properties of either; one that the other does not name may hold what the other allows beside its own."""
    properties: dict[str, Schema] = {}
    for key in dict.fromkeys(key for schema in objects for key in schema.get("properties", ())):
        found = [
            schema["properties"][key] if key in schema.get("properties", ()) else _beside(schema) for schema in objects
        ]
        properties[key] = reduce(_widened, [schema for schema in found if schema is not None])
    return properties


def _beside(schema: Schema) -> Schema | None:
    """What properties without a name may be: None where there may be no such."""
    allowed = schema.get("additionalProperties", True)
    return allowed if isinstance(allowed, Mapping) else {} if allowed else None


def _permits(schema: Schema, types: set[str]) -> bool:
    return (found := _types(schema)) is None or bool(found & types)


def _same(one: Any, other: Any) -> Any:  # noqa: ANN401 - the value of any keyword
    return one if one == other else None
