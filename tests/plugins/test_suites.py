"""Suites as files: what is accepted, what is refused, and what an outcome says."""

from pathlib import Path

import pandas as pd
import pytest

import suites
from check_reports import write


def suite_of(folder: Path, listing: str) -> suites.Suite:
    (folder / "made.yml").write_text(listing, encoding="utf-8")
    (folder / "made.sql").write_text("select 1", encoding="utf-8")
    return suites.read("made", folder)


NOT_NULL = "- {expect: column_values_to_not_be_null, column: a, severity: stop, why: it must be there}\n"


def test_entries_become_expectations(tmp_path: Path) -> None:
    (expectation,) = suite_of(tmp_path, NOT_NULL).expectations
    assert expectation == suites.Expectation(
        "expect_column_values_to_not_be_null", {"column": "a"}, suites.Severity.STOP, "it must be there"
    )
    assert expectation.name == "column_values_to_not_be_null(a)"


@pytest.mark.parametrize(
    ("listing", "message"),
    [
        ("- {expect: x, severity: stop}", "made.yml, entry 1: give `expect`, `severity` and `why`"),
        (f"{NOT_NULL}- nonsense", "made.yml, entry 2: give"),
        ("- {expect: x, severity: fatal, why: y}", "severity is 'fatal', use stop or warn"),
    ],
)
def test_other_entries_are_refused(tmp_path: Path, listing: str, message: str) -> None:
    with pytest.raises(suites.SuiteError, match=message):
        suite_of(tmp_path, listing)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(suites.SuiteError, match=r"suite absent needs absent\.yml"):
        suites.read("absent", tmp_path)


def test_an_outcome_says_what_failed_where_and_why(tmp_path: Path) -> None:
    listing = (
        "- {expect: column_values_to_be_in_set, column: a, value_set: [1], severity: warn, why: only one is known}"
    )
    outcomes = suites.judge(suite_of(tmp_path, listing), pd.DataFrame({"a": [1, 2, 2, 3]}))
    assert [str(outcome) for outcome in outcomes] == [
        "column_values_to_be_in_set(a) failed on 3 of 4 rows (for instance '2', '3'); only one is known"
    ]
    assert suites.failed(outcomes, suites.Severity.WARN) == outcomes
    assert suites.failed(outcomes, suites.Severity.STOP) == []


def test_an_unknown_expectation_is_an_error_not_a_pass(tmp_path: Path) -> None:
    listing = "- {expect: column_to_be_lovely, column: a, severity: warn, why: beauty}"
    with pytest.raises(Exception, match="expect_column_to_be_lovely"):
        suites.judge(suite_of(tmp_path, listing), pd.DataFrame({"a": [1]}))


def test_a_report_replaces_the_last_one(tmp_path: Path) -> None:
    outcomes = suites.judge(suite_of(tmp_path, NOT_NULL), pd.DataFrame({"a": ["x", None]}))
    for found in (outcomes, []):
        report = write(tmp_path, "run=1", found)
    assert report == tmp_path / "checks" / "run=1.json"
    assert '"stopped": 0' in report.read_text(encoding="utf-8")
    assert [file.name for file in report.parent.iterdir()] == ["run=1.json"]
