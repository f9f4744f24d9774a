import base64
import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.enrich.records import EID, SNOWPLOW, entity, get, post, wrapped

from snowmelt.enrich import adapters, uris
from snowmelt.enrich.enrichments import Enrichments, UaParser
from snowmelt.enrich.pipeline import ARTIFACT, Bad, Enricher, Good
from snowmelt.iglu.registry import FolderRegistry
from snowmelt.iglu.resolver import Resolver
from snowmelt.protocol.bad_rows import Processor
from snowmelt.protocol.enriched import EnrichedEvent
from snowmelt.protocol.memory import LONGEST
from snowmelt.protocol.tracker import PARAMETERS

NOW = datetime(2026, 11, 23, tzinfo=UTC)
BAD_ENTITY = wrapped("contexts", [entity("ctx", {"a": "x"})])


def one(enricher, record, position="0/1"):
    (item,) = enricher.process(record, position, NOW)
    return item


def event(enricher, record):
    item = one(enricher, record)
    assert isinstance(item, Good), item
    return item.event


def row(enricher, record):
    item = one(enricher, record)
    assert isinstance(item, Bad), item
    return item.row


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("pv", ("page_view", "com.snowplowanalytics.snowplow", "page_view", "jsonschema", "1-0-0")),
        ("pp", ("page_ping", "com.snowplowanalytics.snowplow", "page_ping", "jsonschema", "1-0-0")),
        ("tr", ("transaction", "com.snowplowanalytics.snowplow", "transaction", "jsonschema", "1-0-0")),
        ("ti", ("transaction_item", "com.snowplowanalytics.snowplow", "transaction_item", "jsonschema", "1-0-0")),
        ("se", ("struct", "com.google.analytics", "event", "jsonschema", "1-0-0")),
        ("ue", ("unstruct", None, None, None, None)),
    ],
)
def test_every_event_has_the_names_of_its_schema(code, names, enricher):
    made = event(enricher, post({"e": code}))
    assert (
        tuple(made[name] for name in ("event", "event_vendor", "event_name", "event_format", "event_version")) == names
    )


def test_a_self_describing_event_has_the_names_of_its_data(enricher):
    made = event(
        enricher, post({"e": "ue", "ue_pr": wrapped("unstruct_event", entity("sample_input", {"value": "v"}))})
    )
    assert (made["event_vendor"], made["event_name"]) == ("com.patrickcloud", "sample_input")
    assert made["unstruct_event"].startswith(
        f'{{"schema":"{SNOWPLOW}/unstruct_event/jsonschema/1-0-0","data":{{"schema"'
    )


def test_what_every_event_has(enricher):
    made = event(enricher, post({"aid": "shop"}, network_user_id=EID.upper(), user_agent="a\tb\r\n"))
    expected = {
        "app_id": "shop",
        "platform": "web",
        "etl_tstamp": "2026-11-23 00:00:00.000",
        "collector_tstamp": "2023-11-14 22:13:20.000",
        "derived_tstamp": "2023-11-14 22:13:20.000",
        "event_id": EID,
        "v_collector": "snowmelt-collector-0.1.0-log",
        "v_etl": "snowmelt-enrich-0.1.0",
        "user_ipaddress": "203.0.113.9",
        "network_userid": EID,
        "useragent": "a    b",
    }
    assert {name: made[name] for name in expected} == expected
    assert EnrichedEvent.from_tsv(made.to_tsv()) == made


def test_an_empty_user_agent_is_parsed_and_is_null(enricher):
    made = event(enricher, post({}, user_agent=""))
    assert made["useragent"] is None
    assert '"useragentFamily":"Other"' in made["derived_contexts"]
    assert event(enricher, post({}))["derived_contexts"] is None


