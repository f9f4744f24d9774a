"""The reference is what the code says: written anew, it is the same."""

from pathlib import Path

import pytest
from scripts.write_reference import pages

PAGES = pages()
HELD_ELSEWHERE = {"architecture.md", "permissions.md"}
"""The tests of Terraform hold these against what was applied."""


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_is_what_the_code_says(root: Path, name: str) -> None:
    kept = (root / "docs" / "reference" / name).read_text(encoding="utf-8")
    assert kept == PAGES[name], "run `make reference`"


def test_every_other_page_is_made_from_code(root: Path) -> None:
    assert {file.name for file in (root / "docs" / "reference").iterdir()} == PAGES.keys() | HELD_ELSEWHERE
