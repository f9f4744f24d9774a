"""What a new version of a schema changes for data, and which part of its version (SchemaVer) has to rise for that.

All that followed the old version follows the new one: ADDITION. Some of it may not: REVISION. Nothing does, or a value
has become another kind of value: MODEL. What cannot be told apart counts as the larger change.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import partial
from typing import Any, Final, TypeAlias

from snowmelt.iglu.formats import ASSERTED
from snowmelt.iglu.registry import SchemaBody
from snowmelt.iglu.reports import path_of, type_of
from snowmelt.protocol.schema_key import SchemaVer


class Bump(IntEnum):
    """The part of a version that has to rise; of several changes the largest decides."""

    ADDITION = 1
    REVISION = 2
    MODEL = 3

    def after(self, version: SchemaVer) -> SchemaVer:
        """The version that comes next when this part rises."""
        match self:
            case Bump.MODEL:
                return SchemaVer(version.model + 1, 0, 0)
            case Bump.REVISION:
                return SchemaVer(version.model, version.revision + 1, 0)
            case _:
                return SchemaVer(version.model, version.revision, version.addition + 1)

    @classmethod
    def between(cls, old: SchemaVer, new: SchemaVer) -> "Bump | None":
        """The part that really rose; None where the new version is not higher."""
        if new <= old:
            return None
        if new.model != old.model:
            return cls.MODEL
        return cls.ADDITION if new.revision == old.revision else cls.REVISION


@dataclass(frozen=True, slots=True)
class Fact:
    """One change, as a sentence that goes on after its path ("$.properties.a"), and what it asks for."""

    path: str
    message: str
    bump: Bump

    def __str__(self) -> str:
        """The whole sentence."""
        return f"{self.path} {self.message}"


_Found: TypeAlias = Iterator[Fact]
_Node: TypeAlias = Mapping[str, Any]
_Steps: TypeAlias = tuple[str | int, ...]

_KINDS: Final = frozenset({"array", "boolean", "integer", "null", "number", "object", "string"})
_LIMITS: Final = {
    **dict.fromkeys(("maxLength", "maxItems", "maxProperties"), 1),
    **dict.fromkeys(("minLength", "minItems", "minProperties"), -1),
}
"""Keywords, and the sign that makes less of them narrower."""

_WORDS: Final = ("title", "description", "default")
_CONDITIONS: Final = ("allOf", "anyOf", "oneOf", "not", "dependencies")
_COMPOUND: Final = (*_CONDITIONS, "patternProperties", "additionalItems", "$ref")
"""Keywords whose changes are not looked into; without one of the first a schema asks for less."""


def compare(old: SchemaBody, new: SchemaBody) -> list[Fact]:
    """Every change between two schemas without errors, the most demanding first; nothing where they say the same."""
    return sorted(_compare(old, new, ()), key=lambda fact: -fact.bump)


def _compare(old: _Node, new: _Node, at: _Steps) -> _Found:
    for facts in (_types, _options, _limits, _ranges, _yes_or_no, _lists, _objects, _compounds, _words):
        yield from facts(old, new, at)


def _fact(bump: Bump, at: _Steps, message: str) -> Fact:
    return Fact(path_of(at), message, bump)


_adds, _revises, _breaks = (partial(_fact, bump) for bump in Bump)


def _types(old: _Node, new: _Node, at: _Steps) -> _Found:
    before, after = _kinds(old), _kinds(new)
    if not before & after:
        yield _breaks(at, f"is of type {_named(new)}, no longer {_named(old)}")
        return
    if gone := before - after:
        said = f"has to be of type {_named(new)}" if before == _KINDS else f"is no longer of type {_listed_kinds(gone)}"
        yield _revises(at, said)
    if more := after - before:
        yield _adds(at, "may be of any type" if after == _KINDS else f"may be of type {_listed_kinds(more)} too")


def _options(old: _Node, new: _Node, at: _Steps) -> _Found:
    before, after = old.get("enum"), new.get("enum")
    if before is None and after is not None:
        yield _revises(at, "has to be one of an enum")
    elif before is not None and after is None:
        yield _adds(at, "need not be one of an enum any more")
    elif before is not None and after is not None:
        kept = [value for value in before if _is_among(value, after)]
        if gone := [value for value in before if not _is_among(value, after)]:
            made = _revises if kept else _breaks
            yield made(at, f"can no longer be {_listed(gone)}")
        if more := [value for value in after if not _is_among(value, before)]:
            yield _adds(at, f"can be {_listed(more)} too")


def _limits(old: _Node, new: _Node, at: _Steps) -> _Found:
    for keyword, sign in _LIMITS.items():
        before, after = old.get(keyword), new.get(keyword)
        narrower = before is not None and after is not None and sign * after < sign * before
        yield from _change(keyword, before, after, at, narrower=narrower)


def _ranges(old: _Node, new: _Node, at: _Steps) -> _Found:
    """Bounds of numbers, which a flag beside them may exclude."""
    for keyword, flag, sign in (("maximum", "exclusiveMaximum", 1), ("minimum", "exclusiveMinimum", -1)):
        before, after = _bound(old, keyword, flag, sign), _bound(new, keyword, flag, sign)
        narrower = before is not None and after is not None and after < before
        yield from _change(keyword, _shown(old, keyword, flag), _shown(new, keyword, flag), at, narrower=narrower)


def _yes_or_no(old: _Node, new: _Node, at: _Steps) -> _Found:
    """Keywords that a value follows or not, with nothing in between."""
    for keyword in ("pattern", "multipleOf"):
        yield from _change(keyword, old.get(keyword), new.get(keyword), at, narrower=True)
    yield from _change("format", _asserted(old), _asserted(new), at, narrower=True)
    yield from _change("uniqueItems", old.get("uniqueItems") or None, new.get("uniqueItems") or None, at, narrower=True)


def _change(keyword: str, before: object, after: object, at: _Steps, *, narrower: bool) -> _Found:
    """What a keyword with one value, None for none, means for data; `narrower` is of use where both have a value."""
    if before == after:
        return
    if after is None:
        yield _adds(at, f"has no {keyword} any more")
    elif before is None:
        yield _revises(at, f"has the {keyword} {after}")
    else:
        yield (_revises if narrower else _adds)(at, f"has the {keyword} {after}, not {before}")


def _lists(old: _Node, new: _Node, at: _Steps) -> _Found:
    before, after = old.get("items"), new.get("items")
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _compare(before, after, (*at, "items"))
    elif before != after:
        made = _adds if not after else _revises
        yield made((*at, "items"), "says something else of the items")


def _objects(old: _Node, new: _Node, at: _Steps) -> _Found:
    before, after = old.get("properties", {}), new.get("properties", {})
    required, demanded = frozenset(old.get("required", ())), frozenset(new.get("required", ()))
    was_closed, is_closed = (node.get("additionalProperties") is False for node in (old, new))
    for name in sorted(after.keys() - before.keys()):
        made = _adds if was_closed and not old.get("patternProperties") else _revises
        known = "" if made is _adds else ", which could be sent before as anything"
        yield made((*at, "properties", name), f"is new{known}")
    for name in sorted(before.keys() - after.keys()):
        if is_closed:
            made = _breaks if name in required else _revises
            yield made((*at, "properties", name), "is gone, and may not be sent any more")
        else:
            made = _adds if new.get("additionalProperties", True) is True else _revises
            yield made((*at, "properties", name), "is gone, and may be anything now")
    for name in sorted(before.keys() & after.keys()):
        yield from _compare(before[name], after[name], (*at, "properties", name))
    for name in sorted(demanded - required):
        made = _breaks if was_closed and name not in before and not old.get("patternProperties") else _revises
        yield made((*at, "properties", name), "is required")
    for name in sorted(required - demanded):
        yield _adds((*at, "properties", name), "is not required any more")
    yield from _others(old.get("additionalProperties", True), new.get("additionalProperties", True), at)


def _others(before: Any, after: Any, at: _Steps) -> _Found:  # noqa: ANN401 - true, false or a schema
    at = (*at, "additionalProperties")
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _compare(before, after, at)
    elif before != after:
        if before is False or after is True:
            yield _adds(at, "lets more names pass")
        else:
            yield _revises(at, "lets no other names pass" if after is False else "lets fewer names pass")


def _compounds(old: _Node, new: _Node, at: _Steps) -> _Found:
    for keyword in _COMPOUND:
        before, after = old.get(keyword), new.get(keyword)
        if before == after:
            continue
        made = _adds if after is None and keyword in _CONDITIONS else _revises
        yield made((*at, keyword), "is gone" if after is None else "says something else")
    before, after = old.get("definitions", {}), new.get("definitions", {})
    for name in sorted(before.keys() & after.keys()):
        yield from _compare(before[name], after[name], (*at, "definitions", name))


def _words(old: _Node, new: _Node, at: _Steps) -> _Found:
    for keyword in _WORDS:
        if old.get(keyword) != new.get(keyword):
            yield _adds(at, f"has another {keyword}")


def _kinds(node: _Node) -> frozenset[str]:
    """The types a value may have; a number may be an integer."""
    declared = node.get("type")
    if declared is None:
        declared = [type_of(value) for value in node["enum"]] if "enum" in node else _KINDS
    kinds = frozenset([declared] if isinstance(declared, str) else declared)
    return kinds | {"integer"} if "number" in kinds else kinds


def _named(node: _Node) -> str:
    kinds = _kinds(node)
    return _listed_kinds(kinds - {"integer"} if "number" in kinds else kinds)


def _listed_kinds(kinds: frozenset[str]) -> str:
    return " or ".join(sorted(kinds))


def _bound(node: _Node, keyword: str, flag: str, sign: int) -> tuple[float, bool] | None:
    """A bound that is the narrower the less it is: itself excluded, it is less than included."""
    return None if keyword not in node else (sign * node[keyword], not node.get(flag, False))


def _shown(node: _Node, keyword: str, flag: str) -> str | None:
    return None if keyword not in node else f"{node[keyword]}{' itself excluded' if node.get(flag) else ''}"


def _asserted(node: _Node) -> str | None:
    name = node.get("format")
    return name if name in ASSERTED else None


def _is_among(value: Any, values: list[Any]) -> bool:  # noqa: ANN401 - any JSON value
    """Whether it is one of them; true is not 1."""
    return any(value == other and type_of(value) == type_of(other) for other in values)


def _listed(values: list[Any]) -> str:
    return " or ".join(json.dumps(value, ensure_ascii=False) for value in values)
