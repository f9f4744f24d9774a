import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.iglu.doubles import Clock, MemoryRegistry, key

from snowmelt.iglu.registry import FolderRegistry, embedded_registry
from snowmelt.iglu.resolver import Resolver
from snowmelt.iglu.validation import InvalidSchema, ResolutionError, Rules, ValidationError, Validator
from snowmelt.protocol.json_text import loads
from snowmelt.protocol.schema_key import SchemaKey, SchemaVer
from snowmelt.protocol.self_describing import SelfDescribing, parse

CASES = Path(__file__).parent / "cases"
NAME = "com.acme/thing/1-0-0"


def lines(name):
    return [json.loads(line) for line in (CASES / name).read_text(encoding="utf-8").splitlines()]


def entity(value: dict[str, Any]) -> SelfDescribing:
    document = parse(loads(json.dumps(value)))
    assert isinstance(document, SelfDescribing)
    return document


@pytest.fixture(scope="module")
def validator():
    return Validator(Resolver([embedded_registry(), FolderRegistry("cases", CASES / "registry")], clock=Clock()))


def check(schema, data):
    validator = Validator(Resolver([MemoryRegistry("memory", {NAME: schema})], clock=Clock()))
    return validator.check(SelfDescribing(key(NAME), data))


def accepted(schema, data):
    return isinstance(check(schema, data), SelfDescribing)


def reports(schema, data):
    problem = check(schema, data)
    assert isinstance(problem, ValidationError)
    return [(report.path, report.keyword, list(report.targets)) for report in problem.reports]


# What others answered


@pytest.mark.parametrize("case", [pytest.param(line, id=line["case"]) for line in lines("peer_verdicts.jsonl")])
def test_verdicts_are_those_of_a_jvm_client(validator, case):
    """Recorded from an enrich on the JVM. The targets of most formats are its own regular expressions: not compared."""
    result = validator.check(entity(case))
    if case["reports"] is None:
        assert isinstance(result, SelfDescribing)
    else:
        assert isinstance(result, ValidationError)
        found = [[r.path, r.keyword, None if r.keyword == "format" else list(r.targets)] for r in result.reports]
        assert sorted(found, key=str) == sorted(case["reports"], key=str)


@pytest.mark.parametrize(
    "case", [pytest.param(line, id=line["schema"].split("/")[1]) for line in lines("captured.jsonl")]
)
def test_what_real_trackers_sent_is_accepted(validator, case):
    document = entity(case)
    assert validator.check(document) is document


# Values


@pytest.mark.parametrize(
    ("number", "integer", "in_range"),
    [
        ("5", True, True),
        ("5.0", False, True),
        ("5e1", False, True),
        ("-0", True, True),
        ("1e400", False, False),
        ("1e-400", False, True),
        ("9" * 4000, True, False),
        ("100.00000000000000000000001", False, False),
    ],
)
def test_numbers_are_what_they_are_spelled(number, integer, in_range):
    data = loads(number)
    assert accepted({"type": "number"}, data)
    assert accepted({"items": {"type": "number"}}, [data])
    assert accepted({"properties": {"a": {"type": "number"}}}, {"a": data})
    assert accepted({"type": "integer"}, data) == integer
    assert accepted({"minimum": 0, "maximum": 100}, data) == in_range
    assert accepted({"items": {"minimum": 0, "maximum": 100}}, [data]) == in_range


def test_a_limit_is_printed_as_the_schema_spells_it():
    assert reports({"minimum": -1.5}, Decimal("-2.0")) == [("$", "minimum", ["-1.5"])]
    assert reports({"maximum": 10, "exclusiveMaximum": True}, 10) == [("$", "maximum", ["10"])]
    assert reports({"multipleOf": 0.5}, Decimal("0.3")) == [("$", "multipleOf", ["0.5"])]


def test_lengths_count_code_points():
    assert accepted({"maxLength": 1}, "😀")
    assert reports({"maxLength": 1}, "😀😀") == [("$", "maxLength", ["1"])]


# Reports


