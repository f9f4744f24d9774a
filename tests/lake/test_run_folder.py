import datetime as dt
import json

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.lake.doubles import START

from snowmelt.lake import run_folder
from snowmelt.lake.columns import Entity
from snowmelt.lake.run_folder import Marker, MarkerError, Positions, decode_marker, decode_positions, encode
from snowmelt.protocol.schema_key import SchemaKey

BASE = "file:///lake/run=2026-11-24-12-00-00-abc/"
KEY = SchemaKey.parse("iglu:com.acme/page/jsonschema/1-0-0")
MARKER = Marker.of(
    BASE,
    [(KEY, Entity.CONTEXT)],
    START,
    START + dt.timedelta(seconds=1.5),
    (START, None),
    ("snowmelt-enrich", "0.1.0"),
    (3, 1),
)


def test_the_marker_is_the_message_of_snowplow():
    assert json.loads(encode(MARKER)) == {
        "schema": "iglu:com.snowplowanalytics.snowplow.storage.rdbloader/shredding_complete/jsonschema/2-0-1",
        "data": {
            "base": BASE,
            "typesInfo": {
                "transformation": "WIDEROW",
                "fileFormat": "PARQUET",
                "types": [{"schemaKey": KEY.uri, "snowplowEntity": "CONTEXT"}],
            },
            "timestamps": {
                "jobStarted": "2026-11-24T12:00:00Z",
                "jobCompleted": "2026-11-24T12:00:01.500000Z",
                "min": "2026-11-24T12:00:00Z",
                "max": None,
            },
            "compression": "NONE",
            "processor": {"artifact": "snowmelt-enrich", "version": "0.1.0"},
            "count": {"good": 3, "bad": 1},
        },
    }


def test_the_marker_follows_its_schema(root):
    file = root / "schemas/com.snowplowanalytics.snowplow.storage/shredding_complete/jsonschema/2-0-1"
    schema = json.loads(file.read_text(encoding="utf-8"))
    jsonschema_rs.Draft4Validator(schema, validate_formats=True).validate(json.loads(encode(MARKER))["data"])


def test_the_marker_comes_back():
    assert decode_marker(encode(MARKER)) == MARKER


def changed(**data):
    value = json.loads(encode(MARKER))
    value["data"] |= data
    return json.dumps(value).encode()


def test_a_marker_of_iglu_central_s_name_and_without_counts_is_read():
    value = json.loads(changed(count=None, compression="GZIP"))
    value["schema"] = "iglu:com.snowplowanalytics.snowplow.storage/shredding_complete/jsonschema/2-0-1"
    assert decode_marker(json.dumps(value).encode()).count is None


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not valid"),
        (b"[]", "not valid"),
        (b'{"schema": "iglu:a/b/jsonschema/1-0-0", "data": {}}', "iglu:a/b/jsonschema/1-0-0"),
        (changed(base=1), "base"),
        (changed(timestamps={}), "jobStarted"),
        (changed(typesInfo={"transformation": "SHREDDED", "types": []}), "wide rows in Parquet"),
        (changed(typesInfo={"transformation": "WIDEROW", "fileFormat": "JSON", "types": []}), "wide rows in Parquet"),
    ],
)
def test_a_marker_that_cannot_be_read_is_refused_with_a_sentence(data, said):
    with pytest.raises(MarkerError, match=said):
        decode_marker(data)


def test_positions_come_back():
    positions = Positions({"0": "1"}, {"0": "2"}, {"0": "2", "1": "9"}, 10, 1, 11, 2)
    assert decode_positions(encode(positions)) == positions
    assert json.loads(encode(positions))["badRecords"] == 1


PLACES = st.dictionaries(st.text("ab0", min_size=1, max_size=3), st.text("0123456789", min_size=1, max_size=5))


@given(PLACES, PLACES)
def test_names_hold_the_second_and_tell_apart_where_a_folder_begins(first, other):
    name = run_folder.run_name(START, first)
    assert name.startswith("run=2026-11-24-12-00-00-")
    assert run_folder.run_of(f"{name}/output=good/part-00000.parquet") == name
    assert run_folder.started_at(name) == START
    assert (run_folder.run_name(START, other) == name) == (first == other)


def test_whole_folders_are_those_with_a_marker():
    first, second, third = (f"run=2026-11-24-12-00-0{n}-x" for n in (1, 2, 3))
    keys = [
        f"{second}/shredding_complete.json",
        f"{first}/positions.json",
        f"{first}/output=good/shredding_complete.json",
        f"{third}/positions.json",
        f"{third}/shredding_complete.json",
        "run=/shredding_complete.json",
        "other/shredding_complete.json",
        "shredding_complete.json",
    ]
    assert run_folder.runs(keys) == ([second, third], [first])
