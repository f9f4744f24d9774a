"""The tracker page in Chromium: what it sends, what it refuses to send, and what it shows of both."""

import base64
import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from tests.browsers.browsers import CHROMIUM_FLAGS
from tests.browsers.machine import program
from tests.collector import test_process as processes
from tests.collector.harness import Running, collecting
from tests.page.harness import environment, started
from tests.page.warehouse import publish

from snowmelt.protocol.collector_payload import decode
from snowmelt.streams.segments import SegmentReader, SegmentWriter

pytestmark = pytest.mark.slow

PASSWORD = "correct horse battery staple"
POSITION = {"latitude": 64.125, "longitude": -21.75, "accuracy": 20.0}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state folder."""
    return tmp_path_factory.mktemp("page") / "home"


@pytest.fixture(scope="module")
def server(home: Path, root: Path) -> Iterator[int]:
    """The server of the page, freshly built; its port. Its own collectors are none."""
    build = [str(root / "scripts" / "build_page.sh")]
    done = subprocess.run(build, env=environment(home), capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr
    nowhere = json.dumps(["https://{host}:1", "http://{host}:2"])
    with started(home / "web", home, root, SNOWMELT_PAGE_COLLECTORS=nowhere) as (_, port):
        yield port


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Chromium, without a profile."""
    path = program("chromium", "chromium-browser", "google-chrome")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield found
        found.close()


@pytest.fixture(scope="module")
def shared_collector() -> Iterator[Running]:
    """A collector that remembers everything."""
    with collecting() as running:
        yield running


@pytest.fixture
def collector(shared_collector: Running) -> Iterator[Running]:
    """The same, with an empty memory."""
    shared_collector.good.records.clear()
    yield shared_collector
    shared_collector.good.refusal = None


