"""Chromium and Firefox on the tracker page: each kind of event, from the page through Nginx to the tables."""

from urllib.parse import parse_qs, urlsplit

import pytest
from tests.browsers.browsers import LOCALE, POSITION, TIMEZONE
from tests.browsers.findings import Findings
from tests.browsers.installation import Installation
from tests.browsers.visit import NAME, NOTES, PASSWORD, SAMPLE, SAMPLE_LATER, VARIANTS, Visit

SNOWPLOW = "com_snowplowanalytics_snowplow"
GEOLOCATION = "iglu:com.snowplowanalytics.snowplow/geolocation_context/"
CLIENT_HINTS = "iglu:org.ietf/http_client_hints/"

pytestmark = pytest.mark.slow


def entity(name: str, version: int = 1) -> str:
    """The one entity of a kind that an event carries, in SQL."""
    return f"contexts_{name}_{version}[1]"


def test_page_views(findings: Findings) -> None:
    sent = findings.visit.named("page_view")
    seen = [(event.parameters["url"], event.parameters["page"]) for event in sent]
    pages = "page_url, page_title, page_referrer, mkt_source"
    rows = findings.of("page views", sent, pages)
    assert [(url, title) for url, title, *_ in rows] == seen
    assert [title for _, title, *_ in rows][:4] == [
        "Tracker page",
        "Tracker page, view 2",
        "Another page",
        "Tracker page",
    ]
    home, other = rows[0], rows[2]
    assert urlsplit(other[0]).path == "/next.html"
    assert urlsplit(other[2]).netloc == urlsplit(home[0]).netloc
    assert home[3] == findings.name
    modelled = findings.of("page views", sent, "page_url, page_title, page_urlpath", "derived.page_views")
    assert modelled == [(url, title, urlsplit(url).path) for url, title in seen]


def test_page_pings(findings: Findings) -> None:
    sent = findings.visit.named("page_ping")
    offsets = "pp_yoffset_min, pp_yoffset_max, doc_height, br_viewheight, page_url"
    for event, row in zip(sent, findings.of("page pings", sent, offsets), strict=True):
        lowest, highest, height, view, url = row
        assert (highest, height) == (int(event.parameters["pp_may"]), int(event.parameters["ds"].split("x")[1]))
        assert 0 <= (lowest or 0) < highest <= height - view
        assert url == event.parameters["url"]
    users = {event.parameters["duid"] for event in sent}
    sql = "select sum(page_pings)::int from derived.page_views where domain_userid = '{}'"
    findings.count("page pings", "derived.page_views", findings.query(sql.format(*users))[0][0], len(sent))


def test_sessions(findings: Findings) -> None:
    sent = findings.visit.good
    ids = "domain_userid, domain_sessionid, domain_sessionidx, network_userid"
    session = entity(f"{SNOWPLOW}_client_session")
    rows = findings.of("sessions", sent, f"{ids}, {session}, page_title")
    for user, session_id, index, _, data, _ in rows:
        assert (data["user_id"], data["session_id"], data["session_index"]) == (user, session_id, index)
    numbers = [index for _, _, index, *_ in rows]
    assert (numbers, set(numbers)) == (sorted(numbers), {1, 2})
    visitors = {(user, network_user) for user, _, _, network_user, *_ in rows}
    assert len(visitors) == 1
    first = {session_id for _, session_id, index, *_ in rows if index == 1}
    assert {session_id for _, session_id, *_, title in rows if title == "Another page"} == first
    assert next(data["event_index"] for *_, data, _ in rows if data["session_id"] in first) == 1

    (user, _), modelled = *visitors, "select {} from derived.{} where domain_userid = '{}' order by start_tstamp"
    columns = "domain_sessionid, domain_sessionidx, events, page_views, landing_page_url"
    found = findings.query(modelled.format(columns, "sessions", user))
    views = [event.parameters["sid"] for event in findings.visit.named("page_view")]
    assert [row[:4] for row in found] == [
        (name, index, [row[1] for row in rows].count(name), views.count(name))
        for index, name in enumerate(dict.fromkeys(row[1] for row in rows), start=1)
    ]
    assert found[0][4] == sent[0].parameters["url"]
    findings.count("sessions", "derived.sessions", len(found), 2)
    assert findings.query(modelled.format("sessions, page_views", "users", user)) == [(2, len(views))]


