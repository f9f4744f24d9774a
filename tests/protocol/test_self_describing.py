import pytest

from snowmelt.protocol.schema_key import SchemaKey
from snowmelt.protocol.self_describing import NotIglu, SelfDescribing, parse

URI = "iglu:com.acme/click/jsonschema/1-0-0"
KEY = SchemaKey.parse(URI)


@pytest.mark.parametrize("data", [{"a": 1}, [], "text", 5, None])
def test_any_data_may_describe_itself(data):
    assert parse({"schema": URI, "data": data}) == SelfDescribing(KEY, data)


def test_the_json_has_schema_first_and_nothing_else():
    parsed = parse({"data": {"a": 1}, "more": True, "schema": URI})
    assert list(parsed.to_json().items()) == [("schema", URI), ("data", {"a": 1})]


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (None, "INVALID_DATA_PAYLOAD"),
        ([1, 2], "INVALID_DATA_PAYLOAD"),
        ("text", "INVALID_DATA_PAYLOAD"),
        ({}, "INVALID_DATA_PAYLOAD"),
        ({"a": 1}, "INVALID_DATA_PAYLOAD"),
        ({"schema": URI}, "INVALID_DATA_PAYLOAD"),
        ({"schema": 5, "data": {}}, "INVALID_DATA_PAYLOAD"),
        ({"schema": "x", "data": {}}, "INVALID_IGLUURI"),
        ({"schema": "x"}, "INVALID_IGLUURI"),
        ({"schema": "iglu:com.acme/click/jsonschema/0-0-1", "data": {}}, "INVALID_SCHEMAVER"),
    ],
)
def test_what_does_not_describe_itself(value, error):
    assert parse(value) == NotIglu(error, value)
    assert parse(value).to_json() == {"json": value, "error": error}
