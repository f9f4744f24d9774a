"""Debian's Chromium and Firefox, driven by Playwright, with nothing of their own on the network."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.sync_api import BrowserContext, Playwright

POSITION: Final = {"latitude": 64.125, "longitude": -21.75, "accuracy": 20.0}
"""Where the browsers say they are. These numbers are exact in binary, so they can be compared."""

TIMEZONE: Final = "Pacific/Auckland"
LOCALE: Final = "en-NZ"

CHROMIUM_FLAGS: Final = ("--no-sandbox", "--disable-background-networking", "--disable-component-update")
_CHROMIUM_PROFILE = {"profile": {"block_third_party_cookies": False, "cookie_controls_mode": 0}}
"""Debian's Chromium keeps third-party cookies out, and takes https://localhost for a third party on http://localhost."""

_FIREFOX_PREFERENCES: dict[str, str | float | bool] = {
    "geo.prompt.testing": True,
    "geo.prompt.testing.allow": True,
    "geo.provider.network.url": "data:application/json,"
    + json.dumps(
        {
            "location": {"lat": POSITION["latitude"], "lng": POSITION["longitude"]},
            "accuracy": POSITION["accuracy"],
        }
    ),
}


@contextmanager
def chromium(playwright: Playwright, program: str, folder: Path) -> Iterator[BrowserContext]:
    """Chromium with a fresh profile in ``folder``."""
    preferences = folder / "Default" / "Preferences"
    preferences.parent.mkdir(parents=True)
    preferences.write_text(json.dumps(_CHROMIUM_PROFILE), encoding="utf-8")
    context = playwright.chromium.launch_persistent_context(
        folder,
        executable_path=program,
        args=CHROMIUM_FLAGS,
        ignore_https_errors=True,
        geolocation=POSITION,
        permissions=["geolocation"],
        timezone_id=TIMEZONE,
        locale=LOCALE,
    )
    try:
        yield context
    finally:
        context.close()


@contextmanager
def firefox(playwright: Playwright, program: str, folder: Path) -> Iterator[BrowserContext]:
    """Firefox with a fresh profile, which it keeps elsewhere than in ``folder``."""
    browser = playwright.firefox.launch(
        channel="moz-firefox",  # Mozilla's own build, by WebDriver BiDi; the other channel needs Playwright's build
        executable_path=program,
        firefox_user_prefs=_FIREFOX_PREFERENCES,
    )
    try:
        yield browser.new_context(ignore_https_errors=True, timezone_id=TIMEZONE, locale=LOCALE)
    finally:
        browser.close()


@dataclass(frozen=True, slots=True)
class Browser:
    """One that is installed, or not."""

    programs: tuple[str, ...]
    """Its names; the first is Debian's."""
    family: str
    """What the UA parser calls it when it has no window."""
    has_client_hints: bool
    run: Callable[[Playwright, str, Path], AbstractContextManager[BrowserContext]]
    """Starts a program with a profile folder."""


BROWSERS: Final = {
    "chromium": Browser(("chromium", "chromium-browser", "google-chrome"), "HeadlessChrome", True, chromium),
    "firefox": Browser(("firefox-esr", "firefox"), "Firefox", False, firefox),
}
