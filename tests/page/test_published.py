"""How far events have come, read from a copy that the next build replaces."""

import pytest
from tests.page.warehouse import (
    BAD,
    CHECKED_LATER,
    HELD,
    LOADED,
    MODELLED,
    NOWHERE,
    STATES,
    publish,
)

from snowmelt.loader.errors import LoaderError


def test_before_the_first_build_nothing_is_there(published):
    assert published.edition() is None
    assert published.states([MODELLED])[1] == {MODELLED: "not yet"}
    assert published.event(MODELLED).state == "not yet"


def test_every_state_is_told_in_one_question(published):
    publish(published.file)
    assert published.states(list(STATES))[1] == STATES
    assert published.states([])[1] == {}


@pytest.mark.parametrize("event_id", STATES)
def test_one_event_has_the_state_it_has_among_many(published, event_id):
    publish(published.file)
    assert published.event(event_id).state == STATES[event_id]


def test_models_that_were_never_built_are_not_asked_for(published):
    publish(published.file, models=False)
    assert published.states([MODELLED, HELD])[1] == {MODELLED: "loaded", HELD: "held or waiting"}
    assert published.event(MODELLED).marts == {}


def test_a_modelled_event_is_shown_with_the_rows_that_describe_it(published):
    publish(published.file)
    event = published.event(MODELLED)
    assert event.marts == {
        "page_views": [{"page_view_key": "visit:view", "page_pings": 3}],
        "sessions": [{"session_key": "visit", "events": 7}],
    }
    assert len(event.events) == 2
    row = event.events[0]
    assert row["collector_tstamp"] == "2027-01-01 10:00:00.25"
    assert row["web_page"] == [{"id": "view", "note": None}]
    assert "tr_total" not in row


def test_a_bad_row_belongs_to_the_event_whose_id_it_tells(published):
    publish(published.file)
    assert [row["bad_row_id"] for row in published.event(BAD).bad_rows] == ["b1"]
    assert published.event(MODELLED).bad_rows == []


@pytest.mark.parametrize("event_id", [LOADED, CHECKED_LATER, HELD, NOWHERE])
def test_an_event_outside_the_models_has_no_marts(published, event_id):
    publish(published.file)
    assert published.event(event_id).marts == {}


def test_the_next_build_replaces_the_copy(published):
    publish(published.file, models=False)
    first = published.edition()
    assert published.states([MODELLED])[1] == {MODELLED: "loaded"}
    publish(published.file)
    assert published.edition() != first
    assert published.states([MODELLED])[1] == {MODELLED: "modelled"}
    assert [entry.name for entry in published.file.parent.iterdir()] == [published.file.name]


def test_a_copy_that_cannot_be_read_says_so(published):
    published.file.parent.mkdir()
    published.file.write_bytes(b"x" * 5000)
    with pytest.raises(LoaderError, match="cannot be opened"):
        published.states([MODELLED])
