"""The two consoles in a browser, before applications that answer whatever a test wants."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Route, expect, sync_playwright

pytestmark = pytest.mark.slow

ORIGIN = "https://console.test"
CHROMIUM = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]

Answer = tuple[int, str]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        pytest.skip("there is no chromium on this machine: run `make browsers`")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM)
        yield browser
        browser.close()


class Console:
    """A console whose application gives the answers of ``answers``, by path; where there is none, the network fails."""

    def __init__(self, page: Page, root: Path, site: str) -> None:
        self.page = page
        self.answers: dict[str, Answer | Callable[[Route], Answer]] = {}
        web = root / "web"
        self._files = {
            "/": (web / "console" / site / "index.html", "text/html"),
            "/console.js": (web / "console" / site / "console.js", "text/javascript"),
            "/console.css": (web / "console" / "console.css", "text/css"),
            "/style.css": (web / "style.css", "text/css"),
        }
        template = (root / "infra" / "nginx" / "console.conf.template").read_text(encoding="utf-8")
        policy = re.search(r'Content-Security-Policy "([^"]+)"', template)
        assert policy
        self._policy = policy[1]
        self.foreign: list[str] = []
        self.complaints: list[str] = []
        page.route("**/*", self._serve)
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.clock.install(time=0)
        page.clock.pause_at(1000)  # from here on it runs when a test says so

    def open(self) -> None:
        self.page.goto(ORIGIN)

    def after(self, milliseconds: int) -> None:
        """Lets the page's clock run, and what it then asks be answered."""
        self.page.clock.run_for(milliseconds)

    def text(self, name: str) -> str:
        return self.page.locator(f"#{name}").inner_text()

    def _serve(self, route: Route) -> None:
        address = urlsplit(route.request.url)
        if f"{address.scheme}://{address.netloc}" != ORIGIN:
            self.foreign.append(route.request.url)
        if address.path in self._files:
            file, kind = self._files[address.path]
            route.fulfill(path=file, content_type=kind, headers={"Content-Security-Policy": self._policy})
            return
        answer = self.answers.get(address.path)
        if answer is None:
            route.abort()
        else:
            status, body = answer(route) if callable(answer) else answer
            route.fulfill(status=status, body=body)

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:  # the tests make it fail
            self.complaints.append(message.text)


@pytest.fixture
def opened(browser: Browser, root: Path) -> Iterator[Callable[[str], Console]]:
    """Makes the console of a site. Whatever happened to it, it asked nobody else and broke no rule of its policy."""
    made: list[Console] = []
    context = browser.new_context()

    def make(site: str) -> Console:
        made.append(Console(context.new_page(), root, site))
        return made[-1]

    yield make
    context.close()
    assert [(console.foreign, console.complaints) for console in made] == [([], [])] * len(made)


# ---- the collector's


def metrics(
    requests: dict[tuple[str, str], int], *, records: int = 0, queued: int = 0, healthy: int = 1, **buckets: int
) -> str:
    """A page of metrics; ``buckets`` are commits within milliseconds, cumulative: ``ms1=5, ms2_5=9``."""
    lines = [
        "# HELP snowmelt_collector_requests_total Answered requests.",
        *(
            f'snowmelt_collector_requests_total{{method="POST",route="{route}",status="{status}"}} {count}.0'
            for (route, status), count in requests.items()
        ),
        f'snowmelt_collector_records_total{{kind="good"}} {records}.0',
        f"snowmelt_collector_queued_records {queued}.0",
        f"snowmelt_collector_sink_healthy {healthy}.0",
        "snowmelt_collector_connections 3.0",
    ]
    bounds = {name: float(name.removeprefix("ms").replace("_", ".")) / 1000 for name in buckets}
    lines += [
        f'snowmelt_collector_commit_seconds_bucket{{le="{bounds[name]}"}} {count}.0' for name, count in buckets.items()
    ]
    if buckets:
        lines.append(f'snowmelt_collector_commit_seconds_bucket{{le="+Inf"}} {max(buckets.values())}.0')
    return "\n".join(lines) + "\n"


COUNT_DRAWINGS = """
window.drawn = 0
new MutationObserver(() => drawn++).observe(document, {subtree: true, attributeFilter: ["aria-label"]})
"""


