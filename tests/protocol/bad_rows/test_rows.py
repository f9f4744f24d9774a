import json
from base64 import b64decode
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from snowmelt.protocol import bad_rows
from snowmelt.protocol.atomic import COLUMNS
from snowmelt.protocol.bad_rows import (
    SCHEMAS,
    BadRow,
    CriterionMismatch,
    EnrichmentFailure,
    IgluError,
    InputData,
    InvalidSchema,
    InvalidValue,
    Lookup,
    LookupProblem,
    NotJson,
    Processor,
    Report,
    ResolutionError,
    SimpleError,
    UnusableSchema,
    ValidationError,
    WrongType,
)
from snowmelt.protocol.collector_payload import CollectorPayload
from snowmelt.protocol.enriched import EnrichedEvent, TsvError, clean
from snowmelt.protocol.schema_key import SchemaCriterion, SchemaKey, SchemaVer
from snowmelt.protocol.self_describing import NotIglu

PROCESSOR = Processor("snowmelt-enrich", "0.1.0")
NOW = datetime(2026, 11, 23, 15, 9, 54, 421_999, tzinfo=UTC)
KEY = SchemaKey.parse("iglu:com.acme/click/jsonschema/1-0-0")
CRITERION = SchemaCriterion("com.acme", "tap", "jsonschema", 1, 0)