@pytest.mark.parametrize(
    ("schema", "data", "expected"),
    [
        ({"type": "string"}, None, [("$", "type", ["null", "string"])]),
        ({"type": "string"}, True, [("$", "type", ["boolean", "string"])]),
        ({"type": "string"}, 1, [("$", "type", ["integer", "string"])]),
        ({"type": "string"}, Decimal("1.5"), [("$", "type", ["number", "string"])]),
        ({"type": "string"}, [], [("$", "type", ["array", "string"])]),
        ({"type": "string"}, {}, [("$", "type", ["object", "string"])]),
        ({"type": ["string", "null"]}, 1, [("$", "type", ["integer", "[null, string]"])]),
        ({"required": ["a", "b"]}, {}, [("$", "required", ["a"]), ("$", "required", ["b"])]),
        (
            {"properties": {"a": {}}, "additionalProperties": False},
            {"b": 1, "c": 2},
            [("$", "additionalProperties", ["b"]), ("$", "additionalProperties", ["c"])],
        ),
        (
            {"properties": {"a": {"additionalProperties": False}}},
            {"a": {"b": 1, "c": 2}},
            [("$.a", "additionalProperties", ["b"]), ("$.a", "additionalProperties", ["c"])],
        ),
        ({"enum": ["a", 1, None, 1.5]}, "b", [("$", "enum", ["[a, 1, null, 1.5]"])]),
        ({"properties": {"a": {"items": {"enum": [1]}}}}, {"a": [1, 2]}, [("$.a[1]", "enum", ["[1]"])]),
        ({"minLength": 2}, "a", [("$", "minLength", ["2"])]),
        ({"pattern": "^a$"}, "b", [("$", "pattern", ["^a$"])]),
        ({"format": "date-time"}, "b", [("$", "dateTime", ["b", "date-time"])]),
        ({"format": "date"}, "b", [("$", "dateTime", ["b", "date"])]),
        ({"format": "uuid"}, "b", [("$", "uuid", ["b", "uuid"])]),
        ({"format": "email"}, "b", [("$", "format", ["b", "email"])]),
        ({"minItems": 1}, [], [("$", "minItems", ["1"])]),
        ({"uniqueItems": True}, [1, 1], [("$", "uniqueItems", [])]),
        ({"items": [{}], "additionalItems": False}, [1, 2], [("$", "additionalItems", ["1"])]),
        ({"minProperties": 1}, {}, [("$", "minProperties", ["1"])]),
        ({"dependencies": {"a": ["b"]}}, {"a": 1}, [("$", "required", ["b"])]),
        ({"not": {"type": "string"}}, "a", [("$", "not", [])]),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, 1, [("$", "anyOf", [])]),
        ({"oneOf": [{"type": "string"}, {"maxLength": 2}]}, "a", [("$", "oneOf", [])]),
    ],
)
def test_a_report_says_where_and_against_what(schema, data, expected):
    assert reports(schema, data) == expected


def test_a_message_is_a_sentence_for_people():
    problem = check({"properties": {"a": {"type": "integer"}}, "required": ["b"]}, {"a": "x"})
    assert isinstance(problem, ValidationError)
    assert {report.message for report in problem.reports} == {
        "$.a is of type string, not integer",
        "$ lacks the required b",
    }


def test_a_bad_row_does_not_grow_with_the_data():
    """A report is larger than the item it is about, and a name may be as long as a request."""
    name = "n" * 10_000
    problem = check({"items": {"type": "string"}, "additionalProperties": False}, [1] * 10_000)
    assert isinstance(problem, ValidationError)
    assert len(problem.reports) == 100
    problem = check({"additionalProperties": False}, {name: 1})
    assert isinstance(problem, ValidationError)
    assert len(json.dumps(problem.iglu_error().to_json())) < 1500


# Schemas


@pytest.mark.parametrize(
    "reference",
    ["http://json-schema.org/draft-04/schema#", "iglu:com.acme/a/jsonschema/1-0-0", "other.json#/definitions/a"],
)
def test_a_reference_to_another_document_asks_for_nothing(reference):
    schema = {"properties": {"a": {"$ref": reference}, "b": {"type": "string"}}}
    assert accepted(schema, {"a": 5})
    assert not accepted(schema, {"b": 5})


