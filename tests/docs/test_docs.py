"""What the documentation points at: files, verbs of the Makefile, verbs of the command line."""

import re
from pathlib import Path

import pytest

from snowmelt.cli import VERBS

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", ROOT / "dbt" / "README.md"]
PAGES += sorted((ROOT / "docs").rglob("*.md"))
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


@each_page
def test_links_lead_somewhere(page: Path) -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")) if "://" not in link]
    assert [link for link in links if not (page.parent / link).exists()] == []


@each_page
def test_verbs_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    text = page.read_text(encoding="utf-8")
    code = "\n".join(
        [*re.findall(r"^ *```\n(.*?)```", text, re.MULTILINE | re.DOTALL), *re.findall(r"`([^`\n]+)`", text)]
    )
    lines = re.findall(r"^ *(?:\w+=\S+ )*((?:make|snowmelt) .*)$", code, re.MULTILINE)
    for line in lines:
        command, *words = line.partition("#")[0].split()
        if command == "snowmelt":
            assert words[0] in {*VERBS, "VERB", "--help"}, line
        else:
            assert {word for word in words if re.fullmatch("[a-z-]+", word)} <= targets, line


def test_every_page_is_in_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    pages = (page.relative_to(ROOT / "docs").as_posix() for page in (ROOT / "docs").rglob("*.md"))
    assert [page for page in pages if page != "README.md" and f"({page})" not in index] == []
