from datetime import timedelta

import pytest
from tests.lake.doubles import event

from snowmelt.loader.load import load
from snowmelt.loader.manifest import TRANSITIONS, Manifest, ManifestError, State

WAYS = {
    State.LOADED: [],
    State.RELEASED: ["release"],
    State.HELD: ["hold"],
    State.DROPPED: ["hold", "drop"],
}
VERBS = {State.RELEASED: "release", State.HELD: "hold", State.DROPPED: "drop"}


def apply(manifest, verb, base):
    return manifest.hold(base, "too odd") if verb == "hold" else getattr(manifest, verb)(base)


@pytest.fixture
def manifest(warehouse, sql, clock, lake):
    lake.add(event(0), event(1))
    load(lake.store, warehouse, sql, clock)
    return Manifest(warehouse, sql, clock)


@pytest.mark.parametrize("state", WAYS)
@pytest.mark.parametrize("wanted", VERBS)
def test_only_the_transitions_of_the_table_are_possible(warehouse, manifest, state, wanted):
    (run,) = manifest.list_runs()
    for verb in WAYS[state]:
        apply(manifest, verb, run.base)
    if wanted in TRANSITIONS[state]:
        assert apply(manifest, VERBS[wanted], run.base).state is wanted
    else:
        said = f"is {state} already" if wanted is state else f"is {state} and cannot become {wanted}"
        with pytest.raises(ManifestError, match=said):
            apply(manifest, VERBS[wanted], run.base)
        assert manifest.run(run.base).state is state
        events = 0 if state is State.DROPPED else run.count_good
        assert warehouse.execute("select count(*) from atomic.events", {}) == [(events,)]


def test_every_state_has_its_transitions():
    assert TRANSITIONS.keys() == set(State)


def test_a_run_that_is_loading_cannot_be_released(warehouse, manifest):
    warehouse.execute("update atomic.load_manifest set state = 'loading'", {})
    (run,) = manifest.list_runs()
    with pytest.raises(ManifestError, match="is loading and cannot become released: what follows is loaded"):
        manifest.release(run.base)


def test_times_and_reasons_are_kept(warehouse, manifest, clock):
    (run,) = manifest.list_runs()
    assert (run.reason, run.released_tstamp, run.loaded_tstamp) == (None, None, clock.now)
    held = manifest.hold(run.base, "half of it is bots")
    assert held.reason == "half of it is bots"
    assert warehouse.execute("select held_tstamp from atomic.load_manifest", {}) == [(clock.now.replace(tzinfo=None),)]
    assert manifest.release(run.base).released_tstamp == clock.now


def test_dropping_removes_the_events_of_that_run_and_keeps_its_counts(warehouse, manifest, sql, clock, lake):
    lake.add(event(2))
    load(lake.store, warehouse, sql, clock)
    first, second = manifest.list_runs()
    manifest.hold(first.base, "wrong site")
    dropped = manifest.drop(first.base)
    assert (dropped.state, dropped.count_good) == (State.DROPPED, 2)
    assert warehouse.execute("select distinct load_tstamp from atomic.events", {}) == [
        (second.load_tstamp.replace(tzinfo=None),)
    ]
    assert load(lake.store, warehouse, sql, clock) == []


def test_a_run_is_named_by_its_uri_or_its_folder(manifest):
    (run,) = manifest.list_runs()
    for name in (run.base, run.base.rstrip("/"), run.run, f"{run.run}/"):
        assert manifest.run(name) == run
    with pytest.raises(ManifestError, match="no run nothing"):
        manifest.run("nothing")


def test_every_run_has_a_load_tstamp_of_its_own_even_if_the_clock_stands_still(warehouse, sql, clock, lake):
    stopped = clock()
    for number in range(3):
        lake.add(event(number))
    load(lake.store, warehouse, sql, lambda: stopped)
    stamps = [run.load_tstamp for run in Manifest(warehouse, sql, clock).list_runs()]
    assert stamps == sorted(set(stamps))
    assert len(stamps) == 3


def test_a_run_is_released_later_than_any_other_even_when_the_clock_was_set_back(warehouse, sql, clock, lake, manifest):
    lake.add(event(2))
    load(lake.store, warehouse, sql, clock)
    first, second = manifest.list_runs()
    earlier = manifest.release(first.base).released_tstamp
    clock.now -= timedelta(days=1)
    assert manifest.release(second.base).released_tstamp == earlier + timedelta(microseconds=1)
