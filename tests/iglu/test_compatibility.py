"""Which part of a version has to rise, checked against data: an ADDITION refuses nothing that was allowed."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.iglu.doubles import key

from snowmelt.iglu.compatibility import Bump, Fact, compare
from snowmelt.iglu.resolver import Schema
from snowmelt.iglu.validation import Compiled, compile_schema
from snowmelt.protocol.schema_key import SchemaVer

ADDITION, REVISION, MODEL = Bump
TEXT = {"type": "string"}
ID = {"properties": {"id": TEXT}}
CLOSED = {**ID, "additionalProperties": False}


def of(**rules: object) -> dict[str, Any]:
    """A schema with one property."""
    return {"properties": {"id": rules}}


CASES: list[tuple[dict[str, Any], dict[str, Any], Bump, str]] = [
    # types
    (of(type="string"), of(type=["string", "null"]), ADDITION, "$.properties.id may be of type null too"),
    (of(type=["string", "null"]), of(type="string"), REVISION, "$.properties.id is no longer of type null"),
    (of(type="string"), of(type="integer"), MODEL, "$.properties.id is of type integer, no longer string"),
    (of(type="integer"), of(type="number"), ADDITION, "$.properties.id may be of type number too"),
    (of(type="number"), of(type="integer"), REVISION, "$.properties.id is no longer of type number"),
    (of(type="boolean"), of(), ADDITION, "$.properties.id may be of any type"),
    (of(), of(type=["boolean", "object", "array", "string", "number"]), REVISION, "has to be of type array or"),
    (of(enum=["a"]), of(type="string"), ADDITION, "$.properties.id need not be one of an enum any more"),
    (of(enum=["a", None]), of(enum=["a", None], type="string"), REVISION, "is no longer of type null"),
    # enums
    (of(enum=["a"]), of(enum=["a", "b"]), ADDITION, '$.properties.id can be "b" too'),
    (of(enum=["a", "b"]), of(enum=["a"]), REVISION, '$.properties.id can no longer be "b"'),
    (of(enum=["a"]), of(enum=["b"]), MODEL, '$.properties.id can no longer be "a"'),
    (of(enum=[1]), of(enum=[1, True]), ADDITION, "$.properties.id can be true too"),
    (of(enum=["a"]), of(), ADDITION, "$.properties.id need not be one of an enum any more"),
    (of(), of(enum=["a"]), REVISION, "$.properties.id has to be one of an enum"),
    # limits
    (of(maxLength=5), of(maxLength=6), ADDITION, "$.properties.id has the maxLength 6, not 5"),
    (of(maxLength=5), of(maxLength=4), REVISION, "$.properties.id has the maxLength 4, not 5"),
    (of(maxLength=5), of(), ADDITION, "$.properties.id has no maxLength any more"),
    (of(), of(maxItems=5), REVISION, "$.properties.id has the maxItems 5"),
    (of(minLength=5), of(minLength=4), ADDITION, "$.properties.id has the minLength 4, not 5"),
    (of(minLength=5), of(minLength=6), REVISION, "$.properties.id has the minLength 6, not 5"),
    (of(minimum=5), of(minimum=-5.5), ADDITION, "$.properties.id has the minimum -5.5, not 5"),
    (of(minimum=5), of(minimum=6), REVISION, "$.properties.id has the minimum 6, not 5"),
    (of(maximum=5), of(maximum=4), REVISION, "$.properties.id has the maximum 4, not 5"),
    (of(maximum=5), of(), ADDITION, "$.properties.id has no maximum any more"),
    (of(maximum=5), of(maximum=5, exclusiveMaximum=True), REVISION, "has the maximum 5 itself excluded, not 5"),
    (of(minimum=5, exclusiveMinimum=True), of(minimum=5), ADDITION, "has the minimum 5, not 5 itself excluded"),
    (of(minimum=5, exclusiveMinimum=False), of(minimum=5.0, exclusiveMinimum=True), REVISION, "itself excluded"),
    # texts
    (of(pattern="^a"), of(), ADDITION, "$.properties.id has no pattern any more"),
    (of(pattern="^a"), of(pattern="^b"), REVISION, "$.properties.id has the pattern ^b, not ^a"),
    (of(), of(format="uuid"), REVISION, "$.properties.id has the format uuid"),
    (of(multipleOf=2), of(), ADDITION, "$.properties.id has no multipleOf any more"),
    (of(), of(uniqueItems=True), REVISION, "$.properties.id has the uniqueItems True"),
    # lists
    (
        of(items=TEXT),
        of(items={"type": "integer"}),
        MODEL,
        "$.properties.id.items is of type integer, no longer string",
    ),
    (of(items=TEXT), of(), ADDITION, "$.properties.id.items says something else of the items"),
    (of(), of(items=TEXT), REVISION, "$.properties.id.items says something else of the items"),
    (of(items=[TEXT]), of(items=[TEXT, TEXT]), REVISION, "$.properties.id.items says something else of the items"),
    # objects
    (CLOSED, {"properties": {"id": TEXT, "kind": TEXT}, "additionalProperties": False}, ADDITION, ".kind is new"),
    (ID, {"properties": {"id": TEXT, "kind": TEXT}}, REVISION, ".kind is new, which could be sent before as anything"),
    (CLOSED, {**CLOSED, "properties": {}}, REVISION, "$.properties.id is gone, and may not be sent any more"),
    ({**CLOSED, "required": ["id"]}, {**CLOSED, "properties": {}}, MODEL, "$.properties.id is gone, and may not be"),
    (ID, {}, ADDITION, "$.properties.id is gone, and may be anything now"),
    (ID, {**ID, "required": ["id"]}, REVISION, "$.properties.id is required"),
    ({**ID, "required": ["id"]}, ID, ADDITION, "$.properties.id is not required any more"),
    (
        CLOSED,
        {"properties": {"id": TEXT, "kind": TEXT}, "required": ["kind"], "additionalProperties": False},
        MODEL,
        "$.properties.kind is required",
    ),
    (CLOSED, ID, ADDITION, "$.additionalProperties lets more names pass"),
    (ID, CLOSED, REVISION, "$.additionalProperties lets no other names pass"),
    (ID, {**ID, "additionalProperties": TEXT}, REVISION, "$.additionalProperties lets fewer names pass"),
    ({"additionalProperties": TEXT}, {"additionalProperties": {"type": "null"}}, MODEL, "$.additionalProperties is of"),
    # the rest
    ({"anyOf": [TEXT]}, {}, ADDITION, "$.anyOf is gone"),
    ({}, {"anyOf": [TEXT]}, REVISION, "$.anyOf says something else"),
    ({"patternProperties": {"^a": TEXT}}, {}, REVISION, "$.patternProperties is gone"),
    ({"$ref": "#/definitions/a"}, {}, REVISION, "$.$ref is gone"),
    ({"definitions": {"a": TEXT}}, {"definitions": {"a": {"type": "null"}}}, MODEL, "$.definitions.a is of type null"),
    (of(description="a"), of(description="b"), ADDITION, "$.properties.id has another description"),
]


@pytest.mark.parametrize(("old", "new", "bump", "said"), CASES, ids=[f"{case[3]} ({case[2].name})" for case in CASES])
def test_a_change_asks_for_a_part_to_rise(old: dict[str, Any], new: dict[str, Any], bump: Bump, said: str) -> None:
    first, *_ = compare(old, new)
    assert first.bump is bump
    assert any(said in str(fact) and fact.bump is bump for fact in compare(old, new)), compare(old, new)


def test_the_most_demanding_change_comes_first() -> None:
    old, new = of(type="string", maxLength=5, description="a"), of(type="integer", maxLength=4, description="b")
    assert [fact.bump for fact in compare(old, new)] == [MODEL, REVISION, ADDITION]


def test_nothing_is_said_of_what_is_the_same() -> None:
    same = {**CLOSED, "self": {"version": "1-0-0"}, "$schema": "x"}
    assert compare(same, {**same, "self": {"version": "1-0-1"}}) == []
    assert compare(of(format="iban"), of(format="bic")) == [], "nobody checks these formats"
    assert compare(of(type="string"), of(type=["string"])) == []
    assert compare(of(maximum=5), of(maximum=5, exclusiveMaximum=False)) == []


@pytest.mark.parametrize(
    ("bump", "version", "then"),
    [(ADDITION, "1-2-3", "1-2-4"), (REVISION, "1-2-3", "1-3-0"), (MODEL, "1-2-3", "2-0-0")],
)
def test_the_next_version(bump: Bump, version: str, then: str) -> None:
    old, new = SchemaVer.parse(version), SchemaVer.parse(then)
    assert old is not None
    assert new is not None
    assert bump.after(old) == new
    assert Bump.between(old, new) is bump
    assert Bump.between(new, old) is None
    assert Bump.between(old, old) is None


# Against data

VALUES = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(-3, 12), st.sampled_from([0.5, 2.5, 5.0]), st.text("ab", max_size=4)
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
)
KINDS = st.sampled_from(["array", "boolean", "integer", "null", "number", "object", "string"])
SMALL = st.integers(0, 4)


def schemas(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    bounds = {
        "minimum": st.integers(-2, 10),
        "maximum": st.integers(-2, 10),
    }
    plain: dict[str, st.SearchStrategy[Any]] = {
        "type": KINDS | st.lists(KINDS, min_size=1, max_size=3, unique=True),
        "enum": st.lists(VALUES, min_size=1, max_size=3, unique_by=lambda value: json.dumps(value, sort_keys=True)),
        **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems", "maxProperties"), SMALL),
        **bounds,
        "multipleOf": st.sampled_from([1, 2, 0.5]),
        "pattern": st.sampled_from(["^a", "b$"]),
        "uniqueItems": st.booleans(),
        "items": inner | st.lists(inner, min_size=1, max_size=2),
        "properties": st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
        "patternProperties": st.dictionaries(st.sampled_from(["^a", "."]), inner, max_size=1),
        "additionalProperties": st.booleans() | inner,
        "additionalItems": st.booleans() | inner,
        "required": st.lists(st.sampled_from("abc"), min_size=1, max_size=2, unique=True),
        "not": inner,
        "anyOf": st.lists(inner, min_size=1, max_size=2),
        "definitions": st.fixed_dictionaries({"d": inner}),
    }
    return st.fixed_dictionaries({}, optional=plain)


SCHEMAS = st.recursive(st.just({}) | st.builds(lambda kind: {"type": kind}, KINDS), schemas, max_leaves=6)


@st.composite
def changed(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """A schema and the same with some keyword of it taken from another, at the top or in a property."""
    old, other = draw(schemas(SCHEMAS)), draw(schemas(SCHEMAS))
    new = json.loads(json.dumps(old))
    spots = [(new, other)]
    if isinstance(new.get("properties"), dict) and new["properties"]:
        spots += [(inner, other) for inner in new["properties"].values()]
    spot, donor = draw(st.sampled_from(spots))
    for keyword in draw(st.lists(st.sampled_from(sorted({*spot, *donor}) or ["type"]), min_size=1, max_size=2)):
        spot.pop(keyword, None)
        if keyword in donor:
            spot[keyword] = donor[keyword]
    return old, new


def compiled(body: dict[str, Any]) -> Compiled:
    made = compile_schema(Schema(key("com.acme/page/1-0-0"), body))
    assume(isinstance(made, Compiled))
    assert isinstance(made, Compiled)
    return made


@settings(max_examples=80, deadline=None)
@given(changed(), st.lists(VALUES, min_size=1, max_size=20))
def test_an_addition_refuses_nothing_that_was_allowed(
    change: tuple[dict[str, Any], dict[str, Any]], values: list[Any]
) -> None:
    old, new = change
    facts = compare(old, new)
    before, after = compiled(old), compiled(new)
    if all(fact.bump is ADDITION for fact in facts):
        for value in values:
            if before.exact.is_valid(value):
                assert after.exact.is_valid(value), facts


def test_our_own_versions_rose_as_they_had_to(root: Path) -> None:
    """Those of the same model among the schemas of the product: what is said of them is what happened."""

    def body(name: str) -> dict[str, Any]:
        return json.loads((root / "schemas" / key(name).path).read_bytes())

    snowplow = "com.snowplowanalytics.snowplow"
    found = compare(body(f"{snowplow}/client_session/1-0-1"), body(f"{snowplow}/client_session/1-0-2"))
    assert Fact("$.properties.eventIndex", "is new", ADDITION) in found
    assert {fact.bump for fact in found} == {ADDITION}
