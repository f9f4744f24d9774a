"""Values on their way between Terraform and the double."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import msgpack  # type: ignore[import-untyped]
from tests.doubles.terraform.schema import Attribute, Block, NestedType, Type

Values = dict[str, Any]
UNKNOWN = msgpack.ExtType(0, b"\x00")
"""Terraform's mark for what is known after apply only."""

Find = Callable[[str, Attribute, Values], Any]
"""What stands for a computed attribute that nobody set: from its name, the attribute and the values around it."""


def is_unknown(value: Any) -> bool:
    """Whether the value itself is known after apply only, with or without a hint of what it will be."""
    return isinstance(value, msgpack.ExtType)


def has_unknown(value: Any) -> bool:
    """Whether any part is known after apply only."""
    if isinstance(value, Mapping):
        return any(has_unknown(part) for part in value.values())
    if isinstance(value, list):
        return any(has_unknown(part) for part in value)
    return is_unknown(value)


def without_unknown(value: Any) -> Any:
    """The same with None for what is known after apply only."""
    if isinstance(value, Mapping):
        return {name: without_unknown(part) for name, part in value.items()}
    if isinstance(value, list):
        return [without_unknown(part) for part in value]
    return None if is_unknown(value) else value


def unpack(packed: bytes) -> Any:
    """The value that Terraform sent."""
    return msgpack.unpackb(packed, raw=False, strict_map_key=False) if packed else None


def pack(value: Any) -> bytes:
    """The value as Terraform wants it."""
    return bytes(msgpack.packb(value, use_bin_type=True))


def empty(kind: Type) -> Any:
    """A value of the type that says nothing: what a computed attribute is where nobody has an idea."""
    if isinstance(kind, str):
        return {"number": 0, "bool": False}.get(kind)
    if kind[0] == "object":
        return {name: empty(inner) for name, inner in kind[1].items()}
    return {} if kind[0] == "map" else []


def planned(block: Block, config: Values | None, prior: Values | None, find: Find) -> Values:
    """What a resource will be: what is configured, else what it was, else what `find` says of a computed attribute."""
    config, prior = config or {}, prior or {}
    values = _attributes(block.attributes, config, prior, find)
    for name, nested in block.blocks.items():
        one = partial(planned, nested.block, find=find)
        values[name] = _nested(nested.nesting, config.get(name), prior.get(name), one)
    return values


def _attributes(attributes: Mapping[str, Attribute], config: Values, prior: Values, find: Find) -> Values:
    values: Values = {}
    for name, attribute in attributes.items():
        given = config.get(name)
        if attribute.write_only:
            values[name] = None
        elif given is None and attribute.computed:
            before = prior.get(name)
            values[name] = find(name, attribute, config) if before is None else before
        elif given is not None and attribute.nested:
            values[name] = _nested_attribute(attribute.nested, given, prior.get(name), find)
        else:
            values[name] = given
    return values


def _nested_attribute(nested: NestedType, config: Any, prior: Any, find: Find) -> Any:
    def one(config: Values | None, prior: Values | None) -> Values:
        return _attributes(nested.attributes, config or {}, prior or {}, find)

    return _nested(nested.nesting, config, prior, one)


def _nested(nesting: str, config: Any, prior: Any, one: Callable[[Values | None, Values | None], Values]) -> Any:
    if is_unknown(config):
        return config
    if nesting in ("list", "set"):
        before = prior if isinstance(prior, list) else []
        made = []
        for index, element in enumerate(config or []):
            match = before[index] if index < len(before) and nesting == "list" else _same(element, before)
            made.append(element if is_unknown(element) else one(element, match))
        return made
    if nesting == "map":
        return {key: one(element, (prior or {}).get(key)) for key, element in (config or {}).items()}
    if config is None:
        return None
    return one(config, prior)


def _same(element: Any, before: list[Any]) -> Values | None:
    """The element of a set as it was: the one with the same values wherever a value is given."""
    if not isinstance(element, Mapping):
        return None
    given = {name: value for name, value in element.items() if value not in (None, [], {})}
    for candidate in before:
        if all(candidate.get(name) == value for name, value in given.items() if not has_unknown(value)):
            return dict(candidate)
    return None


def resolved(block: Block, values: Values, find: Find) -> Values:
    """The values with `find`'s answer wherever something is known after apply only."""
    made = _resolved_attributes(block.attributes, values, find)
    for name, nested in block.blocks.items():
        made[name] = _each(nested.nesting, values.get(name), partial(resolved, nested.block, find=find))
    return made


def _resolved_attributes(attributes: Mapping[str, Attribute], values: Values, find: Find) -> Values:
    made: Values = {}
    for name, attribute in attributes.items():
        value = values.get(name)
        if is_unknown(value) or (attribute.nested is None and has_unknown(value)):
            made[name] = find(name, attribute, values)
        elif attribute.nested and value is not None:
            one = partial(_resolved_attributes, attribute.nested.attributes, find=find)
            made[name] = _each(attribute.nested.nesting, value, one)
        else:
            made[name] = value
    return made


def _each(nesting: str, value: Any, one: Callable[[Values], Values]) -> Any:
    if nesting in ("list", "set"):
        return [one(element) for element in ([] if is_unknown(value) else value or [])]
    if nesting == "map":
        return {key: one(element) for key, element in ({} if is_unknown(value) else value or {}).items()}
    return None if value is None or is_unknown(value) else one(value)