# Texts of every length that matters, any characters in them
PIECES = st.text(st.characters(), min_size=1, max_size=3)
TEXTS = st.builds(lambda piece, times: piece * times, PIECES, st.sampled_from([0, 1, 1, 1, 40, 300, 600, 9000]))
MAYBE = st.none() | TEXTS
PAIRS = st.lists(st.tuples(TEXTS, MAYBE), max_size=2)
MOMENTS = st.datetimes(datetime(1970, 1, 2), datetime(9999, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
PAYLOADS = st.builds(
    CollectorPayload,
    ip_address=TEXTS,
    timestamp=st.integers(-(2**62), 2**62) | st.integers(0, 2**41),
    encoding=TEXTS,
    collector=TEXTS,
    user_agent=MAYBE,
    referer_uri=MAYBE,
    path=MAYBE,
    querystring=MAYBE,
    body=MAYBE,
    headers=st.lists(TEXTS, max_size=2).map(tuple),
    content_type=MAYBE,
    hostname=MAYBE,
    network_user_id=MAYBE | st.uuids().map(str),
)
EVENTS = st.dictionaries(st.sampled_from([column.name for column in COLUMNS]), TEXTS.map(clean), max_size=6).map(
    EnrichedEvent.of
)
JSON = st.none() | st.integers() | TEXTS | st.lists(TEXTS, max_size=2) | st.dictionaries(TEXTS, TEXTS, max_size=2)

INPUT_DATA = st.builds(InputData, TEXTS, MAYBE, TEXTS)
NOT_JSON = st.builds(NotJson, TEXTS, MAYBE, TEXTS)
NOT_IGLU = st.builds(NotIglu, st.sampled_from(["INVALID_IGLUURI", "INVALID_SCHEMAVER", "INVALID_SCHEMA"]), JSON)
MISMATCH = st.just(CriterionMismatch(KEY, CRITERION))
PROBLEMS = st.lists(st.tuples(st.sampled_from(LookupProblem), MAYBE), max_size=2)
LOOKUPS = st.builds(Lookup, TEXTS, PROBLEMS, st.integers(0, 99), MOMENTS)
REPORTS = st.builds(Report, TEXTS, MAYBE, MAYBE, st.none() | st.lists(TEXTS, max_size=2))
IGLU_ERRORS = st.builds(
    IgluError,
    st.just(KEY),
    st.builds(ResolutionError, st.lists(LOOKUPS, min_size=1, max_size=2))
    | st.builds(ValidationError, st.lists(REPORTS, min_size=1, max_size=2), MAYBE)
    | st.builds(InvalidSchema, st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=2), MAYBE),
)


def some(messages):
    return st.lists(messages, min_size=1, max_size=2)


COLLECTOR_OBJECTS = st.builds(bad_rows.collector_payload_object, PAYLOADS, TEXTS, TEXTS, st.none() | PAIRS)
ENRICHMENT_OBJECTS = st.builds(bad_rows.enrichment_payload_object, EVENTS, PAYLOADS, TEXTS, TEXTS, PAIRS)

SIZES = st.integers(0, 2**40)
AT = (st.just(PROCESSOR), MOMENTS)
ROWS = {
    "size_violation": st.builds(bad_rows.size_violation, *AT, SIZES, SIZES, TEXTS, TEXTS),
    "collector_payload_format_violation": st.builds(
        bad_rows.collector_payload_format_violation,
        *AT,
        st.builds(SimpleError, TEXTS) | INPUT_DATA,
        st.binary(max_size=9),
    ),
    "adapter_failures": st.builds(
        bad_rows.adapter_failures, *AT, some(INPUT_DATA | NOT_JSON | NOT_IGLU), COLLECTOR_OBJECTS
    ),
    "tracker_protocol_violations": st.builds(
        bad_rows.tracker_protocol_violations,
        *AT,
        some(INPUT_DATA | NOT_JSON | NOT_IGLU | MISMATCH | IGLU_ERRORS),
        COLLECTOR_OBJECTS,
    ),
    "schema_violations": st.builds(
        bad_rows.schema_violations, *AT, some(NOT_JSON | NOT_IGLU | MISMATCH | IGLU_ERRORS), ENRICHMENT_OBJECTS
    ),
    "enrichment_failures": st.builds(
        bad_rows.enrichment_failures,
        *AT,
        some(
            st.builds(
                EnrichmentFailure,
                INPUT_DATA | st.builds(SimpleError, TEXTS) | IGLU_ERRORS,
                st.none() | st.tuples(st.just(KEY), TEXTS),
            )
        ),
        ENRICHMENT_OBJECTS,
    ),
    "generic_error": st.builds(bad_rows.generic_error, *AT, some(TEXTS), TEXTS),
    "loader_parsing_error": st.builds(
        bad_rows.loader_parsing_error,
        st.just(PROCESSOR),
        st.builds(TsvError, st.none() | st.integers(0, 10_000)) | some(st.builds(InvalidValue, MAYBE, TEXTS, TEXTS)),
        TEXTS,
    ),
    "loader_iglu_error": st.builds(
        bad_rows.loader_iglu_error,
        st.just(PROCESSOR),
        some(
            IGLU_ERRORS
            | st.builds(UnusableSchema, st.just(KEY), TEXTS)
            | st.builds(WrongType, st.just(KEY), JSON, TEXTS)
        ),
        EVENTS,
    ),
    "loader_runtime_error": st.builds(bad_rows.loader_runtime_error, st.just(PROCESSOR), TEXTS, EVENTS),
    "loader_recovery_error": st.builds(
        bad_rows.loader_recovery_error, st.just(PROCESSOR), TEXTS, st.lists(TEXTS, max_size=2), TEXTS
    ),
}
ROWS["recovery_error"] = st.builds(
    bad_rows.recovery_error,
    st.just(PROCESSOR),
    TEXTS,
    st.one_of(rows for kind, rows in ROWS.items() if kind != "generic_error"),
    st.integers(0, 9),
    MAYBE,
)


def test_every_type_is_tried():
    assert ROWS.keys() == SCHEMAS.keys()


@pytest.mark.parametrize("kind", sorted(ROWS))
def test_every_row_is_valid_by_its_published_schema(kind, violations):
    @settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
    @given(ROWS[kind])
    def all_are_valid(row):
        assert row.kind == kind
        assert row.schema == SCHEMAS[kind]
        assert violations(row) == []

    all_are_valid()


def test_every_emitted_version_is_the_newest_published(shared):
    folder = shared / "iglu-central" / "schemas" / "com.snowplowanalytics.snowplow.badrows"
    for kind, key in SCHEMAS.items():
        published = [SchemaVer.parse(path.name) for path in (folder / kind / "jsonschema").iterdir()]
        assert key.version == max(published)


@pytest.mark.parametrize("kind", sorted(ROWS))
def test_rows_are_one_line_of_self_describing_json(kind):
    @settings(deadline=None, max_examples=5, suppress_health_check=list(HealthCheck))
    @given(ROWS[kind])
    def all_are_lines(row):
        line = row.to_json()
        assert "\n" not in line
        printed = json.loads(line)
        assert printed["schema"] == SCHEMAS[kind].uri
        assert printed["data"]["processor"] == {"artifact": "snowmelt-enrich", "version": "0.1.0"}
        assert BadRow.parse(line).to_json() == BadRow.parse(line.encode()).to_json() == line

    all_are_lines()


def test_a_row_in_full():
    row = bad_rows.size_violation(PROCESSOR, NOW, 1_000_000, 2_000_000, "too large", "start of it")
    assert row.to_json() == (
        '{"schema":"iglu:com.snowplowanalytics.snowplow.badrows/size_violation/jsonschema/1-0-0","data":{'
        '"processor":{"artifact":"snowmelt-enrich","version":"0.1.0"},'
        '"failure":{"timestamp":"2026-11-23T15:09:54.421Z","maximumAllowedSizeBytes":1000000,'
        '"actualSizeBytes":2000000,"expectation":"too large"},"payload":"start of it"}}'
    )


def test_recorded_rows_are_read(recordings):
    for recording in recordings.values():
        for recorded in recording.bad:
            row = BadRow.parse(json.dumps(recorded))
            assert (row.kind, str(row.processor)) == (
                recorded["schema"].split("/")[1],
                "opensnowcat-enrich-kinesis-1.3.1",
            )
            assert json.loads(row.to_json()) == recorded


GOOD = bad_rows.size_violation(PROCESSOR, NOW, 1, 2, "too large", "x").to_object()


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        GOOD["data"],
        GOOD | {"schema": "iglu:com.acme/size_violation/jsonschema/1-0-0"},
        GOOD | {"schema": "size_violation"},
        GOOD | {"data": []},
        GOOD | {"data": GOOD["data"] | {"processor": {"artifact": "a", "version": 1}}},
        GOOD | {"data": GOOD["data"] | {"processor": {"artifact": "a", "version": "one"}}},
        {"schema": GOOD["schema"], "data": {"processor": GOOD["data"]["processor"]}},
    ],
)
def test_what_is_no_bad_row(value):
    assert BadRow.parse(json.dumps(value)) is None


