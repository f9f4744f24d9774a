"""Takes the pictures in docs/images from what `make up` runs, as Chromium shows it, light and dark.

`make pictures` types a Sample Input, sends visitors, waits until both are in the tables and goes from page to page.
After `make demo`, which leaves nothing running, `.venv/bin/python scripts/take_pictures.py dashboard` takes only the
dashboard. Needs Chromium and the development environment.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from snowmelt.demo.processes import snowmelt
from snowmelt.live.platform import Ports
from snowmelt.workspace import Workspace

IMAGES = Path(__file__).parents[1] / "docs" / "images"
WIDTH = 1280
SCHEMES = ("light", "dark")

TYPED = "Snow melts into streams ❄ and fills a lake"
TYPING = "and the lake feeds"
VISITORS = (400, 900, 1600, 700, 2200, 1300, 2600, 1100) * 4
"""Events of each wave of visitors, seconds apart, so that the three minutes of the console's picture are full."""
LAST_VISITORS = 8000
"""Events of those who are still sending when it is taken."""

PATIENCE_S = 600
"""How long an event may take from the browser to the tables."""

GRAPHS: dict[str, Any] = {
    "default_dag_view": "graph",
    "build_models/open-groups": ["models"],
    **{f"direction-{asset}": "DOWN" for asset in range(1, 20)},
}
"""What Airflow's pages are to remember of how one likes its graphs: open, and those of assets from top to bottom."""


class NothingToSeeError(RuntimeError):
    """What a picture needs is not there; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Camera:
    """A browser, and where it finds everything."""

    context: BrowserContext
    ports: Ports
    workspace: Workspace
    images: Path

    def open(self, address: str, height: int = 900) -> Page:
        """A page in a tab of its own."""
        page = self.context.new_page()
        page.set_viewport_size({"width": WIDTH, "height": height})
        page.goto(address)
        return page

    def take(self, page: Page, name: str, *, whole: bool = False) -> None:
        """A picture in each scheme: of the window, or of the page from its top to its end."""
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.wait_for_timeout(500)  # charts draw themselves anew
            file = self.images / f"{name}-{scheme}.png"
            page.screenshot(path=file, full_page=whole, animations="disabled")
            print(f"{file.name}: {file.stat().st_size // 1000} kB", flush=True)


def main(argv: Sequence[str] | None = None) -> int:
    """Writes the pictures and gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("what", nargs="?", choices=("all", "dashboard"), default="all", help="default: all")
    parser.add_argument("--to", type=Path, default=IMAGES, metavar="FOLDER", help="default: docs/images")
    chosen = parser.parse_args(argv)
    chosen.to.mkdir(parents=True, exist_ok=True)
    try:
        take_all(browser_program(), chosen.to, only_dashboard=chosen.what == "dashboard")
    except NothingToSeeError as error:
        print(f"take_pictures: {error}", file=sys.stderr)
        return 1
    return 0


def browser_program() -> str:
    """Where Chromium is."""
    found = filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))
    if program := next(found, None):
        return program
    raise NothingToSeeError("there is no Chromium: install it (Debian: apt install chromium)")


def take_all(program: str, images: Path, *, only_dashboard: bool) -> None:
    """All pictures, or the dashboard's alone."""
    flags = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--hide-scrollbars"]
    flags += ["--disable-blink-features=AutomationControlled"]  # the models leave out what says that it is driven
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=flags)
        agent = browser.new_page().evaluate("navigator.userAgent").replace("HeadlessChrome", "Chrome")
        context = browser.new_context(
            ignore_https_errors=True, reduced_motion="reduce", locale="en-GB", user_agent=agent
        )
        camera = Camera(context, Ports.from_environment(os.environ), Workspace.from_environment(), images)
        if not only_dashboard:
            send(camera)
            airflow(camera)
            wait_for_dashboard(camera.workspace)
        dashboard(camera)
        browser.close()


def send(camera: Camera) -> None:
    """The tracker page, the event's own page and the consoles; it ends when everything that was sent is modelled."""
    page = tracker_page(camera)
    typed = time.monotonic()
    wait_for_models(page)
    print(f"typed -> row in the mart: {time.monotonic() - typed:.0f} s", flush=True)
    page.locator("#sample-input").fill(TYPING)
    camera.take(page, "tracker-page")
    link = page.locator("#log li[data-kind=sample_input] .foot a").first
    camera.take(camera.open(f"http://localhost:{camera.ports.page}{link.get_attribute('href')}"), "event-page")
    consoles(camera)
    page.locator("#broken-send").click()
    page.locator("#sample-input").fill("after the visitors")
    page.locator("#sample-send").click()
    wait_for_models(page)


