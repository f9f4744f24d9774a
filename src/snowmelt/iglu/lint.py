"""What is wrong with a schema before it is published: errors, which forbid it, and warnings about what it leaves open.

An error makes a schema that is none, or that no data, or other data than was meant, can follow. A warning is about
data: what has no limit arrives without one, and what is not described has to be guessed by whoever reads the table.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias, TypeGuard

import jsonschema_rs

from snowmelt.iglu.formats import ASSERTED
from snowmelt.iglu.registry import SchemaBody
from snowmelt.iglu.reports import path_of, reports_of, type_of
from snowmelt.iglu.resolver import Schema
from snowmelt.iglu.validation import InvalidSchema, compile_schema
from snowmelt.protocol.json_text import is_deeper
from snowmelt.protocol.schema_key import SchemaKey, SchemaVer

METASCHEMA: Final = "http://iglucentral.com/schemas/com.snowplowanalytics.self-desc/schema/jsonschema/1-0-0#"
"""What `$schema` says in every Iglu schema: draft 4 of JSON Schema that names itself."""

MAX_DEPTH: Final = 60
"""Objects and arrays inside one another in a schema."""

Severity: TypeAlias = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend, as a sentence that goes on after its path ("$.properties.a")."""

    path: str
    message: str
    severity: Severity

    def __str__(self) -> str:
        """The whole sentence."""
        return f"{self.path} {self.message}"


@dataclass(frozen=True, slots=True)
class _Node:
    """A schema inside the schema. A `place` is one that a value is kept by, not a condition of anyOf and the like."""

    steps: tuple[str | int, ...]
    body: Mapping[str, Any]
    place: bool

    @property
    def types(self) -> frozenset[str]:
        """The names under `type` but null."""
        declared = self.body.get("type", ())
        listed = [declared] if isinstance(declared, str) else declared if isinstance(declared, list) else []
        return frozenset(name for name in listed if isinstance(name, str)) - {"null"}


_Found: TypeAlias = Iterator[tuple[Severity, str]]

_TYPES: Final = ("array", "boolean", "integer", "null", "number", "object", "string")
_IDENTITY: Final = {name: re.compile(r"[a-zA-Z0-9-_]+") for name in ("name", "format")} | {
    "vendor": re.compile(r"[a-zA-Z0-9-_.]+"),
    "version": re.compile(r"[0-9]+-[0-9]+-[0-9]+"),
}
_NUMBERS: Final = frozenset({"integer", "number"})
_PAIRS: Final = (
    ("minimum", "maximum"),
    ("minLength", "maxLength"),
    ("minItems", "maxItems"),
    ("minProperties", "maxProperties"),
)
_OF_TYPE: Final = {
    **dict.fromkeys(("maxLength", "minLength", "pattern", "format"), frozenset({"string"})),
    **dict.fromkeys(("maximum", "minimum", "multipleOf"), _NUMBERS),
    **dict.fromkeys(("items", "maxItems", "minItems", "uniqueItems"), frozenset({"array"})),
    **dict.fromkeys(("properties", "required", "additionalProperties", "patternProperties"), frozenset({"object"})),
}
"""Keywords and the types of values that they say anything about."""

_SCHEMAS_BY_NAME: Final = ("properties", "patternProperties", "definitions", "dependencies")
_LISTS_OF_SCHEMAS: Final = ("allOf", "anyOf", "oneOf")
_SCHEMAS: Final = ("items", "additionalItems", "additionalProperties", "not")
_KEYWORDS: Final = frozenset(_OF_TYPE).union(
    (
        "id",
        "$schema",
        "$ref",
        "title",
        "description",
        "default",
        "exclusiveMaximum",
        "exclusiveMinimum",
        "type",
        "enum",
    ),
    ("maxProperties", "minProperties"),
    _SCHEMAS_BY_NAME,
    _LISTS_OF_SCHEMAS,
    _SCHEMAS,
)
_IGLU_KEYWORDS: Final = frozenset({"self", "$supersededBy", "$supersedes"})

_DRAFT_4: Final = jsonschema_rs.Draft4Validator({"$ref": "http://json-schema.org/draft-04/schema#"})


