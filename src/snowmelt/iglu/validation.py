"""Whether self-describing data follows its schema: draft 4 of JSON Schema, as Iglu clients on the JVM read it.

No type is converted (5.0 is not an integer), the formats of `formats` are asserted, references out of the schema's own
document ask for nothing, and the keywords of Iglu (`self`, `$supersededBy`) are not rules.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self, TypeAlias

import jsonschema_rs

from snowmelt.iglu.formats import ASSERTED, OWN, SURE
from snowmelt.iglu.reports import path_of, reports_of
from snowmelt.iglu.resolver import ResolutionFailure, Resolver, Schema
from snowmelt.protocol import bad_rows
from snowmelt.protocol.bad_rows import IgluError, Report
from snowmelt.protocol.json_text import Json, dumps, plain
from snowmelt.protocol.schema_key import SchemaKey, SchemaVer
from snowmelt.protocol.self_describing import SelfDescribing

_ITEMWISE = frozenset({"$schema", "self", "title", "description", "type", "items", "minItems"})
"""Keywords of a schema that say no more of an array than of its items one by one, or only how many there must be."""

MAX_DEPTH = 40
"""Values inside one another in the data of one self-describing JSON: arrays, objects, and what the innermost holds."""


@dataclass(frozen=True, slots=True)
class ResolutionError:
    """There is no such schema where schemas are kept."""

    key: SchemaKey
    failure: ResolutionFailure
    superseded_by: SchemaVer | None = None

    def iglu_error(self) -> IgluError:
        """What a bad row says of it."""
        return IgluError(self.key, self.failure.error())


@dataclass(frozen=True, slots=True)
class ValidationError:
    """The data does not follow the schema."""

    key: SchemaKey
    reports: tuple[Report, ...]
    superseded_by: SchemaVer | None = None

    def iglu_error(self) -> IgluError:
        """What a bad row says of it."""
        return IgluError(self.key, bad_rows.ValidationError(self.reports, _text(self.superseded_by)))


@dataclass(frozen=True, slots=True)
class InvalidSchema:
    """The schema was found but is none, so nothing follows it."""

    key: SchemaKey
    path: str
    # Where in the schema, as "$.properties.a".
    message: str
    superseded_by: SchemaVer | None = None

    def iglu_error(self) -> IgluError:
        """What a bad row says of it."""
        return IgluError(self.key, bad_rows.InvalidSchema([(self.path, self.message)], _text(self.superseded_by)))


Problem: TypeAlias = ResolutionError | ValidationError | InvalidSchema
"""Why data was not accepted; each has the `key` it names and gives its `iglu_error()` for a bad row."""


class Rules:
    """What the data of one schema is judged by: the same object for as long as no registry has another schema there."""

    __slots__ = ("_depth", "_exact", "_sure", "is_itemwise", "key", "superseded_by")

    def __init__(self, schema: Schema, superseded_by: SchemaVer | None, compiled: "Compiled", depth: "_Depth") -> None:
        """The rules of a schema; `superseded_by` is its version where they stand in for those of another."""
        self.key = schema.key
        self.superseded_by = superseded_by
        self.is_itemwise = schema.body.keys() <= _ITEMWISE and isinstance(schema.body.get("items", {}), Mapping)
        # Whether an array follows the schema when each of its items does so in an array of its own.
        self._exact = compiled.exact
        self._sure = compiled.sure
        self._depth = depth

    def violations(self, data: Json) -> tuple[Report, ...]:
        """What is wrong with the data, nothing if it follows the rules."""
        try:
            data = plain(data)
            if not self._depth.rules.is_valid(data):
                raise RecursionError
            if self._exact.is_valid(data):
                return ()
            return reports_of(self._exact.iter_errors(data)) or (Report("$ does not follow its schema", "$", None, ()),)
        except RecursionError:
            return (Report(f"more than {self._depth.limit} values inside one another", "/", None, ()),)
        except ValueError as error:
            return (Report(f"$ cannot be validated: {error}", "$", None, ()),)

    def admit(self, data: object) -> bool:
        """Whether data surely has no violations, if it is not too deep and holds no JsonNumber. A no means nothing."""
        try:
            return self._sure.is_valid(data)
        except ValueError:
            return False


@dataclass(frozen=True, slots=True)
class Compiled:
    """The rules, and some that are quicker and admit no more."""

    exact: jsonschema_rs.Draft4Validator
    sure: jsonschema_rs.Draft4Validator


@dataclass(frozen=True, slots=True)
class _Depth:
    """How deep data may be, and the rules that refuse what is deeper."""

    limit: int
    rules: jsonschema_rs.Draft4Validator

    @classmethod
    def of(cls, limit: int) -> Self:
        return cls(limit, jsonschema_rs.Draft4Validator(_no_deeper_than(limit)))


class Validator:
    """Judges data by the schemas of a resolver. A schema is compiled once and again only when its text has changed."""

    def __init__(self, resolver: Resolver, max_depth: int = MAX_DEPTH) -> None:
        """A validator that has seen nothing yet."""
        self._resolver = resolver
        self._depth = _Depth.of(max_depth)
        self._known: dict[SchemaKey, tuple[Schema, Rules | InvalidSchema]] = {}

    def check(self, document: SelfDescribing) -> SelfDescribing | Problem:
        """The document under the version whose rules it follows, or why it follows none.

        That version is another than the document names where the schema says that it is superseded.
        """
        rules = self.rules(document.key)
        if not isinstance(rules, Rules):
            return rules
        reports = rules.violations(document.data)
        if reports:
            return ValidationError(document.key, reports, rules.superseded_by)
        return document if rules.superseded_by is None else SelfDescribing(rules.key, document.data)

    def rules(self, key: SchemaKey) -> Rules | Problem:
        """What data that names this schema has to follow, or why nothing follows it."""
        superseded_by = None
        schema = self._resolver.lookup(key)
        if isinstance(schema, Schema) and schema.superseded_by is not None:
            superseded_by = schema.superseded_by
            schema = self._resolver.lookup(SchemaKey(key.vendor, key.name, key.format, superseded_by))
        if isinstance(schema, ResolutionFailure):
            return ResolutionError(key, schema, superseded_by)
        known = self._known.get(key)
        if known is not None and known[0] is schema:
            return known[1]
        compiled = compile_schema(schema)
        if isinstance(compiled, InvalidSchema):
            rules: Rules | InvalidSchema = replace(compiled, key=key, superseded_by=superseded_by)
        else:
            rules = Rules(schema, superseded_by, compiled, self._depth)
        self._known[key] = schema, rules
        return rules


def compile_schema(schema: Schema) -> Compiled | InvalidSchema:
    """The rules of a schema, or what makes it no schema of draft 4."""
    try:
        rules = _rules_only(schema.body)
        exact = _validator(rules)
        sure = _surely(rules)
        return Compiled(exact, exact if sure == rules or _negates(rules) else _validator(sure))
    except jsonschema_rs.ValidationError as error:
        return InvalidSchema(schema.key, path_of(error.instance_path), error.message)
    except (ValueError, RecursionError) as error:
        return InvalidSchema(schema.key, "$", str(error))


def _validator(rules: Any) -> jsonschema_rs.Draft4Validator:  # noqa: ANN401 - any JSON value
    return jsonschema_rs.Draft4Validator(rules, formats=dict(OWN), validate_formats=True, offline=True)


def _rules_only(node: Any) -> Any:  # noqa: ANN401 - any JSON value
    """A copy of a schema without what is no rule here: references to other documents, formats that are not asserted."""
    if isinstance(node, list):
        return [_rules_only(item) for item in node]
    if not isinstance(node, Mapping):
        return node
    if _refers_elsewhere(node.get("$ref")):
        return {}
    rules = {
        name: value if name == "enum" and isinstance(value, list) else _rules_only(value)
        for name, value in node.items()
        if not (name == "format" and isinstance(value, str) and value not in ASSERTED)
    }
    if rules.get("additionalProperties") is False:
        rules.setdefault("properties", {})  # without it jsonschema-rs does not say which property is one too many
    return rules


def _negates(rules: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Whether some part of the rules may admit more when a part of it admits less."""
    text = dumps(rules)
    return '"not":' in text or '"oneOf":' in text


def _surely(node: Any) -> Any:  # noqa: ANN401 - any JSON value
    """The rules with patterns for formats, so that they admit no more, and are quicker."""
    if isinstance(node, list):
        return [_surely(item) for item in node]
    if not isinstance(node, dict):
        return node
    name = node.get("format")
    pattern = SURE.get(name) if isinstance(name, str) and "pattern" not in node else None
    rules = {name: value if name == "enum" else _surely(value) for name, value in node.items()}
    if pattern is not None:
        del rules["format"]
        rules["pattern"] = pattern
    return rules


def _refers_elsewhere(reference: object) -> bool:
    return isinstance(reference, str) and not reference.startswith("#")


def _no_deeper_than(depth: int) -> dict[str, Any]:
    """A schema of everything with at most so many values inside one another: faster than a walk."""
    levels: dict[str, Any] = {str(depth): {"not": {}}}
    for level in range(depth):
        below = {"$ref": f"#/definitions/{level + 1}"}
        levels[str(level)] = {"items": below, "additionalProperties": below}
    return {"$ref": "#/definitions/0", "definitions": levels}


def _text(version: SchemaVer | None) -> str | None:
    return None if version is None else str(version)
