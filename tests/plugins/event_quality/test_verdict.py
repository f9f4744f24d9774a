"""What the view says first."""

from datetime import timedelta

import pytest
from tests.plugins.event_quality.warehouses import NOW

from event_quality.quality_copy import Totals
from event_quality.verdict import Sum, verdict
from snowmelt.loader.manifest import State


def totals(state, runs=1, good=10, bad=0, kept=None, unbalanced=0):
    in_events = good if kept is None else kept
    return Totals(state, runs, good + bad, good, bad, in_events, bad, 0, unbalanced, NOW, NOW)


RELEASED, HELD = totals(State.RELEASED, runs=2), totals(State.HELD)
LOST = totals(State.RELEASED, kept=7, unbalanced=1)
WELL = {"failed": False, "paused": False}


@pytest.mark.parametrize(
    ("states", "age", "loading", "levels", "word"),
    [
        ([RELEASED], 0, {}, ["good"], "All is well: the books of 2 runs add up"),
        ([RELEASED], 29, {}, ["good"], "All is well"),
        ([RELEASED], 31, {}, ["warn"], "These numbers are old"),
        ([RELEASED], 31, {"paused": True}, ["warn"], "load_events is paused"),
        ([RELEASED], 0, {"failed": True}, ["bad"], "docs/runbooks/failed-load.md"),
        ([RELEASED, HELD], 0, {}, ["warn"], "1 run is held"),
        ([RELEASED, totals(State.HELD, runs=2)], 0, {}, ["warn"], "2 runs are held"),
        ([LOST, HELD], 31, {"failed": True}, ["bad", "bad", "warn", "warn"], "The books of 1 run do not add up"),
        ([], 0, {}, ["good"], "the books of 0 runs add up"),
    ],
)
def test_what_is_said(states, age, loading, levels, word):
    remarks = verdict(Sum.of(states), NOW - timedelta(minutes=age), NOW, **WELL | loading)
    assert [remark.level for remark in remarks] == levels
    assert word in " ".join(remark.text for remark in remarks)


def test_the_sum_of_the_states():
    found = Sum.of([LOST, totals(State.HELD, good=0, bad=30)])
    assert (found.events, found.bad, found.difference, found.unbalanced) == (10, 30, 3, 1)
    assert found.bad_share == 0.75
    assert found.runs == {State.RELEASED: 1, State.HELD: 1}
    assert Sum.of([]).bad_share == 0