def lint(body: SchemaBody, expected: SchemaKey | None = None) -> list[Finding]:
    """What is to be mended in a schema, errors first. With `expected`, "self" has to be that key: its path, its URL."""
    if is_deeper(body, MAX_DEPTH):
        return [Finding("$", f"has more than {MAX_DEPTH} objects and arrays inside one another", "error")]
    found = list(_identity_findings(body, expected))
    for node in _nodes(body):
        path = path_of(node.steps)
        found += _draft_4_findings(node, path)
        found += [Finding(path, message, severity) for check in CHECKS for severity, message in check(node)]
    if all(finding.severity == "warning" for finding in found):
        found += _compiler_findings(body)
    return sorted(found, key=lambda finding: finding.severity)


def errors(findings: list[Finding]) -> list[Finding]:
    """Those that forbid a schema."""
    return [finding for finding in findings if finding.severity == "error"]


def identity(body: SchemaBody) -> SchemaKey | None:
    """The key that a schema gives itself in "self"; None where it gives none."""
    named = body.get("self")
    if not isinstance(named, Mapping) or named.keys() != _IDENTITY.keys():
        return None
    if not all(isinstance(text, str) and _IDENTITY[name].fullmatch(text) for name, text in named.items()):
        return None
    version = SchemaVer.parse(named["version"])
    return None if version is None else SchemaKey(named["vendor"], named["name"], named["format"], version)


def _identity_findings(body: SchemaBody, expected: SchemaKey | None) -> Iterator[Finding]:
    if body.get("$schema") != METASCHEMA:
        yield Finding("$.$schema", f'has to be "{METASCHEMA}"', "error")
    key = identity(body)
    if key is None:
        form = "vendor, name and format in letters, digits, - and _ (dots in the vendor) and a version such as 1-0-0"
        yield Finding("$.self", f"has to hold {form}, and nothing else", "error")
    elif key.format != "jsonschema":
        yield Finding("$.self.format", "has to be jsonschema", "error")
    elif expected is not None and key != expected:
        yield Finding("$.self", f"says {key.path}, but it is to be {expected.path}", "error")


def _draft_4_findings(node: _Node, path: str) -> Iterator[Finding]:
    """What the draft forbids of this schema, those inside left out; an unknown type is said in plainer words."""
    rules = {name: _hollow(name, value) for name, value in node.body.items() if name != "$schema"}
    for report in reports_of(_DRAFT_4.iter_errors(rules)):
        where, said = report.path or "$", report.message.removeprefix(f"{report.path} ")
        if where == "$.required" and report.keyword == "minItems":
            said = "is empty, which makes it no schema: leave it out"
        if where != "$.type":
            yield Finding(f"{path}{where[1:]}", said, "error")


def _compiler_findings(body: SchemaBody) -> Iterator[Finding]:
    """What only shows when data is to be validated, such as a $ref to nothing."""
    key = identity(body)
    compiled = None if key is None else compile_schema(Schema.of(key, body))
    if isinstance(compiled, InvalidSchema):
        yield Finding(compiled.path, f"cannot be used: {compiled.message}", "error")


def _nodes(body: SchemaBody) -> Iterator[_Node]:
    """The schema and every schema in it, in the order they are written."""
    waiting = [_Node((), body, place=True)]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += reversed(list(_inside(node)))


def _inside(node: _Node) -> Iterator[_Node]:
    for keyword, value in node.body.items():
        if keyword in _SCHEMAS_BY_NAME and isinstance(value, Mapping):
            inner: Iterator[tuple[tuple[str | int, ...], Any]] = (((keyword, name), one) for name, one in value.items())
        elif (keyword in _LISTS_OF_SCHEMAS or keyword == "items") and isinstance(value, list):
            inner = (((keyword, place), one) for place, one in enumerate(value))
        elif keyword in _SCHEMAS:
            inner = iter([((keyword,), value)])
        else:
            continue
        place = node.place and keyword not in _LISTS_OF_SCHEMAS and keyword not in ("not", "dependencies")
        for steps, one in inner:
            if isinstance(one, Mapping):
                yield _Node((*node.steps, *steps), one, place)