def test_link_clicks(findings: Findings) -> None:
    sent = findings.visit.named("link_click")
    click = f"unstruct_event_{SNOWPLOW}_link_click_1"
    rows = findings.of("link clicks", sent, f"{click}.target_url, {click}.element_id, {click}.element_content")
    assert [row[1:] for row in rows] == [
        ("link-inside", "To the top of this page"),
        ("link-next", "Another page of this site, in a new tab"),
    ]
    assert [(urlsplit(url).path, urlsplit(url).fragment) for url, *_ in rows] == [("/", "top"), ("/next.html", "")]
    columns = "link_target_url, link_element_id, link_element_content"
    assert findings.of("link clicks", sent, columns, "derived.link_clicks") == rows


def test_forms(findings: Findings) -> None:
    column = f"unstruct_event_{SNOWPLOW}_{{0}}_1"
    focus, change, submit = (column.format(name) for name in ("focus_form", "change_form", "submit_form"))
    visit = findings.visit
    assert findings.of("form focus", visit.named("focus_form"), f"{focus}.element_id, {focus}.value") == [
        ("name", ""),
        ("plan", "free"),
        ("notes", ""),
        ("password", None),
    ]
    assert findings.of("form change", visit.named("change_form"), f"{change}.element_id, {change}.value") == [
        ("name", NAME),
        ("plan", "team"),
        ("news", "yes"),
        ("notes", NOTES),
        ("password", None),
    ]
    ((form, elements),) = findings.of("form submit", visit.named("submit_form"), f"{submit}.form_id, {submit}.elements")
    assert form == "profile-form"
    assert [(element["name"], element["value"]) for element in elements] == [
        ("name", NAME),
        ("plan", "team"),
        ("news", "yes"),
        ("notes", NOTES),
    ]
    for kind, name in (("form focus", "focus_form"), ("form change", "change_form"), ("form submit", "submit_form")):
        assert set(findings.of(kind, visit.named(name), "event_name", "derived.stg_events")) == {(name,)}


def test_a_password_leaves_no_trace(installation: Installation, visits: dict[str, Visit]) -> None:
    files = [file for file in installation.laptop.home.rglob("*") if file.is_file()]
    assert any(NAME.encode() in file.read_bytes() for file in files)
    assert not [file for file in files if PASSWORD.encode() in file.read_bytes()]


def test_browser(findings: Findings) -> None:
    sent = findings.visit.good
    browser, parsed = entity(f"{SNOWPLOW}_browser_context", 2), entity(f"{SNOWPLOW}_ua_parser_context")
    columns = f"{browser}, {parsed}, useragent, os_timezone, br_lang, dvce_screenwidth || 'x' || dvce_screenheight"
    for event, row in zip(sent, findings.of("browser", sent, columns), strict=True):
        told, found, *device = row
        assert (told["viewport"], told["resolution"], told["browser_language"]) == (
            event.parameters["vp"],
            event.parameters["res"],
            LOCALE,
        )
        assert told["webdriver"] and told["cookies_enabled"]
        assert (found["useragent_family"], found["os_family"]) == (findings.browser.family, "Linux")
        assert device == [findings.visit.useragent, TIMEZONE, LOCALE, told["resolution"]]
    modelled = findings.of("browser", sent, "useragent_family, device_type, is_bot", "derived.stg_events")
    assert set(modelled) == {(findings.browser.family, "desktop", True)}


