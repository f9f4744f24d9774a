"""The marts' suite passes on marts that agree with each other, and names the two that do not."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.notebooks.derived import NOON, Rows, changed, create, one_event

import suites

BREAKERS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "column_pair_values_to_be_equal(staged_events, counted_events)": ("derived.event_quality", {"events": 2}),
    "column_pair_values_to_be_equal(released_rows, accounted_rows)": ("derived.event_quality", {"duplicate_rows": 1}),
    "column_pair_values_to_be_equal(staged_inputs, sample_inputs)": (
        "derived.stg_events",
        {"event_name": "sample_input", "event_vendor": "com.patrickcloud"},
    ),
    "column_pair_values_to_be_equal(page_views_in_sessions, views_of_sessions)": (
        "derived.page_views",
        {"domain_sessionid": None},
    ),
    "column_max_to_be_between(sessions_ended_before_they_began)": (
        "derived.sessions",
        {"end_tstamp": NOON.replace(hour=1)},
    ),
    "column_max_to_be_between(sessions_with_more_views_than_events)": ("derived.sessions", {"events": 0}),
    "column_max_to_be_between(views_with_negative_time)": ("derived.page_views", {"engaged_seconds": -1}),
    "column_max_to_be_between(views_scrolled_beyond_their_page)": ("derived.page_views", {"scroll_depth_percent": 101}),
    "column_max_to_be_between(sessions_without_end)": ("derived.sessions", {"end_tstamp": NOON.replace(day=30)}),
    "column_max_to_be_between(collision_share)": ("derived.event_quality", {"id_collisions": 1}),
    "column_max_to_be_between(skewed_share)": ("derived.event_quality", {"skewed_clocks": 1}),
}


@pytest.fixture(scope="module")
def suite() -> suites.Suite:
    return suites.read("marts")


def failures(suite: suites.Suite, root: Path, folder: Path, rows: Rows) -> list[str]:
    create(folder / "snowmelt.duckdb", root, rows)
    with duckdb.connect(folder / "snowmelt.duckdb", read_only=True) as connection:
        outcomes = suites.judge(suite, connection.execute(suite.query).df())
    assert [outcome.error for outcome in outcomes if outcome.error] == []
    return [outcome.expectation.name for outcome in outcomes if not outcome.success]


def test_each_expectation_has_a_breaker(suite: suites.Suite) -> None:
    assert [expectation.name for expectation in suite.expectations] == list(BREAKERS)


@pytest.mark.parametrize("rows", [{}, one_event()], ids=["empty", "one event"])
def test_marts_that_agree_pass(suite: suites.Suite, root: Path, tmp_path: Path, rows: Rows) -> None:
    assert failures(suite, root, tmp_path, rows) == []


@pytest.mark.parametrize("name", BREAKERS)
def test_marts_that_disagree_fail(suite: suites.Suite, root: Path, tmp_path: Path, name: str) -> None:
    table, changes = BREAKERS[name]
    assert name in failures(suite, root, tmp_path, changed(one_event(), table, **changes))
