"""A platform, the browsers that visited its tracker page, and the table of what was found of each visit."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from tests.browsers.browsers import BROWSERS
from tests.browsers.findings import Findings
from tests.browsers.installation import Installation
from tests.browsers.machine import absent, find, program
from tests.browsers.visit import VARIANTS, Visit, visit

SCHEMAS = {"atomic": "atomic.events", "derived": "models"}
"""Where events are looked for -> what the table calls it."""

_CELLS = pytest.StashKey[dict[tuple[str, str, str], str]]()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Prints, behind the results, how many of each browser's events were found where they belong."""
    cells = config.stash.get(_CELLS, {})
    if cells:
        columns = [(browser, schema) for browser in BROWSERS for schema in SCHEMAS]
        heads = "".join(f"{f'{browser}, {SCHEMAS[schema]}':>25}" for browser, schema in columns)
        terminalreporter.section("browsers: found / sent")
        terminalreporter.line(f"{'':22}{heads}")
        for kind in dict.fromkeys(kind for kind, *_ in cells):
            found = "".join(f"{cells.get((kind, *column), ''):>25}" for column in columns)
            terminalreporter.line(f"{kind:22}{found}".rstrip())


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Iterator[Installation]:
    """A running collector, registry and tracker page, with Nginx before the first two."""
    program("nginx")
    made = Installation.on_free_ports(tmp_path_factory.mktemp("browsers") / "state", root)
    made.build_page()
    with made.serving("iglu", "page", "proxy"):
        yield made


@pytest.fixture(scope="session")
def visits(installation: Installation, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Visit]:
    """What each browser of this machine did, all of it enriched, loaded, checked and modelled by now."""
    found = {name: path for name, browser in BROWSERS.items() if (path := find(*browser.programs))}

    def run(name: str) -> Visit:
        folder, address = tmp_path_factory.mktemp(name), f"{installation.tracker_page}&utm_source={name}"
        with sync_playwright() as playwright, BROWSERS[name].run(playwright, found[name], folder) as context:
            return visit(context, address, VARIANTS.get(name, ()))

    with ThreadPoolExecutor() as threads:  # where no event loop stays behind in the thread of the tests
        made = dict(zip(found, threads.map(run, found), strict=True))
    laptop = installation.laptop
    laptop.run("enrich", "--once", "--enrichments", str(laptop.project / "include" / "enrichments"))
    laptop.chain()
    return made


@pytest.fixture(scope="session", params=BROWSERS)
def findings(request: pytest.FixtureRequest, installation: Installation, visits: dict[str, Visit]) -> Findings:
    """One browser's visit, and the tables to find it in."""
    name = request.param
    if name not in visits:
        absent(f"{BROWSERS[name].programs[0]} is not installed: run `make browsers`")
    cells = request.config.stash.setdefault(_CELLS, {})

    def note(kind: str, schema: str, cell: str) -> None:
        cells[kind, name, schema] = cell

    return Findings(name, BROWSERS[name], visits[name], installation, note)
