from decimal import Decimal

import pytest

from snowmelt.protocol.atomic import COLUMNS, Kind
from snowmelt.protocol.bad_rows import (
    collector_payload_object,
    enrichment_payload_object,
    event_object,
    partial_event_object,
)
from snowmelt.protocol.collector_payload import CollectorPayload, PayloadError, decode
from snowmelt.protocol.enriched import EnrichedEvent

PAYLOAD = CollectorPayload("203.0.113.5", 1_700_000_000_001, "UTF-8", "snowmelt-collector-0.1.0-log")
SAMPLES = {
    Kind.STRING: "x",
    Kind.INTEGER: "7",
    Kind.DOUBLE: "1.5",
    Kind.DECIMAL: "2.50",
    Kind.BOOLEAN: "1",
    Kind.TIMESTAMP: "2026-11-23 15:09:54.421",
    Kind.JSON: '{"a":1.10}',
}


def without_cuts(ours, theirs):
    """Our value, with theirs where ours is only the beginning of it."""
    if isinstance(ours, dict):
        assert ours.keys() == theirs.keys()
        return {key: without_cuts(ours[key], theirs[key]) for key in theirs}
    if isinstance(ours, list):
        return [without_cuts(one, other) for one, other in zip(ours, theirs, strict=True)]
    is_cut = isinstance(ours, str) and ours.endswith("…") and len(theirs) > len(ours) and theirs.startswith(ours[:-1])
    return theirs if is_cut else ours


def payload_again(recording, row):
    """The payload of a recorded bad row, made again from the record and what only enrich knows."""
    payload, theirs = decode(recording.record), row["data"]["payload"]
    raw = theirs.get("raw", theirs)
    pairs = [(pair["name"], pair["value"]) for pair in raw.get("parameters", raw.get("querystring"))]
    if "enriched" not in theirs:
        return collector_payload_object(payload, raw["vendor"], raw["version"], pairs)
    texts = {name: None if value is None else str(value) for name, value in theirs["enriched"].items()}
    return enrichment_payload_object(EnrichedEvent.of(texts), payload, raw["vendor"], raw["version"], pairs)


def assert_payloads_agree(recordings, at_least):
    compared = 0
    for recording in recordings:
        for row in recording.bad:
            theirs = row["data"]["payload"]
            if isinstance(theirs, dict):
                ours = payload_again(recording, row)
                assert without_cuts(ours, theirs) == theirs
                assert list(ours) == list(theirs)
                compared += 1
    assert compared >= at_least


def test_recorded_payloads_are_made_again(recordings):
    assert_payloads_agree(recordings.values(), at_least=8)


def test_all_recorded_payloads_are_made_again(all_recordings):
    the_year_292278994 = "enr-coll-ts-max"  # theirs prints it, though no date-time of a schema may hold it
    assert_payloads_agree((one for one in all_recordings if one.id != the_year_292278994), at_least=150)


@pytest.mark.parametrize(
    ("querystring", "pairs"),
    [
        (None, []),
        ("", []),
        ("a=1&b=&c&a=2", [("a", "1"), ("b", ""), ("c", ""), ("a", "2")]),
        ("a=x+y%20z;b=%E6%9D%B1", [("a", "x y z"), ("b", "東")]),
        ("&&a=%zz%ff", [("a", "%zz\ufffd")]),
    ],
)
def test_a_querystring_is_decoded_leniently(querystring, pairs):
    payload = CollectorPayload("", 0, "UTF-8", "c", querystring=querystring)
    shown = collector_payload_object(payload, "com.acme", "v1")["querystring"]
    assert [(pair["name"], pair["value"]) for pair in shown] == pairs


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2e7c7a4c-7a34-4d7b-8d8a-111111111111", True),
        ("2E7C7A4C-7A34-4D7B-8D8A-111111111111", True),
        ("00000000-0000-0000-0000-000000000000", True),
        ("1-1-1-1-1", False),
        ("abc", False),
        ("", False),
    ],
)
def test_only_a_uuid_is_shown_as_network_user_id(text, shown):
    payload = CollectorPayload("", 0, "UTF-8", "c", network_user_id=text)
    expected = text if shown else None
    assert collector_payload_object(payload, "v", "1")["networkUserId"] == expected
    raw = enrichment_payload_object(EnrichedEvent.of({}), payload, "v", "1", [])["raw"]
    assert raw["userId"] == expected


def test_a_moment_no_calendar_has_is_null():
    payload = CollectorPayload("", 2**62, "UTF-8", "c")
    assert collector_payload_object(payload, "v", "1")["timestamp"] is None
    assert collector_payload_object(PAYLOAD, "v", "1")["timestamp"] == "2023-11-14T22:13:20.001Z"


def test_columns_stand_with_their_types():
    event = EnrichedEvent.of({column.name: SAMPLES[column.kind] for column in COLUMNS})
    partial, finished = partial_event_object(event), event_object(event)
    assert list(partial) == list(finished) == [column.name for column in COLUMNS]
    assert (partial["txn_id"], partial["br_cookies"], partial["geo_latitude"]) == (7, 1, Decimal("1.5"))
    assert (partial["se_value"], partial["tr_total"], partial["contexts"]) == ("1.5", "2.50", '{"a":1.10}')
    assert (finished["txn_id"], finished["br_cookies"], finished["geo_latitude"]) == (7, True, Decimal("1.5"))
    assert (finished["se_value"], finished["tr_total"]) == (Decimal("1.5"), Decimal("2.50"))
    assert (finished["etl_tstamp"], finished["contexts"]) == ("2026-11-23T15:09:54.421Z", {"a": Decimal("1.10")})


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("txn_id", "abc"),
        ("txn_id", "1.5"),
        ("txn_id", "true"),
        ("se_value", "1e999999999999"),
        ("geo_latitude", "NaN"),
        ("geo_latitude", "Infinity"),
        ("geo_latitude", "x"),
        ("tr_total", "-Infinity"),
        ("true_tstamp", "yesterday"),
        ("contexts", "{"),
        ("contexts", "[]"),
    ],
)
def test_a_text_that_is_no_value_of_its_column_is_null(column, text):
    assert event_object(EnrichedEvent.of({column: text}))[column] is None


def test_an_unreadable_record_has_no_payload(recordings):
    with pytest.raises(PayloadError):
        decode(recordings["enr-thrift-empty"].record)
