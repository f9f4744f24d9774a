import json
from pathlib import Path

import pyarrow as pa
import pytest

from snowmelt.lake import typing
from snowmelt.lake.typing import Array, Decimal, Field, Scalar, Struct, arrow_type, column_type, normalised

CASES = Path(__file__).parent / "cases"
SUGGESTIONS = json.loads((CASES / "naming_and_types.json").read_text(encoding="utf-8"))["type_suggestions"]
SUGGEST = {
    "timestampSuggestion": typing.suggest_timestamp,
    "booleanSuggestion": typing.suggest_boolean,
    "stringSuggestion": typing.suggest_string,
    "numericSuggestion": typing.suggest_number,
    "enumSuggestion": typing.suggest_enum,
}


def spelled(kind):
    """The type as the fixture spells it."""
    if isinstance(kind, Decimal):
        return f"Type.Decimal(Type.DecimalPrecision.Digits{kind.precision}, {kind.scale})"
    return f"Type.{kind.value.title()}"


@pytest.mark.parametrize("case", SUGGESTIONS, ids=lambda case: f"{case['suggestion']} {json.dumps(case['schema'])}")
def test_suggestion_is_that_of_schema_ddl(case):
    found = SUGGEST[case["suggestion"]](case["schema"])
    if case["expect_none"]:
        assert found is None
    else:
        kind, nullable = found
        assert (spelled(kind), nullable) == (case["type"], case["nullability"] == "ExplicitlyNullable")


TEXT, WHOLE = {"type": "string"}, {"type": "integer"}


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        ({}, (Scalar.JSON, True)),
        ({"type": "object"}, (Scalar.JSON, False)),
        ({"type": ["object", "null"], "properties": {}}, (Scalar.JSON, True)),
        ({"type": "object", "additionalProperties": False}, None),
        ({"type": ["string", "integer"]}, (Scalar.JSON, False)),
        ({"type": ["string", "integer", "null"]}, (Scalar.JSON, True)),
        ({"type": "array"}, (Array(Scalar.JSON, nullable=True), False)),
        ({"type": "array", "items": TEXT}, (Array(Scalar.STRING, nullable=False), False)),
        (
            {"type": ["array", "null"], "items": {"type": ["integer", "null"]}},
            (Array(Scalar.LONG, nullable=True), True),
        ),
        ({"type": "array", "items": {"type": "object", "additionalProperties": False}}, None),
        ({"type": "array", "items": [TEXT, WHOLE]}, (Array(Scalar.JSON, nullable=False), False)),
        ({"type": "array", "items": [TEXT, TEXT]}, (Array(Scalar.STRING, nullable=False), False)),
        ({"properties": {"a": TEXT}}, (Scalar.JSON, True)),
        ({"type": "integer", "minimum": 0, "maximum": 10**40}, (Scalar.DOUBLE, False)),
        ({"type": "number", "multipleOf": 0.01}, (Scalar.DOUBLE, False)),
        ({"type": "number", "multipleOf": 1.0, "minimum": 0, "maximum": 9}, (Scalar.INTEGER, False)),
        ({"type": "string", "enum": ["a", None]}, (Scalar.STRING, False)),
        ({"enum": []}, (Scalar.INTEGER, False)),
        ({"$ref": "#/definitions/a"}, (Scalar.JSON, True)),
    ],
    ids=str,
)
def test_column_type(schema, kind):
    assert column_type(schema) == kind


def test_object_fields_are_sorted_and_required_only_without_null():
    schema = {
        "type": "object",
        "required": ["b", "c"],
        "properties": {
            "c": {"type": ["string", "null"]},
            "b": TEXT,
            "a": TEXT,
            "gone": {"type": "object", "additionalProperties": False},
        },
    }
    assert column_type(schema) == (
        Struct(
            (
                Field("a", Scalar.STRING, True, ("a",)),
                Field("b", Scalar.STRING, False, ("b",)),
                Field("c", Scalar.STRING, True, ("c",)),
            )
        ),
        False,
    )


def test_normalised_names_sort_and_colliding_ones_share_the_first_type():
    kind, _ = column_type(
        {
            "type": "object",
            "properties": {
                "zebra": TEXT,
                "someKey": WHOLE,
                "some_key": TEXT,
                "list": {"type": "array", "items": {"type": "object", "properties": {"innerKey": TEXT}}},
            },
        }
    )
    found = normalised(kind)
    assert [
        (field.name, field.type if isinstance(field.type, Scalar) else None, field.keys) for field in found.fields
    ] == [
        ("list", None, ("list",)),
        ("some_key", Scalar.LONG, ("someKey", "some_key")),
        ("zebra", Scalar.STRING, ("zebra",)),
    ]
    assert found.fields[0].type.element.fields[0].name == "inner_key"


def test_arrow_type_keeps_utc_microseconds_exact_decimals_and_json():
    kind = Struct(
        (
            Field("at", Scalar.TIMESTAMP, True, ("at",)),
            Field("price", Decimal(18, 2), True, ("price",)),
            Field("any", Array(Scalar.JSON, nullable=True), True, ("any",)),
        )
    )
    assert arrow_type(kind) == pa.struct(
        [("at", pa.timestamp("us", "UTC")), ("price", pa.decimal128(18, 2)), ("any", pa.list_(pa.json_()))]
    )