def _hollow(keyword: str, value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """The value of a keyword with an empty schema for each that it holds."""
    if keyword in _SCHEMAS_BY_NAME and isinstance(value, Mapping):
        return {name: _hollow("not", one) for name, one in value.items()}
    if (keyword in _LISTS_OF_SCHEMAS or keyword == "items") and isinstance(value, list):
        return [_hollow("not", one) for one in value]
    return {} if keyword in _SCHEMAS and isinstance(value, Mapping) else value


def check_types(node: _Node) -> _Found:
    """Types that exist, and keywords that say something about values of them."""
    declared = node.body.get("type", [])
    for name in declared if isinstance(declared, list) else [declared]:
        if name not in _TYPES:
            yield "error", f"has the unknown type {name!r}; there are {', '.join(_TYPES)}"
    for keyword in node.body:
        types = _OF_TYPE.get(keyword)
        if types and node.types and not node.types & types:
            yield "warning", f"has {keyword}, which says nothing of type {' or '.join(sorted(node.types))}"


def check_limits(node: _Node) -> _Found:
    """Limits that leave something between them."""
    for low, high in _PAIRS:
        least, most = node.body.get(low), node.body.get(high)
        if _is_number(least) and _is_number(most) and least > most:
            yield "error", f"has {low} {least} above {high} {most}: no value is between them"


def check_values(node: _Node) -> _Found:
    """Values under `enum` and `default` that are of the type."""
    declared = node.body.get("type")
    allowed = {declared} if isinstance(declared, str) else set(declared if _is_texts(declared) else _TYPES)
    options = node.body.get("enum")
    values = [("enum", value) for value in options] if isinstance(options, list) else []
    if "default" in node.body:
        values.append(("default", node.body["default"]))
    for keyword, value in values:
        kind = type_of(value)
        if kind not in allowed and not (kind == "integer" and "number" in allowed) and allowed <= set(_TYPES):
            yield "error", f"has under {keyword} a value of type {kind}, not {' or '.join(sorted(allowed))}"


def check_required(node: _Node) -> _Found:
    """Names that are required and may be sent."""
    required, properties = node.body.get("required"), node.body.get("properties", {})
    if not _is_texts(required) or not isinstance(properties, Mapping) or not node.place:
        return
    closed = node.body.get("additionalProperties") is False and not node.body.get("patternProperties")
    for name in required:
        if name not in properties and closed:
            yield "error", f"requires {name}, which its properties lack and additionalProperties forbids"
        elif name not in properties:
            yield "warning", f"requires {name}, which its properties do not describe"


def check_references(node: _Node) -> _Found:
    """References within the schema: there is no other document where it is used."""
    reference = node.body.get("$ref")
    if isinstance(reference, str) and not reference.startswith("#"):
        yield "error", f"has a $ref to {reference}: nobody follows it, so write what it stands for in its place"


def check_keywords(node: _Node) -> _Found:
    """Keywords of draft 4, and formats that data is held to."""
    for keyword in node.body:
        if keyword not in _KEYWORDS and not (keyword in _IGLU_KEYWORDS and not node.steps):
            yield "warning", f"has {keyword}, which is no keyword of draft 4: it is ignored"
    name = node.body.get("format")
    if isinstance(name, str) and name not in ASSERTED:
        yield "warning", f"has the format {name}, which is not checked; those that are: {', '.join(sorted(ASSERTED))}"


def check_openness(node: _Node) -> _Found:
    """Limits and descriptions for everything that may be sent."""
    body = node.body
    if not node.place or "$ref" in body:
        return
    if not body.get("description"):
        yield "warning", "has no description"
    if "string" in node.types and body.keys().isdisjoint(("maxLength", "format", "enum", "pattern")):
        yield "warning", "has no maxLength, format, pattern or enum: texts of any length pass"
    if node.types & _NUMBERS and "enum" not in body and not body.keys() >= {"minimum", "maximum"}:
        yield "warning", "lacks a minimum or a maximum: its column has to be the widest there is"
    if "object" in node.types and body.get("additionalProperties", True) is True:
        yield "warning", "does not forbid additionalProperties: a misspelt name passes, and its value has no column"


CHECKS: tuple[Callable[[_Node], _Found], ...] = (
    check_types,
    check_limits,
    check_values,
    check_required,
    check_references,
    check_keywords,
    check_openness,
)
"""What every schema inside the schema is asked."""


def _is_number(value: object) -> TypeGuard[float]:
    return type_of(value) in _NUMBERS


def _is_texts(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)