@pytest.mark.parametrize("text", ["", "{", "\xff", b"\xff", "[" * 100])
def test_text_that_is_no_bad_row(text):
    assert BadRow.parse(text) is None


def test_the_record_of_a_format_violation_comes_back():
    row = bad_rows.collector_payload_format_violation(PROCESSOR, NOW, SimpleError("bad"), b"\x00\xff")
    assert b64decode(row.payload) == b"\x00\xff"


def test_a_recovered_row_is_carried_whole():
    inner = bad_rows.size_violation(PROCESSOR, NOW, 1, 2, "too large", "x")
    row = bad_rows.recovery_error(PROCESSOR, "no", inner, 3, "config")
    assert row.payload == inner.to_object()
    assert row.to_object()["data"]["recoveries"] == 3


@pytest.mark.parametrize(
    "build",
    [
        lambda: Processor("snowmelt", "1.0"),
        lambda: Processor("snowmelt", "1.0.0" + "x" * 28),
        lambda: Processor("s" * 513, "1.0.0"),
        lambda: bad_rows.generic_error(PROCESSOR, NOW, [], ""),
        lambda: bad_rows.loader_parsing_error(PROCESSOR, [], ""),
        lambda: ResolutionError([]),
        lambda: ValidationError([]),
        lambda: InvalidSchema([]),
        lambda: bad_rows.recovery_error(PROCESSOR, "", bad_rows.generic_error(PROCESSOR, NOW, ["a"], ""), 0),
    ],
)
def test_a_row_no_schema_admits_cannot_be_made(build):
    with pytest.raises(ValueError, match=" "):
        build()


@pytest.mark.parametrize("version", ["0.1.0", "10.20.30", "1.3.1-rc2", "1.0.0+g" + "a" * 25])
def test_versions_of_processors(version):
    assert str(Processor("a", version)) == f"a-{version}"


def shape(value):
    """The form of JSON: the keys in order and the types, but of lists only the kinds of their items."""
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items()}
    if isinstance(value, list):
        return {"items": sorted({json.dumps(shape(item)) for item in value})}
    return None if value is None else type(value).__name__


def rebuilt(row) -> BadRow:
    """A recorded bad row made again from what its message says, with the payload as recorded."""
    kind = row["schema"].split("/")[1]
    failure, payload = row["data"]["failure"], row["data"]["payload"]
    build = getattr(bad_rows, kind)
    if kind == "collector_payload_format_violation":
        return build(PROCESSOR, NOW, message_of(failure["message"]), b64decode(payload))
    messages = [message_of(message) for message in failure["messages"]]
    return build(PROCESSOR, NOW, messages, payload)


def message_of(message):
    match message:
        case {"enrichment": None, "message": inner}:
            return EnrichmentFailure(message_of(inner))
        case {"value": value, "expectation": what}:
            return InputData(message.get("payloadField") or message["field"], value, what)
        case {"field": name, "value": value, "error": error}:
            return NotJson(name, value, error)
        case {"json": value, "error": error}:
            return NotIglu(error, value)
        case {"schemaKey": key, "schemaCriterion": criterion}:
            return CriterionMismatch(SchemaKey.parse(key), SchemaCriterion.parse(criterion))
        case {"schemaKey": key, "error": {"lookupHistory": history}}:
            problems = [[(LookupProblem(e["error"]), e.get("message")) for e in one["errors"]] for one in history]
            lookups = [Lookup(one["repository"], found, 1, NOW) for one, found in zip(history, problems, strict=True)]
            return IgluError(SchemaKey.parse(key), ResolutionError(lookups))
        case {"schemaKey": key, "error": {"dataReports": reports} as error}:
            said = [Report(one["message"], one["path"], one["keyword"], one["targets"]) for one in reports]
            return IgluError(SchemaKey.parse(key), ValidationError(said, error.get("supersededBy")))
        case {"error": error}:
            return SimpleError(error)
    raise AssertionError(message)


def test_recorded_rows_have_our_shape(recordings):
    rows = [row for recording in recordings.values() for row in recording.bad]
    assert {row["schema"].split("/")[1] for row in rows} == {
        "adapter_failures",
        "collector_payload_format_violation",
        "enrichment_failures",
        "schema_violations",
        "tracker_protocol_violations",
    }
    for row in rows:
        again = json.loads(rebuilt(row).to_json())
        assert again["schema"] == row["schema"]
        assert shape(again["data"]) == shape(row["data"])
        assert list(again["data"]["failure"]) == list(row["data"]["failure"])


def test_all_recorded_rows_have_our_shape(all_recordings):
    rows = [row for recording in all_recordings for row in recording.bad]
    assert len(rows) > 150
    for row in rows:
        again = json.loads(rebuilt(row).to_json())
        assert again["schema"] == row["schema"]
        assert shape(again["data"]) == shape(row["data"])