@pytest.fixture
def visitor(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser that was never here."""
    context = chromium.new_context()
    yield context
    context.close()


@pytest.fixture
def page(visitor: BrowserContext, server: int, collector: Running) -> Iterator[Page]:
    """The tracker page after its page view; at the end the browser must have complained of nothing."""
    with watched(visitor) as (page, complaints):
        arrive(page, f"http://localhost:{server}/?collector=http://localhost:{collector.port}")
        yield page
        assert complaints == []


@contextmanager
def watched(visitor: BrowserContext) -> Iterator[tuple[Page, list[str]]]:
    """A tab, and what the browser complains of."""
    page = visitor.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page, complaints


def arrive(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("body[data-ready=true]").wait_for()


def events(collector: Running) -> list[dict[str, Any]]:
    """The parameters of everything collected, with what is JSON in them as data."""
    return [
        sent | {"event": _data(sent, "ue_pr", "ue_px"), "entities": _data(sent, "co", "cx")}
        for payload in collector.payloads()
        for sent in (json.loads(payload.body)["data"] if payload.body else [dict(parse_qsl(payload.querystring or ""))])
    ]


def _data(parameters: dict[str, str], plain: str, encoded: str) -> Any:
    text = parameters.get(plain) or base64.urlsafe_b64decode(parameters.get(encoded, "") + "==")
    return json.loads(text)["data"] if text else None


def entry(page: Page, kind: str, text: str = "") -> Any:
    """The newest entry of a kind in the log."""
    return page.locator(f"#log > li[data-kind={kind}]", has_text=text).first


def values(collector: Running) -> list[Any]:
    """What was sent as Sample Input."""
    described = [one["event"] for one in events(collector) if one["event"]]
    return [event["data"] for event in described if "sample_input" in event["schema"]]


def logged(folder: Path) -> list[str]:
    """The ids of all events in a collector's log."""
    SegmentWriter.open(folder).close()
    entries = SegmentReader(folder).read("0", None, 1000, 10_000_000)
    bodies = [json.loads(decode(entry.data).body or "") for entry in entries]
    return [event["eid"] for body in bodies for event in body["data"]]


def test_the_page_view_carries_the_detailed_hints_and_is_shown(page: Page, collector: Running) -> None:
    expect(entry(page, "page_view")).to_have_attribute("data-answer", "answered")
    expect(page.locator("#log > li")).to_have_count(1)
    expect(page.locator("#log-empty")).to_be_hidden()
    (view,) = events(collector)
    (hints,) = [entity["data"] for entity in view["entities"] if "http_client_hints" in entity["schema"]]
    assert {"platform", "platformVersion", "architecture", "uaFullVersion"} <= hints.keys()
    expect(page.locator("#hints-note")).to_contain_text(hints["uaFullVersion"])
    (session,) = [entity["data"] for entity in view["entities"] if "client_session" in entity["schema"]]
    expect(page.locator("#session-id")).to_have_text(session["sessionId"][:8])
    expect(page.locator("#session-index")).to_have_text("1")
    expect(page.locator("#collector-note")).to_have_text(
        f"Sending to http://localhost:{collector.port}, as the address bar asks."
    )


def test_an_entry_unfolds_to_the_payload_as_it_was_sent(page: Page, collector: Running) -> None:
    shown = entry(page, "page_view")
    shown.locator("summary").press("Enter")
    (sent,) = events(collector)
    found = json.loads(shown.locator("pre").inner_text())
    assert found["entities"] == sent["entities"]
    assert (found["eid"], found["url"]) == (sent["eid"], sent["url"])


def test_sample_input_is_sent_as_it_is_typed(page: Page, collector: Running) -> None:
    typed = ["Schneeschmelze ❄ <b>", "  kept as typed  ", " ", "x" * 1000]
    for number, text in enumerate(typed, start=1):
        page.locator("#sample-input").fill(text)
        page.locator("#sample-input").press("Enter")
        expect(page.locator("#log > li[data-kind=sample_input][data-answer=answered]")).to_have_count(number)
        expect(page.locator("#sample-input")).to_have_value("")
    expect(page.locator("#announcer")).to_have_text("sample input: 200")
    assert values(collector) == [{"value": text} for text in typed]
    assert page.locator("#log b").count() == 0


def test_what_the_schema_would_refuse_is_not_sent(page: Page, collector: Running) -> None:
    refused = {
        "": "Type something first: an empty text is not sent.",
        "x" * 1001: "That is 1001 characters, and the schema allows 1000.",
    }
    for text, sentence in refused.items():
        page.locator("#sample-input").fill(text)
        page.locator("#sample-send").click()
        expect(page.locator("#sample-note")).to_have_text(sentence)
        expect(page.locator("#sample-input")).to_have_attribute("aria-invalid", "true")
        expect(page.locator("#sample-input")).to_be_focused()
    page.locator("#sample-input").fill("then this")
    page.locator("#sample-send").click()
    expect(entry(page, "sample_input")).to_have_attribute("data-answer", "answered")
    assert values(collector) == [{"value": "then this"}]


def test_a_form_sends_everything_but_the_password(page: Page, collector: Running) -> None:
    page.locator("#profile-name").fill("Zoë")
    page.locator("#profile-plan").select_option("team")
    page.locator("#profile-news").check()
    page.locator("#profile-notes").fill("two\nlines")
    page.locator("#profile-password").press_sequentially(PASSWORD)
    page.locator("#profile-send").press("Enter")
    submitted = entry(page, "submit_form")
    expect(submitted).to_have_attribute("data-answer", "answered")
    expect(entry(page, "change_form", "password")).to_contain_text("its value is left out")
    forms = [one["event"] for one in events(collector) if one["event"] and "_form/" in one["event"]["schema"]]
    sent = {element["name"]: element["value"] for element in forms[-1]["data"]["elements"]}
    assert sent == {"name": "Zoë", "plan": "team", "news": "yes", "notes": "two\nlines"}
    assert {form["schema"].split("/")[1] for form in forms} == {"focus_form", "change_form", "submit_form"}
    everything = b"".join(record.data for record in collector.good.records).decode("utf-8", "replace")
    assert not any(word in everything for word in PASSWORD.split())
    kept = page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}, document.cookie])")
    assert not any(word in kept for word in PASSWORD.split())


def test_the_sample_input_is_no_form_to_the_tracker(page: Page, collector: Running) -> None:
    page.locator("#sample-input").press_sequentially("typed")
    page.locator("#sample-send").click()
    expect(entry(page, "sample_input")).to_have_attribute("data-answer", "answered")
    assert [one["e"] for one in events(collector)] == ["pv", "ue"]