def test_a_reference_within_the_document_is_followed():
    schema = {"properties": {"a": {"$ref": "#/definitions/text"}}, "definitions": {"text": {"type": "string"}}}
    assert accepted(schema, {"a": "x"})
    assert reports(schema, {"a": 5}) == [("$.a", "type", ["integer", "string"])]


def test_properties_may_be_named_like_keywords():
    schema = {
        "properties": {"format": {"type": "string"}, "enum": {"format": "time"}, "$ref": {"type": "integer"}},
        "required": ["format"],
    }
    assert accepted(schema, {"format": "x", "enum": "x", "$ref": 1})
    assert not accepted(schema, {"format": 1})
    assert not accepted(schema, {"format": "x", "$ref": "x"})


def test_data_in_a_schema_is_left_alone():
    value = {"$ref": "http://elsewhere", "format": "time"}
    assert accepted({"enum": [value]}, value)


def test_keywords_of_later_drafts_and_of_iglu_are_no_rules():
    schema = {
        "$schema": "http://iglucentral.com/schemas/com.snowplowanalytics.self-desc/schema/jsonschema/1-0-0#",
        "self": {"vendor": "com.acme", "name": "thing", "format": "jsonschema", "version": "1-0-0"},
        "const": 5,
        "if": {"type": "string"},
    }
    assert accepted(schema, 6)


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ({"type": "objekt"}, "$.type"),
        ({"properties": 5}, "$.properties"),
        ({"properties": {"a": {"minLength": -1}}}, "$.properties.a.minLength"),
        ({"properties": {"a": {"required": True}}}, "$.properties.a.required"),
        ({"pattern": "(["}, "$.pattern"),
        ({"$ref": "#/definitions/nowhere"}, "$"),
    ],
)
def test_a_schema_that_is_none_is_a_problem_of_the_data(schema, path):
    problem = check(schema, {})
    assert isinstance(problem, InvalidSchema)
    assert (problem.key, problem.path) == (key(NAME), path)
    error = problem.iglu_error().to_json()["error"]
    assert error == {"error": "ValidationError", "schemaIssues": [{"path": path, "message": problem.message}]}
    assert problem.message


def test_a_schema_nested_without_end_is_a_problem_of_the_data():
    schema: dict[str, Any] = {}
    for _ in range(20_000):
        schema = {"not": schema}
    assert isinstance(check(schema, {}), InvalidSchema)


def test_a_missing_schema_is_a_problem_of_the_data(validator):
    name = key("com.acme/nothing/1-0-0")
    problem = validator.check(SelfDescribing(name, {}))
    assert isinstance(problem, ResolutionError)
    error = problem.iglu_error()
    assert error.schema_key == name
    assert [lookup["repository"] for lookup in error.error.to_json()["lookupHistory"]] == ["Snowmelt Embedded", "cases"]


def test_a_file_that_is_no_json_is_told_in_the_history(validator):
    problem = validator.check(SelfDescribing(key("com.patrickcloud/notjson/1-0-0"), {}))
    assert isinstance(problem, ResolutionError)
    attempt = problem.failure.history[1]
    assert (attempt.repository, attempt.failure) == (
        "cases",
        "the file of iglu:com.patrickcloud/notjson/jsonschema/1-0-0 is not JSON",
    )


# Superseded schemas


def test_data_of_a_superseded_schema_follows_the_newer_one(validator):
    old, new = key("com.patrickcloud/old/1-0-0"), key("com.patrickcloud/old/1-0-1")
    assert validator.check(SelfDescribing(old, {"a": 1, "b": "z"})) == SelfDescribing(new, {"a": 1, "b": "z"})
    problem = validator.check(SelfDescribing(old, {"a": "x"}))
    assert isinstance(problem, ValidationError)
    assert (problem.key, problem.superseded_by) == (old, SchemaVer(1, 0, 1))
    assert problem.iglu_error().to_json()["error"]["supersededBy"] == "1-0-1"


