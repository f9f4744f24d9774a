"""The lock meets what is asked for, and every line of it is hashed."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ASKED_FOR = {
    "apache-airflow",
    "apache-airflow-providers-amazon",
    "apache-airflow-providers-databricks",
    "dbt-core",
    "dbt-databricks",
    "astronomer-cosmos",
    "great-expectations",
}


def locked(file: Path) -> list[tuple[Requirement, int]]:
    """Each requirement of a compiled file with its number of hashes."""
    entries = re.split(r"\n(?=[a-zA-Z])", "\n" + file.read_text(encoding="utf-8"))
    found = []
    for entry in entries[1:]:
        head = entry.split("\\\n")[0].strip()
        found.append((Requirement(head), entry.count("--hash=sha256:")))
    return found


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_every_line_is_pinned_and_hashed(root: Path, file: str) -> None:
    entries = locked(root / file)
    assert len(entries) > 20
    for requirement, hashes in entries:
        assert [specifier.operator for specifier in requirement.specifier] == ["=="], requirement
        assert hashes > 0, requirement


@pytest.mark.parametrize(
    ("file", "table"),
    [("requirements.txt", ("project", "dependencies")), ("requirements-dev.txt", ("dependency-groups", "dev"))],
)
def test_every_direct_requirement_is_met_by_its_pin(root: Path, file: str, table: tuple[str, str]) -> None:
    asked = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))[table[0]][table[1]]
    pins = [(canonicalize_name(pin.name), pin) for pin, _ in locked(root / file)]
    for text in asked:
        requirement = Requirement(text)
        versions = [
            next(iter(pin.specifier)).version for name, pin in pins if name == canonicalize_name(requirement.name)
        ]
        assert versions, f"{requirement} is not in {file}: run make lock"
        assert all(requirement.specifier.contains(version) for version in versions), (requirement, versions)


def test_the_packages_the_platform_promises_are_locked(root: Path) -> None:
    names = {canonicalize_name(requirement.name) for requirement, _ in locked(root / "requirements.txt")}
    assert names >= ASKED_FOR
    assert "pyspark" not in names


def test_the_lock_names_no_address(root: Path) -> None:
    for file in ("requirements.txt", "requirements-dev.txt"):
        assert not re.search(
            r"https?://|^--(index|extra|find)", (root / file).read_text(encoding="utf-8"), re.MULTILINE
        )
