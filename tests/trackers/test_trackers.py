"""Snowplow's trackers of servers: each kind of event they know arrives as it was sent."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.trackers.outcome import METHODS, Outcome

CASES = Path(__file__).parent / "cases"
KINDS = {"python": 5, "node": 20}
"""How many kinds of events each tracker can send."""

OF_ITS_OWN = {
    "event_id",
    "event_fingerprint",
    "network_userid",
    "v_collector",
    "v_etl",
    *(f"{clock}_tstamp" for clock in ("collector", "derived", "dvce_created", "dvce_sent", "etl")),
}
"""Columns that differ from run to run, or from version to version of ours."""

pytestmark = pytest.mark.slow


def test_every_kind_is_acknowledged(outcome: Outcome) -> None:
    assert {method: len(kinds) for method, kinds in outcome.acknowledged.items()} == dict.fromkeys(
        METHODS, KINDS[outcome.tracker]
    )


def test_the_log_holds_what_was_acknowledged_and_nothing_else(outcome: Outcome) -> None:
    assert outcome.in_log == dict.fromkeys(ids(outcome), 1)


def test_every_event_is_enriched_once_and_none_is_bad(outcome: Outcome) -> None:
    assert outcome.bad == []
    assert (set(outcome.good), outcome.rows) == (ids(outcome), len(ids(outcome)))


def test_get_and_post_give_the_expected_rows(outcome: Outcome, golden: Callable[[Path, object], None]) -> None:
    by_get, by_post = (
        {kind: stable(outcome.good[event_id]) for kind, event_id in outcome.acknowledged[method].items()}
        for method in METHODS
    )
    assert by_get == by_post
    golden(CASES / f"{outcome.tracker}.json", brief(by_post))


def ids(outcome: Outcome) -> set[str]:
    """The ids of all acknowledged events."""
    return {event_id for kinds in outcome.acknowledged.values() for event_id in kinds.values()}


def stable(row: dict[str, Any]) -> dict[str, Any]:
    """What is the same whenever the event is sent, as JSON has it."""
    kept: dict[str, Any] = json.loads(json.dumps({k: v for k, v in row.items() if k not in OF_ITS_OWN}, default=str))
    return kept


def brief(rows: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """What every kind has in common, then what each has of its own."""
    first = next(iter(rows.values()))
    common = {name: value for name, value in first.items() if all(row.get(name) == value for row in rows.values())}
    return {"every": common} | {kind: {k: v for k, v in row.items() if k not in common} for kind, row in rows.items()}