def test_the_newer_schema_may_be_missing_or_superseded_itself():
    schemas = {NAME: {"$supersededBy": "1-0-1"}, "com.acme/round/1-0-0": {"$supersededBy": "1-0-0"}}
    validator = Validator(Resolver([MemoryRegistry("memory", schemas)], clock=Clock()))
    problem = validator.check(SelfDescribing(key(NAME), {}))
    assert isinstance(problem, ResolutionError)
    assert (problem.key, problem.failure.key) == (key(NAME), key("com.acme/thing/1-0-1"))
    round_ = SelfDescribing(key("com.acme/round/1-0-0"), {})
    assert validator.check(round_) == round_


# Compiling


def test_a_schema_is_compiled_again_only_when_it_changed(monkeypatch):
    compiled: list[object] = []
    original = jsonschema_rs.Draft4Validator

    def counting(schema, **options):
        compiled.append(schema)
        return original(schema, **options)

    clock, registry = Clock(), MemoryRegistry("memory", {NAME: {"type": "string"}})
    validator = Validator(Resolver([registry], ttl=60, clock=clock))
    monkeypatch.setattr(jsonschema_rs, "Draft4Validator", counting)
    for _ in range(3):
        assert isinstance(validator.check(SelfDescribing(key(NAME), "x")), SelfDescribing)
        clock.now += 60
    assert len(compiled) == 1
    registry.schemas[NAME] = {"type": "integer"}
    clock.now += 60
    assert isinstance(validator.check(SelfDescribing(key(NAME), "x")), ValidationError)
    assert len(compiled) == 2


def test_rules_are_the_same_until_a_registry_has_others():
    clock, registry = Clock(), MemoryRegistry("memory", {NAME: {"type": "string"}})
    validator = Validator(Resolver([registry], ttl=60, clock=clock))
    rules = validator.rules(key(NAME))
    clock.now += 60
    assert validator.rules(key(NAME)) is rules
    registry.schemas[NAME] = {"type": "integer"}
    assert validator.rules(key(NAME)) is rules
    clock.now += 60
    assert validator.rules(key(NAME)) is not rules


# Shortcuts


def rules_of(schema):
    rules = Validator(Resolver([MemoryRegistry("memory", {NAME: schema})], clock=Clock())).rules(key(NAME))
    assert isinstance(rules, Rules)
    return rules


ITEMS = [0, 2, "a", None, [], ["b"], {}, {"a": 1}]
OF_ITEMS = [
    {"type": "array", "items": {"type": ["string", "array"]}},
    {"items": {"$ref": "#"}, "minItems": 1},
    {"items": {"enum": [0, "a", {}]}, "title": "t", "description": "d"},
    {"minItems": 2, "items": {}},
]
OF_MORE = [
    {"maxItems": 1},
    {"uniqueItems": True},
    {"items": [{"type": "string"}]},
    {"not": {"minItems": 2}},
    {"enum": [[0]]},
    {"$ref": "#/definitions/a", "definitions": {"a": {"maxItems": 1}}},
]


@pytest.mark.parametrize("schema", OF_ITEMS)
@given(items=st.lists(st.sampled_from(ITEMS), min_size=1, max_size=4))
def test_an_array_of_items_that_follow_alone_follows_together(schema, items):
    rules = rules_of(schema)
    assert rules.is_itemwise
    if not any(rules.violations([item]) for item in items):
        assert rules.violations(items) == ()


@pytest.mark.parametrize("schema", OF_MORE)
def test_a_schema_that_says_more_of_an_array_is_not_itemwise(schema):
    assert not rules_of(schema).is_itemwise


TEXT_SCHEMAS = [
    {},
    {"type": "object"},
    {"minItems": 2},
    {"items": {"required": ["a"], "properties": {"a": {"type": "string"}}, "additionalProperties": False}},
    {"items": {"properties": {"a": {"maxLength": 1, "format": "uuid"}, "b": {"type": "integer"}}}},
]


@pytest.mark.parametrize("schema", TEXT_SCHEMAS)
@given(items=st.lists(st.dictionaries(st.sampled_from("abc"), st.text(st.characters(), max_size=2)), max_size=3))
def test_what_is_admitted_quickly_has_no_violations(schema, items):
    rules = rules_of(schema)
    assert rules.admit(items) == (rules.violations(items) == ())


