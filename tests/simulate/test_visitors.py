"""Visitors are seeded, keep to their time, and do everything a real visitor does."""

import base64
import json
from itertools import pairwise
from random import Random
from urllib.parse import parse_qsl

import pytest

from snowmelt.simulate.tracker import Request
from snowmelt.simulate.visitors import HOUR_MS, Habits, requests

UNTIL = 1_795_500_000_000
SPAN = 48 * HOUR_MS


def events_of(request: Request) -> list[dict[str, str]]:
    if request.body:
        return list(json.loads(request.body)["data"])
    return [dict(parse_qsl(request.path.partition("?")[2]))]


def sample(seed: int = 1, events: int = 3000, *, queued: bool = True, habits: Habits | None = None) -> list[Request]:
    return list(requests(Random(seed), events, UNTIL, SPAN, queued=queued, habits=habits))


def test_the_same_seed_gives_the_same_requests_and_another_gives_others() -> None:
    assert sample(1) == sample(1)
    assert sample(1) != sample(2)


def test_at_least_so_many_events_are_made() -> None:
    well_formed = [request for request in sample() if request.kind == "events"]
    assert sum(request.events for request in well_formed) >= 3000
    assert all(len(events_of(request)) == request.events for request in well_formed)


@pytest.mark.parametrize("queued", [True, False])
def test_no_event_lies_outside_the_span_or_after_it_was_sent(queued: bool) -> None:
    for request in sample(queued=queued, habits=Habits(broken=0)):
        for event in events_of(request):
            assert UNTIL - SPAN <= int(event["dtm"]) <= int(event["stm"])
            assert int(event["stm"]) == request.sent_at
            assert request.sent_at == UNTIL if queued else request.sent_at <= UNTIL + 1000


def test_every_kind_of_event_is_there() -> None:
    kinds = set()
    for request in sample(events=8000, habits=Habits(broken=0)):
        for event in events_of(request):
            text = event.get("ue_pr")
            if "ue_px" in event:
                text = base64.urlsafe_b64decode(event["ue_px"] + "==").decode()
            kinds.add(json.loads(text)["data"]["schema"].split("/")[1] if text else event["e"])
    assert kinds == {"pv", "pp", "se", "link_click", "focus_form", "change_form", "submit_form", "sample_input"}


def test_resent_requests_are_the_same_again_and_broken_ones_are_marked() -> None:
    made = sample(events=8000, habits=Habits(broken=0.05, resent=0.05))
    again = sum(first == second for first, second in pairwise(made))
    assert again > 100
    assert len({request.kind for request in made}) == 10


def test_an_opted_out_visitor_sends_no_identifier() -> None:
    made = sample(habits=Habits(opt_outs=1, broken=0))
    assert all(("SP-Anonymous", "*") in request.headers for request in made)
    assert all("duid" not in event and "sid" not in event for request in made for event in events_of(request))
