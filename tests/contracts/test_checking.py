"""Findings about a file beside its neighbours."""

from pathlib import Path
from typing import Any

import pytest
from tests.contracts.files import TEXT, WHOLE, schema, write

from snowmelt.contracts.checking import check
from snowmelt.contracts.documents import find


def findings(folder: Path) -> dict[str, list[str]]:
    """File name -> its findings."""
    return {
        one.document.file.name: [f"{finding.severity}: {finding}" for finding in one.findings]
        for one in map(check, find([folder]))
    }


@pytest.mark.parametrize(
    "versions", [["1-0-0"], ["1-0-0", "1-0-1", "1-1-0", "2-0-0"], ["1-0-0", "1-0-1", "1-0-2", "1-0-10"][:3]]
)
def test_versions_without_a_gap_are_fine(tmp_path: Path, versions: list[str]) -> None:
    write(tmp_path, *(schema(f"com.acme/page/{version}") for version in versions))
    assert findings(tmp_path) == {version: [] for version in versions}


def test_a_gap_is_an_error_with_its_rule(tmp_path: Path) -> None:
    write(tmp_path, schema("com.acme/page/1-0-0"), schema("com.acme/page/1-0-2"), schema("com.acme/page/1-2-0"))
    found = findings(tmp_path)
    assert found["1-0-0"] == []
    (gap,) = found["1-0-2"]
    assert gap.startswith("error: $.self.version breaks a rule. ")
    assert "1-0-2 comes after 1-0-1" in gap
    assert "1-2-0 comes after 1-1-*" in found["1-2-0"][0]


def test_a_folder_that_begins_later_is_only_warned(tmp_path: Path) -> None:
    """It may be a part of a registry that has the rest."""
    write(tmp_path, schema("com.acme/page/2-0-1"), schema("com.acme/page/2-0-2"))
    found = findings(tmp_path)
    assert [said.partition(":")[0] for said in found["2-0-1"]] == ["warning"]
    assert found["2-0-2"] == []


def test_the_path_has_to_say_the_same(tmp_path: Path) -> None:
    (file,) = write(tmp_path, schema("com.acme/page/1-0-0"))
    file.rename(file.with_name("1-0-1"))
    assert "error: $.self says com.acme/page/jsonschema/1-0-0, but it is to be" in findings(tmp_path)["1-0-1"][0]


def test_a_name_that_is_no_version_is_an_error(tmp_path: Path) -> None:
    (file,) = write(tmp_path, schema("com.acme/page/1-0-0"))
    file.rename(file.with_name("1-0-0.json"))
    assert findings(tmp_path) == {"1-0-0.json": ["error: $ is in a file called 1-0-0.json, which is no version"]}


def test_a_file_that_is_no_json_is_an_error(tmp_path: Path) -> None:
    file, _ = write(tmp_path, schema("com.acme/page/1-0-0"), schema("com.acme/page/1-0-1"))
    file.write_text("{")
    assert findings(tmp_path) == {"1-0-0": ["error: $ is not a JSON object"], "1-0-1": []}


NARROWER = {**TEXT, "maxLength": 5}
RISES: list[tuple[str, dict[str, Any], str | None]] = [
    ("1-0-1", {"id": TEXT, "kind": TEXT}, None),
    ("1-1-0", {"id": TEXT, "kind": TEXT}, None),
    ("1-0-1", {"id": NARROWER}, "has the maxLength 5, not 10; REVISION, 1-1-0, would be right"),
    ("1-1-0", {"id": NARROWER}, None),
    ("1-0-1", {"id": WHOLE}, "string; MODEL, 2-0-0, would be right"),
    ("1-1-0", {"id": WHOLE}, "string; MODEL, 2-0-0, would be right"),
    ("2-0-0", {"id": WHOLE}, None),
]


@pytest.mark.parametrize(("version", "properties", "said"), RISES)
def test_a_version_that_rises_too_little_is_a_warning(
    tmp_path: Path, version: str, properties: dict[str, Any], said: str | None
) -> None:
    write(tmp_path, schema("com.acme/page/1-0-0"), schema(f"com.acme/page/{version}", properties))
    found = findings(tmp_path)[version]
    if said is None:
        assert found == []
    else:
        (warning,) = found
        assert warning.startswith("warning: $.self.version rises too little from 1-0-0: $")
        assert warning.endswith(said)


def test_our_own_folder_has_no_errors(root: Path) -> None:
    checked = [check(document) for document in find([root / "schemas"])]
    assert len(checked) > 40
    assert [one.document.file for one in checked if one.errors] == []
