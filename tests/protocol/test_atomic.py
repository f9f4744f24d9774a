import json
from collections import Counter

from snowmelt.protocol.atomic import COLUMNS, INDEX, JSON_COLUMNS, WAREHOUSE_COLUMNS, Kind

JSON_TYPES = {
    Kind.STRING: "string",
    Kind.INTEGER: "integer",
    Kind.DOUBLE: "number",
    Kind.DECIMAL: "number",
    Kind.BOOLEAN: "boolean",
    Kind.TIMESTAMP: "string",
}


def test_there_are_131_columns_and_128_in_the_warehouse():
    assert len(COLUMNS) == len(INDEX) == 131
    assert JSON_COLUMNS == ("contexts", "unstruct_event", "derived_contexts")
    assert [column.name for column in WAREHOUSE_COLUMNS] == [c.name for c in COLUMNS if c.name not in JSON_COLUMNS]
    assert Counter(column.kind for column in COLUMNS) == {
        Kind.STRING: 84,
        Kind.INTEGER: 15,
        Kind.BOOLEAN: 11,
        Kind.TIMESTAMP: 7,
        Kind.DECIMAL: 8,
        Kind.DOUBLE: 3,
        Kind.JSON: 3,
    }


def test_the_wire_order_is_held_at_its_corners():
    places = {0: "app_id", 6: "event_id", 52: "contexts", 58: "unstruct_event", 122: "derived_contexts"}
    assert {place: COLUMNS[place].name for place in places} == places
    assert COLUMNS[-1].name == "true_tstamp"
    assert all(INDEX[column.name] == place for place, column in enumerate(COLUMNS))


def test_only_text_has_a_length():
    assert all((column.max_length is not None) == (column.kind is Kind.STRING) for column in COLUMNS)


def test_the_table_agrees_with_the_published_schema(shared):
    path = "iglu-central/schemas/com.snowplowanalytics.snowplow/atomic/jsonschema/1-0-0"
    published = json.loads((shared / path).read_text())["properties"]
    assert [column.name for column in WAREHOUSE_COLUMNS] == list(published)
    for column in WAREHOUSE_COLUMNS:
        rules = published[column.name]
        types = rules["type"] if isinstance(rules["type"], list) else [rules["type"]]
        assert column.max_length == rules.get("maxLength"), column
        assert types[0] == JSON_TYPES[column.kind], column
        assert ("null" not in types) == column.required, column
        assert (rules.get("format") == "date-time") == (column.kind is Kind.TIMESTAMP), column


def test_the_order_agrees_with_recorded_lines(recordings):
    line = dict(zip(INDEX, recordings["enr-all-fields"].good[0].split("\t"), strict=True))
    assert line["event"] == "page_view"
    assert line["v_tracker"] == "t-1"
    assert line["br_lang"] == "en-GB"
    assert (line["dvce_screenwidth"], line["dvce_screenheight"]) == ("1920", "1080")
    assert line["tr_currency"] == "GBP"
    assert line["true_tstamp"] == "2023-11-14 22:13:19.000"
