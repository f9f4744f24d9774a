from datetime import UTC, datetime

import pytest

from snowmelt.protocol import bad_rows
from snowmelt.protocol.bad_rows import (
    BadRow,
    CriterionMismatch,
    EnrichmentFailure,
    FlatBadRow,
    IgluError,
    InputData,
    InvalidSchema,
    InvalidValue,
    Lookup,
    NotJson,
    Processor,
    Report,
    ResolutionError,
    SimpleError,
    UnusableSchema,
    ValidationError,
    WrongType,
    bad_row_id,
    flatten,
)
from snowmelt.protocol.collector_payload import CollectorPayload
from snowmelt.protocol.enriched import EnrichedEvent, TsvError
from snowmelt.protocol.schema_key import SchemaCriterion, SchemaKey
from snowmelt.protocol.self_describing import NotIglu

PROCESSOR = Processor("snowmelt-enrich", "0.1.0")
NOW = datetime(2026, 11, 23, 15, 9, 54, 421_000, tzinfo=UTC)
KEY = SchemaKey.parse("iglu:com.acme/click/jsonschema/1-0-0")
PAYLOAD = CollectorPayload("203.0.113.5", 0, "UTF-8", "c")
OBJECT = bad_rows.collector_payload_object(PAYLOAD, "com.acme", "v1")
EVENT = EnrichedEvent.of({"app_id": "shop"})


def test_a_row_becomes_one_line_of_the_table():
    payload = bad_rows.enrichment_payload_object(EVENT, PAYLOAD, "com.snowplowanalytics.snowplow", "tp2", [])
    row = bad_rows.schema_violations(PROCESSOR, NOW, [NotJson("co", "{", "truncated")], payload)
    flat = flatten(row)
    assert flat == FlatBadRow(
        schema="iglu:com.snowplowanalytics.snowplow.badrows/schema_violations/jsonschema/2-0-1",
        kind="schema_violations",
        failure_tstamp=NOW,
        vendor="com.snowplowanalytics.snowplow",
        app_id="shop",
        first_message="co: truncated",
        processor="snowmelt-enrich-0.1.0",
        payload=flat.payload,
    )
    assert flat.payload.startswith('{"enriched":{"app_id":"shop",')


def test_a_text_payload_stays_as_it_is():
    flat = flatten(bad_rows.size_violation(PROCESSOR, NOW, 1, 2, "too large", "start\tof it"))
    assert (flat.payload, flat.vendor, flat.app_id, flat.first_message) == ("start\tof it", None, None, "too large")


def loader_row(message) -> BadRow:
    return bad_rows.loader_iglu_error(PROCESSOR, [message], EVENT)


def protocol_row(message) -> BadRow:
    return bad_rows.tracker_protocol_violations(PROCESSOR, NOW, [message], OBJECT)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (protocol_row(InputData("body", None, "empty body")), "body: empty body"),
        (protocol_row(NotIglu("INVALID_IGLUURI", {})), "INVALID_IGLUURI"),
        (
            protocol_row(CriterionMismatch(KEY, SchemaCriterion("com.acme", "tap", "jsonschema", 1, 0))),
            "iglu:com.acme/click/jsonschema/1-0-0 instead of iglu:com.acme/tap/jsonschema/1-0-*",
        ),
        (
            protocol_row(IgluError(KEY, ResolutionError([Lookup("local", [], 1, NOW)]))),
            "iglu:com.acme/click/jsonschema/1-0-0 is in no registry",
        ),
        (
            protocol_row(IgluError(KEY, ValidationError([Report("$.a: is a string", "$.a", "type", [])]))),
            "iglu:com.acme/click/jsonschema/1-0-0: $.a: is a string",
        ),
        (
            protocol_row(IgluError(KEY, InvalidSchema([("$", "is no schema")]))),
            "iglu:com.acme/click/jsonschema/1-0-0: is no schema",
        ),
        (
            bad_rows.enrichment_failures(
                PROCESSOR, NOW, [EnrichmentFailure(InputData("tid", "x", "not a number"))], {}
            ),
            "tid: not a number",
        ),
        (bad_rows.enrichment_failures(PROCESSOR, NOW, [EnrichmentFailure(SimpleError("no URI"))], {}), "no URI"),
        (
            bad_rows.collector_payload_format_violation(PROCESSOR, NOW, InputData("path", "/a", "no vendor"), b""),
            "path: no vendor",
        ),
        (bad_rows.collector_payload_format_violation(PROCESSOR, NOW, SimpleError("torn"), b""), "torn"),
        (bad_rows.generic_error(PROCESSOR, NOW, ["first", "second"], ""), "first"),
        (bad_rows.loader_parsing_error(PROCESSOR, TsvError(5), ""), "FieldNumberMismatch"),
        (bad_rows.loader_parsing_error(PROCESSOR, [InvalidValue("txn_id", "x", "no integer")], ""), "no integer"),
        (loader_row(UnusableSchema(KEY, "broken")), "iglu:com.acme/click/jsonschema/1-0-0: broken"),
        (loader_row(WrongType(KEY, 5, "string")), "iglu:com.acme/click/jsonschema/1-0-0: expected string"),
        (bad_rows.loader_runtime_error(PROCESSOR, "no room", EVENT), "no room"),
        (bad_rows.loader_recovery_error(PROCESSOR, "refused", [], ""), "refused"),
    ],
)
def test_the_first_message_is_one_sentence(row, message):
    assert flatten(row).first_message == message


