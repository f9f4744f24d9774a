"""One browser's visit to the tracker page: everything a visitor can do there, once."""

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect
from tests.browsers.traffic import Exchange, Traffic

SAMPLE = "Schnee taut → ☃ 🏔️ ünïcødé, \"quoted\" & 'so on'\t<b>"
SAMPLE_LATER = "in the second session"
NAME, NOTES, PASSWORD = "Zoë O'Hara", "first line\nsecond line ❄", "correct horse battery staple"

VARIANTS = {"chromium": ("method=get", "base64=1", "method=get&base64=1")}
"""Query strings with which a browser visits once more: the other ways to send the same."""

PATIENCE_S = 20
"""How long one step may take; a page ping comes five seconds after the page view."""


@dataclass(frozen=True, slots=True)
class Sent:
    """An event as the page's own log has it."""

    event_id: str
    name: str
    answer: int
    """Status of the collector's answer."""
    event: dict[str, Any] | None
    """The self-describing event, where it is one."""
    entities: dict[str, dict[str, Any]]
    """Schema -> data."""
    parameters: dict[str, str]

    @property
    def broken(self) -> bool:
        """Whether the page broke it on purpose."""
        return self.name == "sample_input" and "value" not in self.event["data"]


@dataclass(frozen=True, slots=True)
class Visit:
    """What a browser sent and what it saw."""

    useragent: str
    events: Sequence[Sent]
    """Oldest first."""
    traffic: Traffic

    @property
    def good(self) -> list[Sent]:
        """The events that follow their schema."""
        return [event for event in self.events if not event.broken]

    def named(self, *names: str) -> list[Sent]:
        """The good events of some kinds."""
        return [event for event in self.good if event.name in names]

    def carrying(self, entity: str) -> list[Sent]:
        """The good events with an entity whose schema begins like this."""
        return [event for event in self.good if any(schema.startswith(entity) for schema in event.entities)]

    def exchanges(self, collector: str) -> list[Exchange]:
        """The exchanges with this collector that carried events."""
        paths = (f"{collector}/com.snowplowanalytics.snowplow/tp2", f"{collector}/i?")
        return [one for one in self.traffic.answered if one.method != "OPTIONS" and one.url.startswith(paths)]


def visit(context: BrowserContext, address: str, variants: Iterable[str] = ()) -> Visit:
    """Visits the tracker page at ``address``, and once more for each of the ``variants``, which are query strings."""
    context.set_default_timeout(PATIENCE_S * 1000)
    traffic, page = Traffic.of(context), context.new_page()
    arrive(page, address)
    send_sample(page, SAMPLE)
    fill_in_the_form(page)
    page.locator("#broken-send").click()
    share_location(page)
    page.locator("#link-inside").click()
    sent = open_another_page(page)
    stay_active(page)
    page.locator("#session-new").click()
    send_sample(page, SAMPLE_LATER)
    sent |= journal(page)
    for variant in variants:
        arrive(page, f"{address}&{variant}")
        send_sample(page, variant)
        sent |= journal(page)
    useragent = str(page.evaluate("navigator.userAgent"))
    page.close()
    return Visit(useragent, sorted(sent.values(), key=lambda event: int(event.parameters["dtm"])), traffic)


def arrive(page: Page, address: str) -> None:
    """Opens a page and waits until its page view was answered."""
    page.goto(address)
    page.locator("body[data-ready=true]").wait_for()
    page.locator("#log li[data-kind=page_view][data-answer=answered]").first.wait_for()


def send_sample(page: Page, text: str) -> None:
    """Types a Sample Input and sends it."""
    page.locator("#sample-input").fill(text)
    page.locator("#sample-send").click()


def fill_in_the_form(page: Page) -> None:
    """Fills in every field by keyboard, and submits."""
    page.locator("#profile-name").press_sequentially(NAME)
    page.keyboard.press("Tab")
    page.locator("#profile-plan").select_option("team")
    page.locator("#profile-news").check()
    page.locator("#profile-notes").press_sequentially(NOTES)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def share_location(page: Page) -> None:
    """Agrees to share the position, and looks at another view."""
    page.locator("#location-share").click()
    expect(page.locator("#location-note")).to_contain_text("Shared", timeout=PATIENCE_S * 1000)
    page.locator("#virtual-view").click()


def open_another_page(page: Page) -> dict[str, Sent]:
    """Follows the link into a new tab, and gives what that tab sent."""
    with page.expect_popup() as opened:
        page.locator("#link-next").click()
    other = opened.value
    other.locator("#log li[data-kind=page_view][data-answer=answered]", has_text="Another page").wait_for()
    sent = journal(other)
    other.close()
    return sent


def stay_active(page: Page) -> None:
    """Moves and scrolls until there was a page ping."""
    deadline = time.monotonic() + PATIENCE_S
    while not page.locator("#log li[data-kind=page_ping]").count():
        assert time.monotonic() < deadline, "no page ping"
        page.mouse.move(200 + time.monotonic() % 100, 300)
        page.mouse.wheel(0, 40)
        page.wait_for_timeout(200)


def journal(page: Page) -> dict[str, Sent]:
    """Everything the tab has sent so far, each answered: id -> event."""
    expect(page.locator("#log li:not([data-answer=answered])")).to_have_count(0)
    entries = json.loads(page.evaluate("sessionStorage['snowmelt.journal']"))
    return {entry["id"]: _sent(entry) for entry in entries}


def _sent(entry: dict[str, Any]) -> Sent:
    decoded = entry["decoded"]
    entities = {entity["schema"]: entity["data"] for entity in decoded["entities"]}
    parameters = {name: value for name, value in decoded.items() if isinstance(value, str)}
    return Sent(entry["id"], entry["name"], entry["status"], decoded["event"], entities, parameters)
