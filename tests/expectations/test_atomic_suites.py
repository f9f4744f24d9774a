"""Every expectation of the run's suites passes on good rows and fails on a row made to break it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import duckdb
import pandas as pd
import pytest

import suites
from snowmelt.protocol.atomic import COLUMNS, Kind

NOW = datetime(2026, 11, 24, 12, 0, 0)  # noqa: DTZ001 - the warehouse's timestamps are UTC without a zone
TYPES = {
    Kind.STRING: "varchar",
    Kind.INTEGER: "integer",
    Kind.DOUBLE: "double",
    Kind.DECIMAL: "decimal(18, 2)",
    Kind.BOOLEAN: "boolean",
    Kind.TIMESTAMP: "timestamp",
    Kind.JSON: "varchar",
}
GOOD: Mapping[str, Any] = {
    "event_id": "2b8f6f5e-7d0a-4c1e-9f0b-0d9b6f1c2a3b",
    "event": "page_view",
    "event_vendor": "com.snowplowanalytics.snowplow",
    "event_name": "page_view",
    "event_format": "jsonschema",
    "event_version": "1-0-0",
    "platform": "web",
    "app_id": "shop",
    "v_tracker": "js-4.6.8",
    "v_collector": "snowmelt-collector-0.1.0-log",
    "v_etl": "snowmelt-enrich-0.1.0",
    "collector_tstamp": NOW - timedelta(minutes=5),
    "etl_tstamp": NOW - timedelta(minutes=4),
    "derived_tstamp": NOW - timedelta(minutes=6),
    "dvce_created_tstamp": NOW - timedelta(minutes=6),
    "dvce_sent_tstamp": NOW - timedelta(minutes=5),
    "refr_medium": "search",
    "domain_sessionidx": 3,
    "br_viewwidth": 1280,
    "br_viewheight": 720,
    "pp_xoffset_min": 0,
    "pp_yoffset_min": 120,
    "tr_total": 12.5,
    "page_url": "https://shop.example/",
    "load_tstamp": NOW,
}
BREAKERS: Mapping[str, Mapping[str, Any]] = {
    "column_values_to_not_be_null(event_id)": {"event_id": None},
    "column_values_to_not_be_null(collector_tstamp)": {"collector_tstamp": None},
    "column_values_to_not_be_null(derived_tstamp)": {"derived_tstamp": None},
    "column_values_to_not_be_null(etl_tstamp)": {"etl_tstamp": None},
    "column_values_to_not_be_null(event)": {"event": None},
    "column_values_to_not_be_null(event_name)": {"event_name": None},
    "column_values_to_not_be_null(v_collector)": {"v_collector": None},
    "column_values_to_not_be_null(v_etl)": {"v_etl": None},
    "column_values_to_not_be_null(app_id)": {"app_id": None},
    "column_values_to_not_be_null(v_tracker)": {"v_tracker": None},
    "column_value_lengths_to_be_between(viewed_url)": {"page_url": None},
    "column_values_to_match_regex(event_id)": {"event_id": "2B8F6F5E-7D0A-4C1E-9F0B-0D9B6F1C2A3B"},
    "column_values_to_be_in_set(event)": {"event": "pv"},
    "column_values_to_be_in_set(platform)": {"platform": "toaster"},
    "column_values_to_match_regex(event_version)": {"event_version": "0-1-0"},
    "column_values_to_be_in_set(event_format)": {"event_format": "avro"},
    "column_values_to_be_in_set(refr_medium)": {"refr_medium": "pigeon"},
    "column_values_to_be_between(collector_tstamp)": {"collector_tstamp": datetime(1970, 1, 1)},  # noqa: DTZ001
    "column_pair_values_a_to_be_greater_than_b(day_after_load, collector_tstamp)": {
        "collector_tstamp": NOW + timedelta(days=2)
    },
    "column_pair_values_a_to_be_greater_than_b(day_after_load, etl_tstamp)": {"etl_tstamp": NOW + timedelta(days=2)},
    "column_pair_values_a_to_be_greater_than_b(day_after_collector, derived_tstamp)": {
        "derived_tstamp": NOW + timedelta(days=2)
    },
    "column_pair_values_a_to_be_greater_than_b(day_after_collector, dvce_sent_tstamp)": {
        "dvce_sent_tstamp": NOW + timedelta(days=2)
    },
    "column_pair_values_a_to_be_greater_than_b(dvce_sent_tstamp, dvce_created_tstamp)": {
        "dvce_created_tstamp": NOW - timedelta(minutes=1)
    },
    "column_values_to_be_between(domain_sessionidx)": {"domain_sessionidx": 0},
    "column_values_to_be_between(br_viewwidth)": {"br_viewwidth": 1_000_000},
    "column_values_to_be_between(br_viewheight)": {"br_viewheight": -1},
    "column_values_to_be_between(pp_xoffset_min)": {"pp_xoffset_min": 2_000_000_000},
    "column_values_to_be_between(pp_yoffset_min)": {"pp_yoffset_min": 2_000_000_000},
    "column_values_to_be_between(tr_total)": {"tr_total": -1},
    "column_proportion_of_unique_values_to_be_between(event_id)": {"event_id": GOOD["event_id"]},
}
"""By expectation: what to change in every row so that it has to fail."""


@pytest.fixture(scope="module")
def suite() -> suites.Suite:
    return suites.read("atomic_events")


def test_each_expectation_has_a_breaker(suite: suites.Suite) -> None:
    assert [expectation.name for expectation in suite.expectations] == list(BREAKERS)


def test_good_rows_pass(suite: suites.Suite) -> None:
    outcomes = suites.judge(suite, batch(suite, [{}, {"event": "struct", "event_name": "event", "page_url": None}, {}]))
    assert [str(outcome) for outcome in outcomes if not outcome.success] == []


@pytest.mark.parametrize("name", BREAKERS)
def test_a_broken_row_fails(suite: suites.Suite, name: str) -> None:
    (alone,) = (entry for entry in suite.expectations if entry.name == name)
    (broken,) = suites.judge(replace(suite, expectations=(alone,)), batch(suite, [BREAKERS[name]] * 4))
    assert not broken.success
    assert broken.error is None
    assert broken.unexpected in (4, None)


def test_a_visitor_cannot_hold_a_run(suite: suites.Suite) -> None:
    """What only warns is what trackers send; what stops is what our own applications promise."""
    sent_by_trackers = {"app_id", "v_tracker", "viewed_url", "refr_medium", "dvce_sent_tstamp", "dvce_created_tstamp"}
    sent_by_trackers |= {"domain_sessionidx", "br_viewwidth", "br_viewheight", "pp_xoffset_min", "tr_total"}
    stopping = [entry for entry in suite.expectations if entry.severity is suites.Severity.STOP]
    assert not {column for entry in stopping for column in columns(entry)} & sent_by_trackers


def test_a_missing_column_is_a_failure_with_its_name(suite: suites.Suite) -> None:
    rows = batch(suite, [{}]).drop(columns="platform")
    outcomes = {outcome.expectation.name: outcome for outcome in suites.judge(suite, rows)}
    broken = outcomes["column_values_to_be_in_set(platform)"]
    assert not broken.success
    assert "platform" in str(broken.error)


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ({}, []),
        ({"rows_good": 9}, ["column_pair_values_to_be_equal(rows_good, count_good)"]),
        ({"rows_bad": 0}, ["column_pair_values_to_be_equal(rows_bad, count_bad)"]),
        ({"bad_records": 9}, ["column_values_to_be_between(bad_share)"]),
        ({"manifest_rows": 0}, ["table_row_count_to_equal()"]),
        ({"records": 0, "bad_records": 0}, []),
    ],
)
def test_counts_of_a_run(change: Mapping[str, int], broken: list[str]) -> None:
    counts = {"manifest_rows": 1, "records": 10, "bad_records": 1, "rows_good": 10, "rows_bad": 2} | change
    suite = suites.read("run_counts")
    with duckdb.connect() as warehouse:
        warehouse.execute("create schema atomic")
        warehouse.execute(
            "create table atomic.load_manifest as select $load as load_tstamp, $records::bigint as records, "
            "$bad::bigint as bad_records, 10::bigint as count_good, 2::bigint as count_bad from range($rows)",
            {"load": NOW, "records": counts["records"], "bad": counts["bad_records"], "rows": counts["manifest_rows"]},
        )
        for table, rows in (("events", counts["rows_good"]), ("bad_rows", counts["rows_bad"])):
            warehouse.execute(
                f"create table atomic.{table} as select $load as load_tstamp from range($rows)",
                {"load": NOW, "rows": rows},
            )
        found = warehouse.execute(suite.query, {"load_tstamp": NOW}).df()
    assert [outcome.expectation.name for outcome in suites.judge(suite, found) if not outcome.success] == broken


def columns(expectation: suites.Expectation) -> list[str]:
    return [value for key, value in expectation.arguments.items() if key.startswith("column")]


def batch(suite: suites.Suite, changes: list[Mapping[str, Any]]) -> pd.DataFrame:
    """What the suite's statement selects from rows that are good but for these changes."""
    names = [column.name for column in COLUMNS]
    typed = ", ".join(f"{column.name} {TYPES[column.kind]}" for column in COLUMNS)
    with duckdb.connect() as warehouse:
        warehouse.execute(f"create schema atomic; create table atomic.events ({typed}, load_tstamp timestamp)")
        for place, change in enumerate(changes):
            row = {**GOOD, "event_id": f"2b8f6f5e-7d0a-4c1e-9f0b-{place:012x}", **change}
            values = [row.get(name) for name in [*names, "load_tstamp"]]
            warehouse.execute(f"insert into atomic.events values ({', '.join('?' * len(values))})", values)
        return warehouse.execute(suite.query, {"load_tstamp": NOW}).df()