def tracker_page(camera: Camera) -> Page:
    """The tracker page with a Sample Input that was just sent."""
    try:
        page = camera.open(f"http://localhost:{camera.ports.page}/")
        page.locator("body[data-ready=true]").wait_for()
    except Exception as error:
        raise NothingToSeeError(f"the tracker page does not answer: run `make up` first\n{error}") from None
    page.locator("#sample-input").press_sequentially(TYPED, delay=20)
    page.locator("#sample-send").click()
    return page


def wait_for_models(page: Page) -> None:
    """Waits until the newest Sample Input is in the models; the page asks for it every few seconds."""
    newest = page.locator("#log li[data-kind=sample_input]").first
    expect(newest).to_have_attribute("data-state", "modelled", timeout=PATIENCE_S * 1000)


def consoles(camera: Camera) -> None:
    """Both consoles, while visitors come in waves."""
    console = camera.open(f"https://localhost:{camera.ports.collector_tls}/")
    for events in VISITORS:
        with visitors(camera, events):
            console.wait_for_timeout(4000)
    with visitors(camera, LAST_VISITORS, "--connections", "1"):
        console.wait_for_timeout(5000)
        camera.take(console, "collector-console", whole=True)
    registry = camera.open(f"https://localhost:{camera.ports.iglu_tls}/")
    registry.wait_for_load_state("networkidle")
    camera.take(registry, "registry-console", whole=True)


@contextmanager
def visitors(camera: Camera, events: int, *options: str) -> Iterator[None]:
    """Simulated visitors who send so many events; the block ends when the last has gone."""
    address, report = f"http://127.0.0.1:{camera.ports.collector}", str(camera.workspace.sent)
    command = snowmelt("simulate", "--events", str(events), "--collector", address, "--report", report, *options)
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:  # noqa: S603
        yield
    if process.returncode:
        raise NothingToSeeError("visitors cannot send: `make visitors` tells why")


def airflow(camera: Camera) -> None:
    """Airflow: from asset to asset, the models of one run, and the view *Event quality*."""
    address = f"http://127.0.0.1:{camera.ports.airflow}"
    entries = f"Object.entries({json.dumps(GRAPHS)})"
    camera.context.add_init_script(f"for (const [name, value] of {entries}) localStorage[name] = JSON.stringify(value)")
    page = camera.open(f"{address}/assets")
    page.get_by_role("link", name="published_marts").click()
    page.locator(".react-flow__node", has_text="dashboard").first.wait_for()
    camera.take(page, "airflow-assets")

    newest = "/api/v2/dags/build_models/dagRuns?state=success&order_by=-start_date&limit=1"
    run = page.evaluate(f"fetch('{newest}').then((answer) => answer.json())")["dag_runs"][0]["dag_run_id"]
    page = camera.open(f"{address}/dags/build_models/runs/{quote(run)}", height=640)
    page.get_by_label("Collapse Details Panel").click()
    page.locator(".react-flow__node", has_text="page_views").first.wait_for()
    page.get_by_label("Fit View").click()
    camera.take(page, "airflow-models")

    page = camera.open(f"{address}/plugin/event_quality", height=1900)
    page.frame_locator("iframe").get_by_role("heading", name="Bad rows by cause").wait_for()
    camera.take(page, "event-quality")


def wait_for_dashboard(workspace: Workspace) -> None:
    """Waits until the dashboard shows the newest published tables."""
    file, deadline = workspace.reports / "dashboard.html", time.monotonic() + PATIENCE_S
    while not file.exists() or file.stat().st_mtime < workspace.published.stat().st_mtime:
        if time.monotonic() > deadline:
            raise NothingToSeeError(f"{file} is older than the tables: look at the DAG refresh_dashboard")
        time.sleep(1)


def dashboard(camera: Camera) -> None:
    """The dashboard, whole."""
    file = camera.workspace.reports / "dashboard.html"
    if not file.exists():
        raise NothingToSeeError(f"there is no {file}: run `make demo`, or wait until `make up` has built it")
    page = camera.open(file.as_uri())
    page.wait_for_load_state("networkidle")
    camera.take(page, "dashboard", whole=True)


if __name__ == "__main__":
    sys.exit(main())
