"""Findings about schemas: what forbids one, what is only warned of, and that nothing breaks on any JSON."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.iglu.doubles import key

from snowmelt.iglu.lint import METASCHEMA, Finding, errors, identity, lint

SELF = {"vendor": "com.acme", "name": "page", "format": "jsonschema", "version": "1-0-0"}
HEAD = {"$schema": METASCHEMA, "self": SELF, "description": "A page.", "type": "object"}
TITLE = {"description": "What it is called.", "type": "string", "maxLength": 100}
CLEAN = {**HEAD, "properties": {"title": TITLE}, "required": ["title"], "additionalProperties": False}


def schema(**changes: object) -> dict[str, Any]:
    return {**CLEAN, **changes}


def of(**inner: object) -> dict[str, Any]:
    """A schema with one property, which is described."""
    return schema(properties={"title": {"description": "What it is called.", **inner}})


def test_a_clean_schema_has_no_findings() -> None:
    assert lint(CLEAN) == []


ERRORS = [
    ("no $schema", {**CLEAN, "$schema": None}, "$.$schema has to be"),
    ("a later draft", schema(**{"$schema": "http://json-schema.org/draft-07/schema#"}), "$.$schema has to be"),
    ("no self", {**HEAD, "self": None}, "$.self has to hold vendor, name"),
    ("self without a version", schema(self={"vendor": "a", "name": "b", "format": "c"}), "$.self has to hold"),
    ("self with a stray name", schema(self={**SELF, "author": "me"}), "$.self has to hold"),
    ("a version of two parts", schema(self={**SELF, "version": "1-0"}), "$.self has to hold"),
    ("model 0", schema(self={**SELF, "version": "0-1-0"}), "$.self has to hold"),
    ("a blank in the name", schema(self={**SELF, "name": "my page"}), "$.self has to hold"),
    ("another format", schema(self={**SELF, "format": "avro"}), "$.self.format has to be jsonschema"),
    ("an unknown type", of(type="text"), "$.properties.title has the unknown type 'text'; there are array, boolean"),
    ("one of several types", of(type=["text", "null"]), "$.properties.title has the unknown type 'text'"),
    ("a type that is no name", of(type=5), "$.properties.title has the unknown type 5"),
    ("a name that may not be sent", schema(required=["title", "url"]), "$ requires url, which its properties lack"),
    ("minimum above maximum", of(type="integer", minimum=5, maximum=4), "has minimum 5 above maximum 4"),
    ("minLength above maxLength", of(type="string", minLength=5, maxLength=4), "has minLength 5 above maxLength 4"),
    ("minItems above maxItems", of(type="array", minItems=2, maxItems=1), "has minItems 2 above maxItems 1"),
    ("a default of another type", of(type="string", maxLength=9, default=5), "under default a value of type integer"),
    (
        "an option of another type",
        of(type=["string", "null"], enum=["a", 5]),
        "has under enum a value of type integer, not null or",
    ),
    ("a number is no integer", of(type="integer", enum=[1.5]), "has under enum a value of type number, not integer"),
    ("true is no integer", of(type="integer", enum=[True]), "has under enum a value of type boolean, not integer"),
    ("a reference out of it", of(**{"$ref": "http://acme.com/a#"}), "has a $ref to http://acme.com/a#"),
    ("a reference to nothing", of(**{"$ref": "#/definitions/a"}), "'/definitions/a' does not exist"),
    ("no regular expression", of(type="string", pattern="("), "$.properties.title.pattern is not in the format regex"),
    ("a negative length", of(type="string", maxLength=-1), "$.properties.title.maxLength does not satisfy minimum 0"),
    ("a limit that is a text", of(type="integer", minimum="1"), "$.properties.title.minimum is of type string"),
    (
        "a later draft's limit",
        of(type="integer", minimum=0, exclusiveMinimum=1),
        "exclusiveMinimum is of type integer",
    ),
    ("a name required twice", schema(required=["title", "title"]), "$.required does not satisfy uniqueItems"),
    ("an empty required", schema(required=[]), "$.required is empty, which makes it no schema"),
    ("no schema inside", schema(properties={"title": 5}), "$.properties.title is of type integer, not object"),
    ("neither schema nor list", of(type="array", items=5), "$.properties.title.items does not satisfy anyOf"),
    ("inside of a list", of(type="array", items={"type": "text"}), "$.properties.title.items has the unknown type"),
    ("inside of a choice", of(oneOf=[{"type": "text"}]), "$.properties.title.oneOf[0] has the unknown type"),
    ("inside of definitions", schema(definitions={"a": {"type": "text"}}), "$.definitions.a has the unknown type"),
]


@pytest.mark.parametrize(("body", "said"), [case[1:] for case in ERRORS], ids=[case[0] for case in ERRORS])
def test_an_error_says_what_and_where(body: dict[str, Any], said: str) -> None:
    found = [str(finding) for finding in errors(lint(body))]
    assert len(found) == 1, found
    assert said in found[0]


WARNINGS = [
    ("no description", of(description=""), "$.properties.title has no description"),
    ("no description of the whole", {**CLEAN, "description": ""}, "$ has no description"),
    ("a text without end", of(type="string"), "$.properties.title has no maxLength"),
    ("a text or null without end", of(type=["string", "null"]), "$.properties.title has no maxLength"),
    ("a number without bounds", of(type="number"), "$.properties.title lacks a minimum or a maximum"),
    ("a number with one bound", of(type="integer", minimum=0), "$.properties.title lacks a minimum or a maximum"),
    ("an open object", schema(additionalProperties=True), "$ does not forbid additionalProperties"),
    ("an open object inside", of(type="object"), "$.properties.title does not forbid additionalProperties"),
    ("a misspelt keyword", of(type="string", maxlength=5, enum=["a"]), "has maxlength, which is no keyword of draft 4"),
    ("a later draft's keyword", of(type="string", const="a", enum=["a"]), "has const, which is no keyword of draft 4"),
    ("a format nobody checks", of(type="string", format="iban"), "has the format iban, which is not checked"),
    ("a limit of another type", of(type="boolean", maxLength=5), "has maxLength, which says nothing of type boolean"),
    (
        "a name that is not described",
        schema(required=["title", "url"], additionalProperties={"type": "string", "description": "-", "maxLength": 1}),
        "$ requires url, which its properties do not describe",
    ),
]


@pytest.mark.parametrize(("body", "said"), [case[1:] for case in WARNINGS], ids=[case[0] for case in WARNINGS])
def test_a_warning_says_what_and_where(body: dict[str, Any], said: str) -> None:
    findings = lint(body)
    assert [finding.severity for finding in findings] == ["warning"], findings
    assert said in str(findings[0])


@pytest.mark.parametrize(
    "body",
    [
        of(type="string", format="uuid"),
        of(type="string", pattern="^a"),
        of(type="string", enum=["a"], default="a"),
        of(type=["string", "null"], enum=["a", None]),
        of(type="integer", minimum=0, maximum=1, default=1),
        of(type="number", minimum=0, maximum=1, enum=[1, 0.5]),
        of(type="object", properties={}, additionalProperties=False),
        schema(anyOf=[{"required": ["title"]}, {"required": ["name"]}]),
        schema(**{"$supersededBy": "1-0-1"}),
        schema(properties={"title": {"$ref": "#/definitions/title"}}, definitions={"title": TITLE}),
        schema(required=["title", "x_y"], patternProperties={"^x_": TITLE})
        | {"properties": {"title": TITLE, "x_y": TITLE}},
        schema(properties={"title": TITLE, "type": TITLE, "required": TITLE}),
    ],
)
def test_what_is_right_is_not_found_fault_with(body: dict[str, Any]) -> None:
    assert lint(body) == []


def test_a_schema_in_the_wrong_place_is_an_error() -> None:
    assert lint(CLEAN, key("com.acme/page/1-0-0")) == []
    said = "says com.acme/page/jsonschema/1-0-0, but it is to be com.acme/page/jsonschema/1-0-1"
    assert lint(CLEAN, key("com.acme/page/1-0-1")) == [Finding("$.self", said, "error")]


def test_errors_come_first() -> None:
    severities = [finding.severity for finding in lint(schema(description="", properties={"a": {"type": "text"}}))]
    assert severities == sorted(severities)
    assert set(severities) == {"error", "warning"}


def test_what_is_too_deep_is_refused_at_once() -> None:
    body = dict(CLEAN)
    for _ in range(100_000):
        body = {"properties": {"a": body}}
    assert [str(finding) for finding in lint(body)] == ["$ has more than 60 objects and arrays inside one another"]


def test_a_schema_names_itself() -> None:
    assert identity(CLEAN) == key("com.acme/page/1-0-0")
    assert identity({**CLEAN, "self": {**SELF, "version": "99999999999-0-0"}}) is None


def test_our_own_schemas_have_no_errors(root: Path) -> None:
    files = [file for file in (root / "schemas").rglob("*") if file.is_file()]
    assert len(files) > 40
    for file in files:
        vendor, name, _, version = file.parts[-4:]
        assert errors(lint(json.loads(file.read_bytes()), key(f"{vendor}/{name}/{version}"))) == [], file


LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=5),
    st.sampled_from(["object", "string", "integer", "#", "#/definitions/a"]),
)
NAMES = st.one_of(
    st.sampled_from(["properties", "required", "type", "enum", "items", "$ref", "definitions", "allOf", "minimum"]),
    st.sampled_from(["maximum", "default", "additionalProperties", "patternProperties", "not", "dependencies", "self"]),
    st.text(max_size=3),
)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=20
)


@settings(deadline=None)
@given(st.dictionaries(NAMES, VALUES, max_size=6))
def test_any_json_object_has_findings_or_none(body: dict[str, Any]) -> None:
    for finding in lint({"$schema": METASCHEMA, "self": SELF, **body}):
        assert str(finding).startswith("$")
