"""The dashboard from its tables to the page: empty, with one event, with a held run, with broken books."""

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.notebooks.derived import NOON, Rows, changed, create, one_event

import dashboard_page

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")]

LATER = NOON + timedelta(minutes=5)
HELD: Mapping[str, Any] = {"base": "b2", "run": "run=2", "state": "held", "load_tstamp": LATER, "held_tstamp": LATER}
TYPED: Mapping[str, Any] = {
    "event_id": "i",
    "derived_tstamp": NOON,
    "is_bot": False,
    "sample_input_value": "<img src='https://evil.example/x.png'>",
}


class Page(HTMLParser):
    """The words a reader sees, and the addresses a browser would fetch."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.addresses: list[str] = []
        self._hidden = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden = tag in {"script", "style"}
        self.addresses += [value or "" for name, value in attrs if name in {"src", "href", "srcset", "action"}]

    def handle_endtag(self, tag: str) -> None:
        self._hidden = False

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data.strip())


def rendered(root: Path, folder: Path, rows: Rows) -> tuple[Page, str]:
    create(folder / "snowmelt.duckdb", root, rows)
    page = folder / "reports" / "dashboard.html"
    dashboard_page.render(
        root / "include" / "notebooks" / "dashboard.py",
        page,
        {"backend": "duckdb", "database": str(folder / "snowmelt.duckdb")},
    )
    assert [entry.name for entry in page.parent.iterdir()] == ["dashboard.html"]
    text = page.read_text(encoding="utf-8")
    return Page(text), text


def test_a_fresh_warehouse_gives_a_page_that_says_so(root: Path, tmp_path: Path) -> None:
    page, text = rendered(root, tmp_path, {})
    assert "No events yet. Send some and run the chain; this page fills itself." in page.words
    assert "No page has been viewed yet." in page.words
    assert page.addresses == []
    assert 'class="figure"' not in text


def test_one_event_a_held_run_and_what_visitors_typed(root: Path, tmp_path: Path) -> None:
    rows = one_event()
    manifest = [*rows["atomic.load_manifest"], HELD | {"count_good": 4, "count_bad": 0, "reason": "no <platform>"}]
    page, text = rendered(root, tmp_path, {**rows, "atomic.load_manifest": manifest, "derived.sample_inputs": [TYPED]})
    assert "Held by a check, and missing below until they are released or dropped: 4 events." in page.words
    assert {"shop.example/hats", "schema_violations", "<script>alert(1)</script>", "no <platform>"} <= set(page.words)
    assert TYPED["sample_input_value"] in page.words
    assert page.addresses == []
    assert text.count("</script><script") == 0
    assert text.count('figure"><script type="application/json">') == 7
    assert "def query" not in text


def test_books_that_do_not_balance_come_first(root: Path, tmp_path: Path) -> None:
    page, _ = rendered(root, tmp_path, changed(one_event(), "derived.event_quality", events=0))
    assert "Do not trust this page: released were 1 events, found are 0." in page.words


def test_a_run_released_after_the_build_does_not_matter_yet(root: Path, tmp_path: Path) -> None:
    rows = one_event()
    later = HELD | {"state": "released", "released_tstamp": LATER, "count_good": 4}
    page, _ = rendered(root, tmp_path, {**rows, "atomic.load_manifest": [*rows["atomic.load_manifest"], later]})
    assert "The books balance: 1 released = 1 staged + 0 duplicates." in page.words


def test_rare_values_are_summed_up_and_robots_left_out(root: Path, tmp_path: Path) -> None:
    rows = one_event()
    (session,) = rows["derived.sessions"]
    sources = [f"s{number:02}" for number in range(12) for _ in range(12 - number)]
    sessions = [{**session, "mkt_source": source} for source in sources] + [{**session, "is_bot": True}]
    _, text = rendered(root, tmp_path, {**rows, "derived.sessions": sessions})
    charts = [
        json.loads(chart) for chart in re.findall(r'figure"><script type="application/json">(.*?)</script>', text)
    ]
    (bars,) = [chart["data"][0] for chart in charts if "Sessions by source" in chart["layout"]["title"]["text"]]
    assert bars["hovertext"] == [*(f"s{number:02}" for number in range(10)), "(others)"]
    assert bars["text"] == ["12", "11", "10", "9", "8", "7", "6", "5", "4", "3", "3"]


def test_the_exposure_names_what_the_notebook_reads(root: Path) -> None:
    notebook = (root / "include" / "notebooks" / "dashboard.py").read_text(encoding="utf-8")
    read = set(re.findall(r"\b(atomic|derived)\.(\w+)", notebook))
    listing = yaml.safe_load((root / "dbt" / "models" / "exposures.yml").read_text(encoding="utf-8"))
    (exposure,) = listing["exposures"]
    named = [re.findall(r"'(\w+)'", entry) for entry in exposure["depends_on"]]
    assert read == {tuple(["derived", *names][-2:]) for names in named}


def test_a_failed_cell_leaves_the_last_page(root: Path, tmp_path: Path) -> None:
    page = tmp_path / "dashboard.html"
    page.write_text("the last one", encoding="utf-8")
    with pytest.raises(dashboard_page.NotebookError, match=r"dashboard\.py: IOException: .*nowhere\.duckdb"):
        dashboard_page.render(
            root / "include" / "notebooks" / "dashboard.py",
            page,
            {"backend": "duckdb", "database": str(tmp_path / "nowhere.duckdb")},
        )
    assert page.read_text(encoding="utf-8") == "the last one"
    assert [entry.name for entry in tmp_path.iterdir()] == ["dashboard.html"]
