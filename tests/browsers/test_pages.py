"""Every page: readable by everybody, whole by keyboard and on a phone, and talking to nobody outside."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright
from tests.browsers.browsers import BROWSERS, CHROMIUM_FLAGS
from tests.browsers.installation import Installation
from tests.browsers.keyboard import tour
from tests.browsers.machine import program
from tests.browsers.traffic import Traffic
from tests.browsers.visit import Visit

pytestmark = pytest.mark.slow

PAGES: dict[str, Callable[[Installation], str]] = {
    "tracker page": lambda installation: installation.tracker_page,
    "another page": lambda installation: f"{installation.page}/next.html",
    "event that is not there": lambda installation: f"{installation.page}/events/{UUID(int=0)}",
    "collector console": lambda installation: f"{installation.collector}/",
    "registry console": lambda installation: f"{installation.registry}/",
}
PHONE, DESK = 390, 1280
GRAVE = {"serious", "critical"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium without a profile."""
    path = program(*BROWSERS["chromium"].programs)
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield found
        found.close()


@pytest.fixture(params=[*PAGES, "event in the models"])
def address(request: pytest.FixtureRequest, installation: Installation) -> str:
    """One page after the other."""
    if request.param in PAGES:
        return PAGES[request.param](installation)
    visits: dict[str, Visit] = request.getfixturevalue("visits")
    return f"{installation.page}/events/{visits['chromium'].named('sample_input')[0].event_id}"


@contextmanager
def opened(browser: Browser, address: str, width: int = DESK, scheme: str = "light") -> Iterator[tuple[Page, Traffic]]:
    """The page as it is when it has come to rest, and its traffic."""
    context = browser.new_context(
        ignore_https_errors=True, viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )
    traffic, page = Traffic.of(context), context.new_page()
    try:
        page.goto(address)
        page.wait_for_load_state("networkidle")
        yield page, traffic
    finally:
        context.close()


@pytest.mark.parametrize(("width", "scheme"), [(DESK, "light"), (PHONE, "dark")])
def test_a_page_is_readable_by_everybody(browser: Browser, address: str, width: int, scheme: str) -> None:
    with opened(browser, address, width, scheme) as (page, traffic):
        found = Axe().run(page)
        grave = [problem["id"] for problem in found.response["violations"] if problem["impact"] in GRAVE]
        assert not grave, found.generate_report()
        inner, content = page.evaluate("[innerWidth, document.documentElement.scrollWidth]")
        assert content <= inner == width
        assert (traffic.outside, traffic.complaints) == ([], [])


def test_a_page_is_whole_by_keyboard(browser: Browser, address: str) -> None:
    with opened(browser, address) as (page, _):
        found = tour(page)
        assert found.controls
        assert (found.missed, found.unseen) == ([], [])