def test_the_true_moment_wins_over_the_clocks(enricher):
    clocks = {"dtm": "1699999990000", "stm": "1699999995000"}
    assert event(enricher, post(clocks))["derived_tstamp"] == "2023-11-14 22:13:15.000"
    assert event(enricher, post(clocks | {"ttm": "0"}))["derived_tstamp"] == "1970-01-01 00:00:00.000"


def test_the_page_is_rewritten_and_the_referrer_is_not(enricher):
    made = event(
        enricher, post({"url": "https://a.example/b c?utm_source=|", "refr": "https://www.google.com/search?q=d e"})
    )
    assert (made["page_url"], made["page_urlpath"]) == ("https://a.example/b%20c?utm_source=%7C", "/b%20c")
    assert (made["page_referrer"], made["refr_urlquery"]) == ("https://www.google.com/search?q=d e", "q=d%20e")
    assert (made["refr_medium"], made["refr_source"], made["refr_term"]) == ("search", "Google", "d e")
    assert made["mkt_source"] == "|"


def test_the_http_referer_is_the_page_where_the_tracker_names_none(enricher):
    assert event(enricher, post({}, referer_uri="https://a.example/x"))["page_urlpath"] == "/x"
    assert (
        event(enricher, post({"url": "https://b.example/y"}, referer_uri="https://a.example/x"))["page_urlpath"] == "/y"
    )


def test_without_enrichments_only_what_needs_no_configuration_is_there(resolver):
    bare = Enricher(resolver, Enrichments(), Processor(ARTIFACT, "0.1.0"))
    url = "https://a.example/?utm_source=s&_sp=duid.1700000000000"
    made = event(bare, post({"url": url, "refr": "https://www.google.com/"}, user_agent="curl/8"))
    unset = ("mkt_source", "refr_medium", "event_fingerprint", "derived_contexts")
    assert [made[name] for name in unset] == [None] * 4
    assert (made["refr_domain_userid"], made["refr_dvce_tstamp"]) == ("duid", "2023-11-14 22:13:20.000")
    assert made["refr_urlhost"] == "www.google.com"


@pytest.mark.parametrize(
    ("record", "kind", "fields"),
    [
        (b"", "collector_payload_format_violation", None),
        (b"\x0b", "collector_payload_format_violation", None),
        (get("a=%zz"), "collector_payload_format_violation", ["querystring"]),
        (get(""), "adapter_failures", ["querystring"]),
        (get("a=1", path="/micro/all"), "adapter_failures", ["vendor/version"]),
        (post({"zzz": "1"}), "tracker_protocol_violations", None),
        (post({"tid": "x"}), "enrichment_failures", ["tid"]),
        (post({"tid": "x", "co": BAD_ENTITY, "url": "http://"}), "enrichment_failures", ["tid"]),
        (post({"co": "{"}), "enrichment_failures", ["co"]),
        (post({"co": BAD_ENTITY, "url": "http://", "aid": "a" * 999}), "schema_violations", None),
        (post({"url": "http://", "refr": "http://", "aid": "a" * 999}), "enrichment_failures", [None, None]),
        (post({"aid": "a" * 256}), "enrichment_failures", [None, None]),
        (post({"e": "ad"}), "enrichment_failures", ["event"]),
        (get("aid=x"), "enrichment_failures", ["event"]),
        (get("e=pv&cv="), "enrichment_failures", ["v_collector"]),
        (post({}, timestamp=2**63 - 1), "enrichment_failures", ["collector_tstamp"]),
        (post({"url": "https://a.b/?_sp=d.x"}), "enrichment_failures", ["sp_dtm"]),
        (post({"se_va": "1e1000000"}), "enrichment_failures", ["se_va"]),
    ],
)
def test_what_is_wrong_first_decides_the_bad_row(record, kind, fields, enricher):
    bad = row(enricher, record)
    assert bad.kind == kind
    if fields is None:
        return
    messages = bad.failure.get("messages") or [bad.failure["message"]]
    told = [message.get("message", message) for message in messages]
    assert [message.get("field", message.get("payloadField")) for message in told] == fields