def test_geolocation_after_consent(findings: Findings) -> None:
    sent = findings.visit.carrying(GEOLOCATION)
    place = entity(f"{SNOWPLOW}_geolocation_context")
    numbers = ", ".join(f"{place}.{name}" for name in ("latitude", "longitude", "latitude_longitude_accuracy"))
    assert set(findings.of("geolocation", sent, numbers)) == {tuple(POSITION.values())}
    before = findings.visit.good[: findings.visit.good.index(sent[0])]
    assert {"page_view", "sample_input", "submit_form"} <= {event.name for event in before}
    assert findings.rows(before, place) == [(None,)] * len(before)
    findings.of("geolocation", sent, "event_name", "derived.stg_events")


def test_client_hints(findings: Findings) -> None:
    hints = entity("org_ietf_http_client_hints")
    sent = findings.visit.carrying(CLIENT_HINTS)
    if not findings.browser.has_client_hints:
        assert sent == []
        assert findings.rows(findings.visit.good, hints) == [(None,)] * len(findings.visit.good)
        findings.note("client hints", "atomic", "none, as expected")
        return
    assert len(sent) == len(findings.visit.good)
    for (data,) in findings.of("client hints", sent, hints):
        assert (data["is_mobile"], data["platform"]) == (False, "Linux")
        assert "Chromium" in {brand["brand"] for brand in data["brands"]}
    findings.of("client hints", sent, "device_type", "derived.stg_events")


def test_sample_input(findings: Findings) -> None:
    sent = findings.visit.named("sample_input")
    typed = [(text,) for text in (SAMPLE, SAMPLE_LATER, *VARIANTS.get(findings.name, ()))]
    assert findings.of("Sample Input", sent, "unstruct_event_com_patrickcloud_sample_input_1.value") == typed
    assert findings.of("Sample Input", sent, "sample_input_value", "derived.sample_inputs") == typed


def test_a_broken_event_becomes_a_bad_row(findings: Findings) -> None:
    sent = [event.event_id for event in findings.visit.events if event.broken]
    rows = findings.query("select kind, payload::varchar from atomic.bad_rows")
    kinds = [kind for kind, payload in rows for event_id in sent if event_id in payload]
    findings.count("bad rows", "atomic.bad_rows", len(kinds), len(sent))
    assert set(kinds) == {"schema_violations"}


def test_get_and_base64(installation: Installation, visits: dict[str, Visit]) -> None:
    for browser, variants in VARIANTS.items():
        if browser not in visits:
            continue
        exchanges = visits[browser].exchanges(installation.collector)
        queries = [parse_qs(urlsplit(one.url).query) for one in exchanges if one.method == "GET"]
        assert len(variants) == 3
        assert {name for query in queries for name in query} >= {"co", "ue_pr", "cx", "ue_px"}


def test_events_go_through_nginx_over_https_and_nowhere_else(findings: Findings) -> None:
    visit, collector = findings.visit, findings.installation.collector
    assert {one.status for one in visit.exchanges(collector)} == {200}
    assert {event.answer for event in visit.events} == {200}
    paths = ("/com.snowplowanalytics.snowplow/tp2", "/i")
    carriers = {url for url in visit.traffic.requested if urlsplit(url).path in paths}
    assert {f"{urlsplit(url).scheme}://{urlsplit(url).netloc}" for url in carriers} == {collector}
    assert (visit.traffic.outside, visit.traffic.complaints) == ([], [])


def test_nothing_else_arrived(installation: Installation, visits: dict[str, Visit]) -> None:
    events = [event for visit in visits.values() for event in visit.events]
    good = sorted(event.event_id for event in events if not event.broken)
    query = installation.laptop.query
    assert [event_id for (event_id,) in query("select event_id from atomic.events order by all")] == good
    assert len(query("select bad_row_id from atomic.bad_rows")) == len(events) - len(good)
    installation.laptop.books()