def test_every_link_is_a_click(page: Page, collector: Running, server: int) -> None:
    page.locator("#link-inside").click()
    with page.expect_download():
        page.locator("#link-download").click()
    with page.expect_popup() as opened:
        page.locator("#link-next").click()
    expect(entry(opened.value, "page_view")).to_have_attribute("data-answer", "answered")
    expect(page.locator("#log > li[data-kind=link_click][data-answer=answered]")).to_have_count(3)
    targets = [one["event"]["data"]["targetUrl"] for one in events(collector) if one["event"]]
    query = f"?collector=http://localhost:{collector.port}"
    assert targets == [
        f"http://localhost:{server}/{query}#top",
        f"http://localhost:{server}/sample.csv",
        f"http://localhost:{server}/next.html{query}",
    ]
    view = next(one for one in events(collector) if one.get("page") == "Another page")
    assert view["refr"].startswith(f"http://localhost:{server}/{query}")


def test_a_virtual_view_and_a_new_session(page: Page, collector: Running) -> None:
    page.locator("#virtual-view").click()
    page.locator("#session-new").click()
    expect(page.locator("#log > li[data-kind=page_view][data-answer=answered]")).to_have_count(3)
    views = events(collector)
    assert [view["page"] for view in views] == ["Tracker page", "Tracker page, view 2", "Tracker page"]
    assert views[1]["url"].endswith("&view=2")
    ids = {one["data"]["id"] for view in views for one in view["entities"] if "web_page" in one["schema"]}
    assert len(ids) == 3
    assert [view["vid"] for view in views] == ["1", "1", "2"]
    expect(page.locator("#session-index")).to_have_text("2")


def test_the_position_is_in_events_after_consent_only(chromium: Browser, server: int, collector: Running) -> None:
    context = chromium.new_context(permissions=["geolocation"], geolocation=POSITION)
    page = context.new_page()
    arrive(page, f"http://localhost:{server}/?collector=http://localhost:{collector.port}")
    page.locator("#location-share").click()
    expect(page.locator("#location-note")).to_contain_text("Shared, to about 20 m")
    page.locator("#virtual-view").click()
    expect(page.locator("#log > li[data-answer=answered]")).to_have_count(2)
    expect(entry(page, "page_view").locator(".carries", has_text="position")).to_be_visible()
    context.close()
    found = [[one["data"] for one in view["entities"] if "geolocation" in one["schema"]] for view in events(collector)]
    assert found[0] == []
    assert (found[1][0]["latitude"], found[1][0]["longitude"]) == (64.125, -21.75)


def test_a_refused_position_is_told_and_never_sent(page: Page, collector: Running) -> None:
    page.locator("#location-share").click()  # without a window Chromium refuses by itself
    expect(page.locator("#location-note")).to_contain_text("Refused, by you or by the browser")
    page.locator("#virtual-view").click()
    expect(page.locator("#log > li[data-answer=answered]")).to_have_count(2)
    assert not any("geolocation" in entity["schema"] for view in events(collector) for entity in view["entities"])


def test_get_and_base64_are_shown_decoded(visitor: BrowserContext, server: int, collector: Running) -> None:
    page = visitor.new_page()
    arrive(page, f"http://localhost:{server}/?collector=http://localhost:{collector.port}&method=get&base64=1")
    page.locator("#sample-input").fill("ünïcødé ☃")
    page.locator("#sample-send").click()
    expect(entry(page, "sample_input", "“ünïcødé ☃”")).to_have_attribute("data-answer", "answered")
    assert values(collector) == [{"value": "ünïcødé ☃"}]
    assert [(payload.path, payload.body) for payload in collector.payloads()] == [("/i", None)] * 2
    assert all("cx" in one and "co" not in one for one in events(collector))


def test_an_event_is_followed_into_the_tables(page: Page, collector: Running, home: Path) -> None:
    page.locator("#sample-input").fill("good")
    page.locator("#sample-send").click()
    page.locator("#broken-send").click()
    good, broken = entry(page, "sample_input", "“good”"), entry(page, "sample_input", "breaks its schema")
    expect(broken).to_have_attribute("data-answer", "answered")
    expect(good).to_contain_text("not in the tables yet")
    expect(good.locator(".foot a")).to_be_hidden()
    ids = [str(one.get_attribute("data-event-id")) for one in (good, broken)]
    assert [values(collector)[1].get("value"), *values(collector)[:1]] == [None, {"value": "good"}]
    page.reload()
    publish(home / "published" / "snowmelt.duckdb", modelled=ids[0], bad=ids[1])
    expect(good).to_have_attribute("data-state", "modelled", timeout=15_000)
    expect(broken).to_have_attribute("data-state", "bad row")
    expect(page.locator("#tables-note")).to_contain_text("less than a minute ago")
    for one, state in ((good, "This event is in the models."), (broken, "This event did not pass validation.")):
        one.locator(".foot a").click()
        expect(page.locator("#state")).to_contain_text(state)
        page.go_back()


