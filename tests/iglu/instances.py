"""Instances made from a schema's keywords: one that has everything, and many that differ from it in one place."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

WELL_FORMED = {
    "date-time": "2026-11-23T03:22:38.962Z",
    "uri": "https://example.com/a?b#c",
    "uuid": "2e7c7a4c-7a34-4d7b-8d8a-111111111111",
}
MATCHING = ["2e7c7a4c-7a34-4d7b-8d8a-111111111111", "iglu:com.acme/a/jsonschema/1-0-0"]
TEXTS = [
    "",
    "x",
    "é",
    "2E7C7A4C-7A34-4D7B-8D8A-111111111111",
    "2e7c7a4c7a344d7b",
    "2e7c7a4c7a344d7b8",
    "iglu:com.acme/a/jsonschema/1-0",
    "iglu:com.acme/a/jsonschema/01-0-0",
    "iglu:com acme/a/jsonschema/1-0-0",
    "2026-11-23",
    "2026-11-23T03:22:38",
    "/a",
    "http://a b",
    *MATCHING,
    *WELL_FORMED.values(),
]
ANYTHING = [
    None,
    True,
    False,
    0,
    1,
    -1,
    0.5,
    1.0,
    -0.5,
    2**31,
    2**63,
    1e300,
    [],
    [0],
    [""],
    [[]],
    [{}],
    {},
    {"extra": 1},
]


@dataclass(frozen=True)
class Change:
    """One difference: the value at a path replaced, or its key removed where `value` is REMOVED."""

    path: tuple[str | int, ...]
    value: Any

    def apply(self, instance: Any) -> Any:
        """A copy with the change made; the instance itself where it has no such place."""
        return _replaced(instance, self.path, self.value)


REMOVED = object()


def variants(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """The schema with references put in and each `oneOf` replaced by one of its branches, once per branch."""
    return [_settled(schema, schema, branch) for branch in range(_branches(schema))]


def full(schema: dict[str, Any]) -> Any:
    """A valid instance with every property."""
    if "enum" in schema:
        return schema["enum"][0]
    match _type(schema):
        case "object":
            properties = {name: full(inner) for name, inner in schema.get("properties", {}).items()}
            inner = schema.get("additionalProperties")
            return properties or ({"some name": full(inner)} if isinstance(inner, dict) and inner else {})
        case "array":
            return [full(schema.get("items", {})) for _ in range(max(1, schema.get("minItems", 0)))]
        case "string" if "format" in schema:
            return WELL_FORMED[schema["format"]]
        case "string" if "pattern" in schema:
            return MATCHING["iglu" in schema["pattern"]]
        case "string":
            return "x" * max(1, schema.get("minLength", 0))
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return True
    return {}


def changes(schema: dict[str, Any], path: tuple[str | int, ...] = ()) -> Iterator[Change]:
    """Every single change: each value tried at each place, each key removed, a key added to each object."""
    yield from (Change(path, value) for value in probes(schema))
    for name, inner in schema.get("properties", {}).items():
        yield Change((*path, name), REMOVED)
        yield from changes(inner, (*path, name))
    if _type(schema) == "object":
        yield Change((*path, "unheard of"), "x")
        inner = schema.get("additionalProperties")
        if isinstance(inner, dict) and inner:
            yield from changes(inner, (*path, "some name"))
    if _type(schema) == "array":
        yield from changes(schema.get("items", {}), (*path, 0))


def probes(schema: dict[str, Any]) -> Iterator[Any]:
    """Values to try at a place: of every type, and just inside and outside of each limit."""
    yield from ANYTHING
    yield from TEXTS
    yield from schema.get("enum", [])
    for keyword, distance in product(("minimum", "maximum"), (-1, -0.5, 0, 0.5, 1)):
        if keyword in schema:
            yield schema[keyword] + distance
    for keyword, distance in product(("minLength", "maxLength"), (-1, 0, 1)):
        if keyword in schema:
            yield "x" * (schema[keyword] + distance)
            yield "😀" * (schema[keyword] + distance)
            yield WELL_FORMED["uri"].ljust(schema[keyword] + distance, "x")
    for keyword, distance in product(("minItems", "maxItems"), (-1, 0, 1)):
        if keyword in schema:
            yield [full(schema.get("items", {}))] * (schema[keyword] + distance)


def _replaced(node: Any, path: tuple[str | int, ...], value: Any) -> Any:
    if not path:
        return value
    step, *rest = path
    if isinstance(node, dict) and isinstance(step, str):
        inside = node.get(step, REMOVED)
    elif isinstance(node, list) and isinstance(step, int) and step < len(node):
        inside = node[step]
    else:
        return node
    if rest and inside is REMOVED:
        return node
    changed = copy.copy(node)
    changed[step] = _replaced(inside, tuple(rest), value)
    if changed[step] is REMOVED:
        del changed[step]
    return changed


def _type(schema: dict[str, Any]) -> str:
    kind = schema.get("type", "object" if "properties" in schema else "anything")
    return next(name for name in kind if name != "null") if isinstance(kind, list) else kind


def _branches(node: Any) -> int:
    if isinstance(node, dict):
        return max([len(node.get("oneOf", [])), 1, *map(_branches, node.values())])
    return max([1, *map(_branches, node)]) if isinstance(node, list) else 1


def _settled(node: Any, root: dict[str, Any], branch: int) -> Any:
    if isinstance(node, list):
        return [_settled(item, root, branch) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        _, *steps = node["$ref"].split("/")
        found: Any = root
        for step in steps:
            found = found[step]
        return _settled(found, root, branch)
    settled = {
        name: _settled(value, root, branch) for name, value in node.items() if name not in ("oneOf", "definitions")
    }
    if "oneOf" in node:
        settled |= _settled(node["oneOf"][branch % len(node["oneOf"])], root, branch)
    return settled