def test_every_recorded_row_has_a_first_message(recordings):
    for recording in recordings.values():
        for recorded in recording.bad:
            schema, data = SchemaKey.parse(recorded["schema"]), recorded["data"]
            flat = flatten(BadRow(schema.name, schema, PROCESSOR, data["failure"], data["payload"]))
            assert flat.first_message
            assert flat.failure_tstamp.year == 2026


def test_only_loader_rows_have_no_moment():
    assert flatten(loader_row(UnusableSchema(KEY, "broken"))).failure_tstamp is None


def with_(**changes) -> CollectorPayload:
    return CollectorPayload("203.0.113.5", 0, "UTF-8", "c", **changes)


@pytest.mark.parametrize(
    ("payload", "app_id"),
    [
        (with_(querystring="e=pv&aid=shop"), "shop"),
        (with_(querystring="e=pv", body='{"schema":"x","data":[{"e":"pv","aid":"shop"},{"aid":"other"}]}'), "shop"),
        (with_(querystring="aid=query", body='{"data":[{"aid":"body"}]}'), "query"),
        (with_(body='{"data":[{"e":"pv"}]}'), None),
        (with_(body='{"data":[{"aid":5}]}'), None),
        (with_(body='{"data":[]}'), None),
        (with_(body='{"data":"aid"}'), None),
        (with_(body="[]"), None),
        (with_(body="{"), None),
        (with_(), None),
    ],
)
def test_the_application_is_found_where_the_request_names_it(payload, app_id):
    shown = bad_rows.collector_payload_object(payload, "com.acme", "v1")
    assert flatten(bad_rows.adapter_failures(PROCESSOR, NOW, [InputData("a", None, "b")], shown)).app_id == app_id


def test_the_application_of_an_unfinished_event_may_stand_in_its_parameters_only():
    payload = bad_rows.enrichment_payload_object(
        EnrichedEvent.of({}), PAYLOAD, "v", "1", [("e", "pv"), ("aid", "shop")]
    )
    assert flatten(bad_rows.schema_violations(PROCESSOR, NOW, [NotJson("co", "", "x")], payload)).app_id == "shop"


def test_the_application_of_a_loader_row_is_the_column():
    assert flatten(loader_row(UnusableSchema(KEY, "broken"))).app_id == "shop"


def test_the_id_is_the_same_for_the_same_failure_and_no_other():
    ids = [
        bad_row_id("0/00000000000000000012", index, kind)
        for index in (None, 0, 1, 11)
        for kind in ("schema_violations", "enrichment_failures")
    ]
    ids += [
        bad_row_id("0/00000000000000000012", 1, "1"),
        bad_row_id("0/00000000000000000121", 1, ""),
        bad_row_id("", 1, "1"),
    ]
    assert len(set(ids)) == len(ids)
    assert bad_row_id("0/12", None, "size_violation") == "b096ddb85d49c0ee88894d04458e71fd"
