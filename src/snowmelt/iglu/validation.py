"""Whether self-describing data follows its schema: draft 4 of JSON Schema, as Iglu clients on the JVM read it.

No type is converted (5.0 is not an integer), the formats of `formats` are asserted, references out of the schema's own
document ask for nothing, and the keywords of Iglu (`self`, `$supersededBy`) are not rules.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import jsonschema_rs

from snowmelt.iglu.formats import ASSERTED, OWN
from snowmelt.iglu.reports import path_of, reports_of
from snowmelt.iglu.resolver import ResolutionFailure, Resolver, Schema
from snowmelt.protocol import bad_rows
from snowmelt.protocol.bad_rows import IgluError, Report
from snowmelt.protocol.json_text import Json, plain
from snowmelt.protocol.schema_key import SchemaKey, SchemaVer
from snowmelt.protocol.self_describing import SelfDescribing

MAX_DEPTH = 39
"""Arrays and objects inside one another in the data of one self-describing JSON."""


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


@dataclass(frozen=True, slots=True)
class _Compiled:
    schema: Schema
    rules: jsonschema_rs.Draft4Validator | InvalidSchema


class Validator:
    """Judges data by the schemas of a resolver. A schema is compiled once and again only when its text has changed."""

    def __init__(self, resolver: Resolver, max_depth: int = MAX_DEPTH) -> None:
        """A validator that has seen nothing yet."""
        self._resolver = resolver
        self._max_depth = max_depth
        self._shallow = jsonschema_rs.Draft4Validator(_no_deeper_than(max_depth))
        self._compiled: dict[SchemaKey, _Compiled] = {}

    def check(self, document: SelfDescribing) -> SelfDescribing | Problem:
        """The document under the version whose rules it follows, or why it follows none.

        That version is another than the document names where the schema says that it is superseded.
        """
        superseded_by = None
        schema = self._resolver.lookup(document.key)
        if isinstance(schema, Schema) and schema.superseded_by is not None:
            superseded_by = schema.superseded_by
            schema = self._resolver.lookup(replace(document.key, version=superseded_by))
        if isinstance(schema, ResolutionFailure):
            return ResolutionError(document.key, schema, superseded_by)
        rules = self._rules(schema)
        if isinstance(rules, InvalidSchema):
            return replace(rules, key=document.key, superseded_by=superseded_by)
        reports = self._judge(rules, document.data)
        if reports:
            return ValidationError(document.key, reports, superseded_by)
        return document if superseded_by is None else SelfDescribing(schema.key, document.data)

    def _rules(self, schema: Schema) -> jsonschema_rs.Draft4Validator | InvalidSchema:
        compiled = self._compiled.get(schema.key)
        if compiled is None or compiled.schema is not schema:
            compiled = _Compiled(schema, compile_schema(schema))
            self._compiled[schema.key] = compiled
        return compiled.rules

    def _judge(self, rules: jsonschema_rs.Draft4Validator, data: Json) -> tuple[Report, ...]:
        """What is wrong with the data, nothing if it follows the rules."""
        try:
            data = plain(data)
            if not self._shallow.is_valid(data):
                raise RecursionError
            if rules.is_valid(data):
                return ()
            return reports_of(rules.iter_errors(data)) or (Report("$ does not follow its schema", "$", None, ()),)
        except RecursionError:
            return (Report(f"more than {self._max_depth} arrays and objects inside one another", "/", None, ()),)
        except ValueError as error:
            return (Report(f"$ cannot be validated: {error}", "$", None, ()),)


def compile_schema(schema: Schema) -> jsonschema_rs.Draft4Validator | InvalidSchema:
    """The rules of a schema, or what makes it no schema of draft 4."""
    try:
        return jsonschema_rs.Draft4Validator(
            _rules_only(schema.body), formats=dict(OWN), validate_formats=True, offline=True
        )
    except jsonschema_rs.ValidationError as error:
        return InvalidSchema(schema.key, path_of(error.instance_path), error.message)
    except (ValueError, RecursionError) as error:
        return InvalidSchema(schema.key, "$", str(error))


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


def _refers_elsewhere(reference: object) -> bool:
    return isinstance(reference, str) and not reference.startswith("#")


def _no_deeper_than(depth: int) -> dict[str, Any]:
    """A schema of everything with at most so many arrays and objects inside one another: faster than a walk."""
    levels: dict[str, Any] = {str(depth): {"not": {"type": ["array", "object"]}}}
    for level in range(depth):
        below = {"$ref": f"#/definitions/{level + 1}"}
        levels[str(level)] = {"items": below, "additionalProperties": below}
    return {"$ref": "#/definitions/0", "definitions": levels}


def _text(version: SchemaVer | None) -> str | None:
    return None if version is None else str(version)
