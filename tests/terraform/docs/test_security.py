"""The table of what is demanded: each row names a resource and tests, and the tests are there."""

import re

import pytest


@pytest.fixture
def rows(root) -> list[list[str]]:
    """Demand, resource and tests."""
    text = (root / "docs" / "explanation" / "security.md").read_text(encoding="utf-8")
    table = text[text.index("| demand |") :].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table if line.startswith("|")]


def test_every_demand_has_a_resource_and_a_test(rows):
    assert len(rows) > 10
    assert [row[0] for row in rows if len(row) != 3 or not all(row)] == []


def test_every_test_that_it_names_is_there(rows, root):
    walked = (root / "tests" / "terraform" / "state" / "test_walks.py").read_text(encoding="utf-8")
    for _, _, told in rows:
        file, functions = "", []
        for name in re.findall(r"`([^`]+)`", told):
            if name.startswith("tests/"):
                file, _, function = name.partition("::")
                assert (root / file).is_file(), name
                functions = [function] if function else []
            else:
                functions = [name]
            module = file.rpartition("/")[2].removesuffix(".py")
            for function in functions:
                assert f"def {function}(" in (root / file).read_text(encoding="utf-8"), f"{file}::{function}"
                assert f"{module}.{function}" in walked, f"{file}::{function} is not called"