def test_a_bad_row_shows_the_event_as_far_as_it_got(enricher):
    payload = row(enricher, post({"co": BAD_ENTITY, "url": "https://a.example/x"})).payload
    assert payload["enriched"]["event_id"] == EID
    assert json.loads(payload["enriched"]["contexts"]) == json.loads(BAD_ENTITY)
    assert payload["enriched"]["page_urlhost"] is None
    assert {"name": "url", "value": "https://a.example/x"} in payload["raw"]["parameters"]


def test_the_other_events_of_a_record_do_not_suffer(enricher):
    items = enricher.process(post({}, {"tid": "x"}, {"e": "pp"}), "0/1", NOW)
    assert [(type(item), item.index) for item in items] == [(Good, 0), (Bad, 1), (Good, 2)]


def test_the_whole_record_has_no_index(enricher):
    assert one(enricher, b"").index is None
    assert one(enricher, get("")).index is None


def ids(enricher, record, position):
    return [item.event["event_id"] for item in enricher.process(record, position, NOW)]


def test_events_without_an_id_have_the_same_one_each_time(resolver, enricher):
    record = get("e=pv")
    other = Enricher(resolver, Enrichments(), Processor(ARTIFACT, "9.9.9"))
    assert ids(enricher, record, "0/7") == ids(other, record, "0/7") != ids(enricher, record, "0/8")
    assert ids(enricher, record, None) == ids(other, record, None) != ids(enricher, get("e=pp"), None)
    assert UUID(ids(enricher, record, "0/7")[0]).version == 5
    assert ids(enricher, get(f"e=pv&eid={EID}"), "0/7") == [EID]


def test_pages_that_come_again_are_read_once_unless_they_are_long(resolver, monkeypatch):
    read = []
    split = uris.split
    monkeypatch.setattr(uris, "split", lambda text: read.append(text) or split(text))
    enricher = Enricher(resolver, Enrichments(), Processor(ARTIFACT, "0.1.0"))
    short, long = "https://a.example/x", "https://a.example/" + "x" * LONGEST
    for url in (short, long, short, long):
        assert event(enricher, post({"url": url}))["page_url"] == url
    assert read == [short, long, long]


def test_the_name_of_a_strange_collector_fits_into_the_line(enricher):
    made = event(enricher, post({}, collector="a\tb\nc"))
    assert made["v_collector"] == "a    bc"
    assert EnrichedEvent.from_tsv(made.to_tsv()) == made


def test_a_bug_gives_a_row_with_the_record_in_it(resolver, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError("a bug")

    record = post({}, {})
    enricher = Enricher(resolver, Enrichments(), Processor(ARTIFACT, "0.1.0"))
    monkeypatch.setattr(enricher._derivations, "apply", broken)
    items = enricher.process(record, "0/1", NOW)
    assert [(item.row.kind, item.index) for item in items] == [("generic_error", 0), ("generic_error", 1)]
    monkeypatch.setattr(adapters, "adapt", broken)
    items = enricher.process(record, "0/1", NOW)
    assert [(item.row.kind, item.index) for item in items] == [("generic_error", None)]
    assert base64.b64decode(items[0].row.payload) == record
    assert "a bug" in items[0].row.failure["errors"][0]


def test_our_own_entities_are_validated_too(tmp_path):
    nowhere = Resolver([FolderRegistry("nowhere", tmp_path)])
    enricher = Enricher(nowhere, Enrichments(ua_parser=UaParser()), Processor(ARTIFACT, "0.1.0"))
    for _ in range(2):
        (message,) = row(enricher, get("e=pv", user_agent="curl")).failure["messages"]
        assert message["enrichment"]["identifier"] == "enrichments-contexts-validation"


TEXTS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["pv", "ue", "web", "1", "-1", "null", "1920x1080", "1e9", EID, "http://a.b/?gclid=1&_sp=a.b", "%", "a|b"]
    ),
    st.sampled_from(
        [BAD_ENTITY, wrapped("contexts", []), wrapped("contexts", [entity("open", {"a": [1]})]), "{}", "[", "5"]
    ),
)
EVENTS = st.dictionaries(st.sampled_from(sorted(PARAMETERS)), TEXTS, max_size=12)
POSITIONS = st.sampled_from([None, "0/1", "1/2"])
checked = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def assert_accounted_for(items):
    """At least one item, no bug, indices in order, and every line and row can be printed."""
    assert items
    for index, item in enumerate(items):
        if isinstance(item, Good):
            assert EnrichedEvent.from_tsv(item.event.to_tsv()) == item.event
            assert item.index == index
        else:
            assert item.row.kind != "generic_error", item.row.failure
            assert item.index == (None if len(items) == 1 and item.index is None else index)
            json.loads(item.row.to_json())