def test_a_collector_that_refuses_is_asked_again(visitor: BrowserContext, server: int, collector: Running) -> None:
    page = visitor.new_page()
    arrive(page, f"http://localhost:{server}/?collector=http://localhost:{collector.port}")
    expect(entry(page, "page_view")).to_have_attribute("data-answer", "answered")
    collector.good.refusal = "disk full"
    page.locator("#sample-input").fill("later")
    page.locator("#sample-send").click()
    expect(entry(page, "sample_input").locator(".answer")).to_contain_text("will be sent again")
    expect(page.locator("#waiting-note")).to_contain_text("1 event waits in this browser")
    collector.good.refusal = None
    expect(entry(page, "sample_input")).to_have_attribute("data-answer", "answered", timeout=15_000)
    expect(page.locator("#waiting-note")).to_be_hidden()
    assert values(collector) == [{"value": "later"}]


def test_without_a_collector_events_wait_and_arrive_once_it_is_there(
    visitor: BrowserContext, server: int, unused_tcp_port: int, tmp_path: Path
) -> None:
    page = visitor.new_page()
    address = f"http://localhost:{server}/?collector=http://localhost:{unused_tcp_port}"
    arrive(page, address)
    page.locator("#sample-input").fill("early")
    page.locator("#sample-send").click()
    expect(entry(page, "sample_input").locator(".answer")).to_have_text("no answer, will be sent again")
    page.reload()  # the queue outlives the page
    expect(page.locator("#waiting-note")).to_contain_text("3 events wait in this browser")
    log = tmp_path / "log"
    with processes.started(["--port", str(unused_tcp_port), "--log-dir", str(log)], tmp_path):
        expect(page.locator("#log > li[data-answer=answered]")).to_have_count(3, timeout=15_000)
        expect(page.locator("#waiting-note")).to_be_hidden()
    ids = [one.get_attribute("data-event-id") for one in page.locator("#log > li").all()]
    assert sorted(logged(log)) == sorted(ids)


def test_a_collector_that_is_not_the_pages_own_is_refused(
    visitor: BrowserContext, server: int, collector: Running
) -> None:
    foreign = ("http://collector.example", f"http://127.0.0.1:{collector.port}", "javascript:alert(1)", "nonsense")
    page = visitor.new_page()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    for asked in (*foreign, f"ftp://localhost:{collector.port}"):
        arrive(page, f"http://localhost:{server}/?collector={asked}")
        note = page.locator("#collector-note")
        expect(note).to_contain_text(f"{asked} is not an address this page may send to. No collector answers at ")
        expect(note).to_have_attribute("data-collector", "http://localhost:2")
        expect(page.locator("#collector-accept")).to_have_attribute("href", "https://localhost:1/")
    expect(entry(page, "page_view")).to_have_attribute("data-answer", "waiting")
    assert not [url for url in requests if url.startswith(foreign)]
    assert collector.good.records == []


def test_plain_http_is_taken_where_https_does_not_answer(
    visitor: BrowserContext, home: Path, root: Path, server: int, collector: Running
) -> None:
    addresses = json.dumps(["https://{host}:1", f"http://{{host}}:{collector.port}"])
    with started(home / "web", home, root, SNOWMELT_PAGE_COLLECTORS=addresses) as (_, port):
        page = visitor.new_page()
        arrive(page, f"http://localhost:{port}/")
        note = page.locator("#collector-note")
        expect(note).to_contain_text(
            f"Sending to http://localhost:{collector.port}. https://localhost:1 cannot be used"
        )
        expect(page.locator("#collector-accept")).to_have_text("open https://localhost:1")
        expect(entry(page, "page_view")).to_have_attribute("data-answer", "answered")
        page.close()