MOMENTS = ["2024-02-29T00:00:00Z", "2024-02-28T00:00:00Z", "0000-01-01 00:00:00z", "2023-04-31T00:00:00Z", "x", ""]
FORMATTED = [
    {"format": "date-time"},
    {"not": {"format": "date-time"}},
    {"oneOf": [{"format": "date-time"}, {"maxLength": 1}]},
    {"format": "date-time", "pattern": "^2024"},
    {"enum": [{"format": "date-time"}, "x"]},
    {"properties": {"format": {"format": "uuid"}}},
]


@pytest.mark.parametrize("schema", FORMATTED)
@pytest.mark.parametrize("data", [*MOMENTS, {"format": "date-time"}, {"format": "x"}, 5])
def test_nothing_is_admitted_for_a_pattern_in_place_of_a_format(schema, data):
    rules = rules_of(schema)
    assert not rules.admit(data) or rules.violations(data) == ()


def test_common_formats_are_admitted_by_their_patterns():
    assert rules_of({"format": "date-time"}).admit("2026-11-22T18:26:40.123Z")
    assert rules_of({"format": "uuid"}).admit("6F771edc-5e26-4608-a3a8-7a20e2d3aa2f")
    assert not rules_of({"format": "uuid"}).admit("6F771edc-5e26-4608-a3a8-7a20e2d3aa2f\n")


# Hostile data


def nested(depth, leaf: Any = 0, wide=False):
    value = leaf
    for _ in range(depth):
        value = {"a": value} if wide else [value]
    return value


@pytest.mark.parametrize("wide", [True, False])
@pytest.mark.parametrize("innermost", [0, None, "a", {}, []])
def test_data_may_be_40_deep(wide, innermost):
    name = key("com.acme/any/1-0-0")
    anything = Validator(Resolver([MemoryRegistry("memory", {"com.acme/any/1-0-0": {}})], clock=Clock()))
    assert isinstance(anything.check(SelfDescribing(name, nested(39, innermost, wide))), SelfDescribing)
    problem = anything.check(SelfDescribing(name, nested(40, innermost, wide)))
    assert isinstance(problem, ValidationError)
    assert problem.iglu_error().to_json()["error"]["dataReports"] == [
        {"message": "more than 40 values inside one another", "path": "/", "keyword": None, "targets": []}
    ]


@pytest.mark.parametrize(
    "data",
    [
        nested(200_000),
        nested(200_000, wide=True),
        nested(200_000, leaf=loads("1e3")),
        "\ud800",
        {"\ud800": "\udfff"},
        float("nan"),
        float("inf"),
        10**6000,
        -(10**6000),
        {"a": loads("1e999999")},
        object(),
        {1: 2},
    ],
    ids=lambda data: type(data).__name__,
)
@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"type": "object", "additionalProperties": False},
        {"items": {"$ref": "#"}, "additionalProperties": {"$ref": "#"}},
        {"enum": [1]},
        {"uniqueItems": True, "maxLength": 0, "multipleOf": 0.01, "maximum": 1},
    ],
    ids=["open", "closed", "recursive", "enum", "limits"],
)
def test_hostile_data_never_raises(schema, data):
    assert isinstance(check(schema, data), SelfDescribing | ValidationError)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_any_json_is_judged_by_any_schema(validator, value):
    for uri in ("com.patrickcloud/kinds", "org.ietf/http_client_hints", "com.snowplowanalytics.snowplow/contexts"):
        name = SchemaKey.parse(f"iglu:{uri}/jsonschema/1-0-0")
        assert name is not None
        result = validator.check(SelfDescribing(name, loads(json.dumps(value))))
        if isinstance(result, ValidationError):
            assert result.reports
            assert json.dumps(result.iglu_error().to_json())


@given(JSON)
def test_any_json_as_a_schema_is_compiled_or_refused(value):
    schema = value if isinstance(value, dict) else {"properties": value}
    assert isinstance(check(schema, {"a": 1}), SelfDescribing | ValidationError | InvalidSchema)