@checked
@given(st.lists(EVENTS, min_size=1, max_size=3), POSITIONS)
def test_whatever_trackers_send_is_accounted_for(enricher, events, position):
    items = enricher.process(post(*events), position, NOW)
    assert_accounted_for(items)
    assert items == enricher.process(post(*events), position, NOW)


@checked
@given(st.binary(max_size=200), POSITIONS)
def test_any_bytes_are_accounted_for(enricher, record, position):
    assert_accounted_for(enricher.process(record, position, NOW))


@checked
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "path": st.sampled_from(["/i", "/r/tp2", "/com.snowplowanalytics.iglu/v1", "/a/b", "x", None]),
            "querystring": st.text(alphabet='euapvco=&;%7B{}"#é ', max_size=30),
            "body": st.sampled_from(["", "{}", "[]", "[1]", "x", "null", BAD_ENTITY, None]),
            "content_type": st.sampled_from(
                ["application/json", "text/plain", "application/x-www-form-urlencoded", None]
            ),
            "headers": st.lists(st.text(max_size=20), max_size=3).map(tuple),
            "referer_uri": st.text(max_size=20),
            "user_agent": st.text(max_size=20),
            "network_user_id": st.sampled_from([EID, "1-1-1-1-1", "x", ""]),
            "encoding": st.sampled_from(["UTF-8", "iso-8859-1", "utf-16", "x"]),
            "timestamp": st.integers(-(2**63), 2**63 - 1),
        },
    )
)
def test_any_request_is_accounted_for(enricher, changes):
    assert_accounted_for(enricher.process(post({}, **changes), "0/1", NOW))


@pytest.mark.parametrize(
    "hostile",
    [
        {"co": "[" * 200_000},
        {"co": '{"schema":' * 100_000},
        {"co": wrapped("contexts", [entity("open", {"a": "X"})]).replace('"X"', "9" * 100_000)},
        {"co": wrapped("contexts", [entity("open", {"a": "X"})]).replace('"X"', "1e999999999")},
        {"co": wrapped("contexts", [entity("kinds", {"mult": "X"})]).replace('"X"', "1e1000")},
        {"tid": "9" * 100_000},
        {"se_va": "9" * 100_000 + "e9"},
        {"dtm": "9" * 100_000},
        {"url": "http://" + "a." * 100_000},
        {"url": "http://a/?" + "&" * 100_000},
        {"url": "http://a/?_sp=" + "." * 100_000},
        {"refr": "http://www.google.com/" + "/" * 100_000 + "?" + "q&" * 100_000},
        {"refr": "http://" + "a." * 2_000 + "com/" + "b/" * 2_000},
        {"ua": "(" * 100_000},
        {"ip": "," * 100_000},
        {"res": "1" * 100_000 + "x1"},
        {"eid": "a" * 100_000},
        {"aid": "\ud800\udc00\ud800"},
    ],
    ids=lambda hostile: next(iter(hostile)),
)
def test_hostile_texts_are_accounted_for(hostile, enricher):
    assert_accounted_for(enricher.process(post(hostile), None, NOW))
