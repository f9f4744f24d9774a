import json

from snowmelt.protocol import tracker
from snowmelt.protocol.atomic import COLUMNS, INDEX, Kind
from snowmelt.protocol.tracker import ParameterKind

KINDS = {
    ParameterKind.EVENT: Kind.STRING,
    ParameterKind.PLATFORM: Kind.STRING,
    ParameterKind.TEXT: Kind.STRING,
    ParameterKind.IP_ADDRESS: Kind.STRING,
    ParameterKind.UUID: Kind.STRING,
    ParameterKind.TIMESTAMP: Kind.TIMESTAMP,
    ParameterKind.INTEGER: Kind.INTEGER,
    ParameterKind.FLAG: Kind.BOOLEAN,
    ParameterKind.DIMENSIONS: Kind.INTEGER,
    ParameterKind.JSON: Kind.JSON,
    ParameterKind.JSON_BASE64: Kind.JSON,
}


def test_every_parameter_lands_in_a_column_of_its_kind():
    for parameter in tracker.PARAMETERS.values():
        for name in filter(None, (parameter.column, parameter.second_column)):
            kind = COLUMNS[INDEX[name]].kind
            if parameter.kind is ParameterKind.DECIMAL:
                assert kind in (Kind.DECIMAL, Kind.DOUBLE)
            else:
                assert kind is KINDS[parameter.kind]


def test_parameters_and_columns_name_each_other():
    setters: dict[str, set[str]] = {}
    for parameter in tracker.PARAMETERS.values():
        for name in filter(None, (parameter.column, parameter.second_column)):
            setters.setdefault(name, set()).add(parameter.name)
    for column in COLUMNS:
        named = {word for word in column.source.replace(",", "").split() if word in tracker.PARAMETERS}
        assert setters.get(column.name, set()) == named, column


def test_only_dimensions_set_two_columns():
    two = {p.name for p in tracker.PARAMETERS.values() if p.second_column}
    assert (
        two
        == {p.name for p in tracker.PARAMETERS.values() if p.kind is ParameterKind.DIMENSIONS}
        == {"res", "ds", "vp"}
    )


def test_payload_data_keys_are_those_of_the_published_schema(shared):
    path = "iglu-central/schemas/com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4"
    published = json.loads((shared / path).read_text())["items"]
    assert set(published["properties"]) == tracker.PAYLOAD_DATA_KEYS
    assert set(published["required"]) <= tracker.PAYLOAD_DATA_KEYS


def test_what_a_body_may_not_carry():
    assert not tracker.PAYLOAD_DATA_KEYS & tracker.QUERYSTRING_ONLY_PARAMETERS
    assert not set(tracker.PARAMETERS) & tracker.UNMAPPED_PARAMETERS
    assert set(tracker.PARAMETERS) >= tracker.QUERYSTRING_ONLY_PARAMETERS


def test_codes():
    assert {tracker.EVENTS[code] for code in ("se", "ev")} == {"struct"}
    assert tracker.EVENTS["ue"] == "unstruct"
    assert {"web", "mob", "srv"} < tracker.PLATFORMS
