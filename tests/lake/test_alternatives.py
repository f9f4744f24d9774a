import pytest

from snowmelt.lake.alternatives import without_alternatives
from snowmelt.lake.typing import Scalar, column_type

TEXT, WHOLE = {"type": "string"}, {"type": "integer"}


def test_a_schema_without_alternatives_stays():
    schema = {"type": "object", "properties": {"a": TEXT}, "additionalProperties": False, "required": ["a"]}
    assert without_alternatives(schema) == schema


def fields(schema):
    kind, _ = column_type(schema)
    return {field.name: (field.type, field.nullable) for field in kind.fields}


@pytest.mark.parametrize("word", ["oneOf", "anyOf"])
def test_properties_of_alternatives_are_merged_and_required_only_in_all(word):
    schema = {
        "type": "object",
        "properties": {"both": TEXT},
        "required": ["both"],
        word: [
            {"properties": {"a": WHOLE}, "required": ["a"]},
            {"properties": {"b": TEXT}, "required": ["b"]},
        ],
    }
    assert fields(schema) == {
        "both": (Scalar.STRING, False),
        "a": (Scalar.LONG, True),
        "b": (Scalar.STRING, True),
    }


def test_a_property_of_two_types_is_json():
    schema = {"type": "object", "oneOf": [{"properties": {"a": WHOLE}}, {"properties": {"a": TEXT}}]}
    assert fields(schema) == {"a": (Scalar.JSON, True)}


def test_alternatives_of_one_type_are_one_type():
    assert column_type({"oneOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date"}]}) == (
        Scalar.DATE,
        False,
    )
    assert column_type({"oneOf": [{"type": "string", "format": "date"}, TEXT]}) == (Scalar.STRING, False)
    assert column_type({"oneOf": [TEXT, {"type": "null"}]}) == (Scalar.STRING, True)


def test_bounds_are_widened_and_lost_when_one_alternative_has_none():
    small, large = {"type": "integer", "minimum": 0, "maximum": 9}, {"type": "integer", "minimum": -5, "maximum": 2**40}
    assert column_type({"oneOf": [small, small]}) == (Scalar.INTEGER, False)
    assert column_type({"oneOf": [small, {**small, "maximum": 99}]}) == (Scalar.INTEGER, False)
    assert column_type({"oneOf": [small, large]}) == (Scalar.LONG, False)
    assert column_type({"oneOf": [small, WHOLE]}) == (Scalar.LONG, False)


def test_an_alternative_is_narrowed_by_what_surrounds_it():
    schema = {"type": ["integer", "string"], "oneOf": [{"type": ["integer", "boolean"]}, {"type": "integer"}]}
    assert column_type(schema) == (Scalar.LONG, False)


def test_what_an_open_alternative_lets_pass_is_json():
    schema = {"oneOf": [{"type": "object", "properties": {"a": WHOLE}}, {"type": "object"}]}
    assert fields(schema) == {"a": (Scalar.JSON, True)}


def test_alternatives_deep_inside_are_merged():
    schema = {"type": "object", "properties": {"list": {"type": "array", "items": {"anyOf": [TEXT, {"type": "null"}]}}}}
    kind, nullable = fields(schema)["list"]
    assert (kind.element, kind.nullable, nullable) == (Scalar.STRING, True, True)