class Collector:
    """The collector's console, read by read."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.page = console.page
        self.page.add_init_script(COUNT_DRAWINGS)

    def poll(self, answer: Answer | str | None, *, first: bool = False) -> None:
        """Lets the page read once more and waits until it has drawn; None: the network fails."""
        drawn = 0 if first else self.page.evaluate("drawn")
        self.console.answers.pop("/metrics", None)
        if answer is not None:
            self.console.answers["/metrics"] = (200, answer) if isinstance(answer, str) else answer
        if first:
            self.console.open()
        else:
            self.console.after(2000)
        self.page.wait_for_function("before => drawn > before", arg=drawn)

    def says(self, sentence: str | re.Pattern[str], kind: str) -> None:
        state = self.page.locator("#state")
        expect(state).to_have_text(sentence)
        expect(state).to_have_class(f"state {kind}".strip() if kind else re.compile(r"state\s*"))


@pytest.fixture
def collector(opened: Callable[[str], Console]) -> Collector:
    return Collector(opened("collector"))


def test_before_two_readings_it_waits(collector: Collector):
    collector.poll(metrics({("post", "200"): 100}), first=True)
    collector.says("Waiting for the first numbers.", "")
    assert collector.console.text("requests") == "–"
    assert collector.console.text("address") == ORIGIN


def test_rates_are_what_counters_grew_by(collector: Collector):
    collector.poll(metrics({("post", "200"): 1000, ("health", "200"): 5}, records=900, ms1=0, ms2=0, ms4=0), first=True)
    collector.poll(
        metrics({("post", "200"): 3400, ("health", "200"): 700}, records=2900, queued=7, ms1=50, ms2=94, ms4=100)
    )
    collector.says("Healthy: everything sent is acknowledged.", "")
    found = {
        name: collector.console.text(name)
        for name in ("requests", "records", "errors", "queue", "commit", "connections")
    }
    assert found == {
        "requests": "1,200",  # health is asked by machines, and does not count
        "records": "1,000",
        "errors": "0 %",
        "queue": "7",
        "commit": "3.7 ms",  # five sixths of the way from 2 to 4 ms
        "connections": "3",
    }
    rows = collector.page.locator("#answers tr").all_inner_texts()
    assert [row.split() for row in rows] == [
        ["200", "post", "POST", "1,200", "3,400"],
        ["200", "health", "POST", "348", "700"],
    ]
    told = collector.page.locator("figure svg[role=img]").nth(2).get_attribute("aria-label")
    assert told == "Time to make a batch durable: now p50 1 ms, p95 2.3 ms, p99 3.7 ms; highest 3.7 ms."


def test_where_nothing_is_sent_it_says_how_to(collector: Collector):
    collector.poll(metrics({}), first=True)
    collector.poll(metrics({}))
    collector.says("Healthy, and nothing is sent. To see something: snowmelt simulate --events 2000", "")
    expect(collector.page.locator("#answers")).to_have_text("None yet.")


@pytest.mark.parametrize(
    ("requests", "healthy", "sentence", "kind"),
    [
        ({("none", "404"): 4}, 1, r"Healthy, but some requests are refused with 4xx", "warn"),
        ({("post", "503"): 4, ("none", "404"): 4}, 1, r"Some requests fail with 5xx; trackers send them again", "bad"),
        ({("post", "503"): 4}, 0, r"The last batch could not be written: .*make logs STAGE=collector", "bad"),
    ],
)
def test_trouble_is_told_with_what_to_do(collector: Collector, requests, healthy: int, sentence: str, kind: str):
    collector.poll(metrics({}), first=True)
    collector.poll(metrics(requests, healthy=healthy))
    collector.says(re.compile(sentence), kind)
    assert collector.console.text("errors") == "100 %"


def test_a_collector_started_again_begins_at_nothing(collector: Collector):
    collector.poll(metrics({("post", "200"): 1000}), first=True)
    collector.poll(metrics({("post", "200"): 40}))
    expect(collector.page.locator("#requests")).to_have_text("20")


@pytest.mark.parametrize(
    ("answer", "sentence", "kind"),
    [
        ((502, "<html>"), r"The collector does not answer\. .* Start it with make up", "bad"),
        ((504, "<html>"), r"The collector does not answer\.", "bad"),
        (None, r"Nginx does not answer, .* snowmelt proxy", "bad"),
        ((403, "<html>"), r"Only this machine may see the metrics", "warn"),
        ((404, "404 not found"), r"metrics are switched off: set metrics\.enabled", "warn"),
    ],
)
def test_what_is_down_is_told_and_the_picture_has_a_gap(collector: Collector, answer, sentence: str, kind: str):
    collector.poll(metrics({("post", "200"): 0}), first=True)
    collector.poll(metrics({("post", "200"): 20}))
    collector.says("Healthy: everything sent is acknowledged.", "")
    collector.poll(answer)
    collector.says(re.compile(sentence), kind)
    assert collector.console.text("requests") == "–"
    collector.poll(metrics({("post", "200"): 9000}))  # nobody knows in how long a time
    collector.poll(metrics({("post", "200"): 9010}))
    expect(collector.page.locator("#requests")).to_have_text("5")
    line = collector.page.locator("figure svg[role=img] path.first").first.get_attribute("d") or ""
    assert line.count("M") == 2


# ---- the registry's


LISTED = [
    "iglu:com.acme/checkout/jsonschema/1-0-10",
    "iglu:com.acme/checkout/jsonschema/1-0-2",
    "iglu:org.w3/PerformanceTiming/jsonschema/1-0-0",
    "iglu:com.acme/basket/jsonschema/1-0-0",
]
SCHEMA = {"description": "A <b>basket</b>.", "type": "object"}


@pytest.fixture
def registry(opened: Callable[[str], Console]) -> Console:
    console = opened("iglu")
    console.answers = {
        "/api/meta/health": (200, "OK"),
        "/api/schemas": (200, json.dumps(LISTED)),
        "/api/schemas/com.acme/basket/jsonschema/1-0-0": (200, json.dumps(SCHEMA)),
    }
    return console


def test_schemas_are_grouped_and_their_versions_in_order(registry: Console):
    registry.open()
    expect(registry.page.locator("#state")).to_have_text("Healthy: 4 versions of schemas can be read.")
    assert registry.page.locator("summary").all_inner_texts() == ["com.acme · 2 schemas", "org.w3 · 1 schema"]
    names = [row.split() for row in registry.page.locator(".names li").all_inner_texts()]
    assert names == [["basket", "1-0-0"], ["checkout", "1-0-2", "1-0-10"], ["PerformanceTiming", "1-0-0"]]
    registry.page.get_by_label("Show only names with").fill("perf")
    assert registry.page.locator(".names li span").all_inner_texts() == ["PerformanceTiming"]
    registry.page.get_by_label("Show only names with").fill("nothing")
    expect(registry.page.locator("#vendors")).to_have_text("No name holds “nothing”.")


def test_the_text_of_a_schema_is_shown_as_text(registry: Console):
    registry.open()
    registry.page.get_by_role("button", name="basket 1-0-0").click()
    expect(registry.page.locator("#chosen")).to_have_text("iglu:com.acme/basket/jsonschema/1-0-0")
    expect(registry.page.locator("#chosen")).to_be_focused()
    expect(registry.page.locator("#described")).to_have_text("A <b>basket</b>.")
    assert json.loads(registry.text("text")) == SCHEMA
    assert registry.page.locator("b").count() == 0
    expect(registry.page.get_by_role("button", name="basket 1-0-0")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("answer", [(200, "[]"), (404, '{"message": "No schemas available"}')])
def test_an_empty_registry_says_how_to_fill_it(registry: Console, answer: Answer):
    registry.answers["/api/schemas"] = answer
    registry.open()
    expect(registry.page.locator("#state")).to_have_text("Healthy: 0 versions of schemas can be read.")
    expect(registry.page.locator("#vendors")).to_contain_text("snowmelt schema publish")


def test_a_key_is_sent_with_every_request_and_kept_nowhere(registry: Console):
    keys: list[str | None] = []

    def schemas(route: Route) -> Answer:
        keys.append(route.request.headers.get("apikey"))
        return 200, json.dumps(LISTED if keys[-1] else [])

    registry.answers["/api/schemas"] = schemas
    registry.open()
    expect(registry.page.locator("#vendors")).to_contain_text("type a key")
    registry.page.get_by_label("API key").fill("00000000-1111-2222-3333-444444444444")
    registry.page.keyboard.press("Enter")
    expect(registry.page.locator("#state")).to_have_text("Healthy: 4 versions of schemas can be read with this key.")
    assert keys == [None, "00000000-1111-2222-3333-444444444444"]
    assert registry.page.url == f"{ORIGIN}/"
    assert registry.page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]


def test_a_key_that_is_none_is_told(registry: Console):
    registry.answers["/api/schemas"] = (400, '{"message": "Invalid UUID for ApiKey"}')
    registry.open()
    expect(registry.page.locator("#state")).to_have_text("Invalid UUID for ApiKey")
    expect(registry.page.locator("#vendors")).to_have_text("Not known: the list could not be read.")


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [((502, "<html>"), "The registry does not answer."), (None, "Nginx does not answer.")],
)
def test_a_registry_that_is_down_is_told_until_it_is_back(registry: Console, answer: Answer | None, sentence: str):
    well = dict(registry.answers)
    for path in ("/api/meta/health", "/api/schemas"):
        registry.answers.pop(path)
        if answer:
            registry.answers[path] = answer
    registry.open()
    expect(registry.page.locator("#state")).to_contain_text(sentence)
    expect(registry.page.locator("#state")).to_have_class("state bad")
    registry.answers = well
    registry.after(10_000)
    expect(registry.page.locator("#state")).to_have_text("Healthy: 4 versions of schemas can be read.")


def check(registry: Console, instance: str | None = None) -> None:
    registry.open()
    if instance is not None:
        registry.page.get_by_label("Instance").fill(instance)
    registry.page.get_by_role("button", name="Check it").click()


def test_the_example_can_be_checked_as_it_is(registry: Console, root: Path):
    sent: list[object] = []

    def validate(route: Route) -> Answer:
        sent.append(route.request.post_data_json)
        return 200, '{"message": "Instance is valid iglu:com.patrickcloud/sample_input/jsonschema/1-0-0"}'

    registry.answers["/api/validation/validate/instance"] = validate
    check(registry)
    expect(registry.page.locator("#verdict")).to_have_text(re.compile("^Instance is valid"))
    expect(registry.page.locator("#verdict")).to_have_class(re.compile(r"^state\s*$"))
    (example,) = sent
    assert isinstance(example, dict)
    schema = json.loads((root / "schemas" / example["schema"].removeprefix("iglu:")).read_text(encoding="utf-8"))
    assert set(example["data"]) == set(schema["required"])


@pytest.mark.parametrize("status", [200, 400])  # the first is what Iglu Server answers
def test_what_does_not_fit_is_told_with_its_place(registry: Console, status: int):
    report = [{"message": "$.value: is of type integer, not string", "path": "$.value", "keyword": "type"}]
    answer = {"message": "The data for a field instance is invalid against its schema", "report": report}
    registry.answers["/api/validation/validate/instance"] = (status, json.dumps(answer))
    check(registry)
    expect(registry.page.locator("#verdict")).to_have_class("state bad")
    expect(registry.page.locator("#verdict")).to_have_text(answer["message"])
    assert registry.page.locator("#findings td").all_inner_texts() == [report[0]["path"], report[0]["message"]]


@pytest.mark.parametrize(
    ("instance", "answer", "sentence"),
    [
        ('{"schema": ', None, "This is no JSON:"),
        ("{}", (400, '{"message": "JSON payload is not self-describing"}'), "JSON payload is not self-describing"),
        ("{}", (404, '{"message": "The schema is not found"}'), "The schema is not found"),
        ("{}", (502, "<html>"), "The registry does not answer."),
        ("{}", None, "Nginx does not answer."),
        ("{}", (418, "<html>"), "The registry answered 418."),
    ],
)
def test_an_instance_that_cannot_be_checked_is_told(registry: Console, instance: str, answer, sentence: str):
    if answer:
        registry.answers["/api/validation/validate/instance"] = answer
    check(registry, instance)
    expect(registry.page.locator("#verdict")).to_contain_text(sentence)
    expect(registry.page.locator("#findings")).to_be_hidden()
