import base64
import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.enrich.records import SNOWPLOW, entity, wrapped
from tests.iglu.doubles import Clock, MemoryRegistry

from snowmelt.enrich import entities, parameters
from snowmelt.enrich.entities import Extracted
from snowmelt.enrich.familiar import FamiliarEntities
from snowmelt.iglu.registry import embedded_registry
from snowmelt.iglu.resolver import Resolver
from snowmelt.iglu.validation import Validator

CTX = entity("ctx", {"a": 1})
THING = {"schema": "iglu:com.acme/thing/jsonschema/1-0-0", "data": {}}
OPEN = entity("open", {"b": [1.5, {"name": "s"}, {}], "é": "\x7f"})


def compact(wrapper, data, version="1-0-0"):
    return json.dumps(json.loads(wrapped(wrapper, data, version)), separators=(",", ":"), ensure_ascii=False)


def encoded(text):
    return base64.urlsafe_b64encode(text.encode()).decode()


def plainly(sent, validator):
    """What the plain way makes of parameters; None if anything is wrong."""
    errors = []
    embedded = parameters.embedded(sent, errors)
    extracted = None if errors else entities.extract(embedded, validator)
    return extracted if isinstance(extracted, Extracted) else None


def texts(extracted):
    return extracted and (extracted.contexts, extracted.unstruct_event, extracted.event_key)


SENT = [
    {},
    {"co": compact("contexts", [CTX])},
    {"co": compact("contexts", [CTX, OPEN, CTX], "1-0-1"), "ue_pr": compact("unstruct_event", OPEN)},
    {"cx": encoded(compact("contexts", [OPEN, OPEN])), "ue_px": encoded(compact("unstruct_event", CTX))},
]


@pytest.mark.parametrize("sent", SENT)
def test_what_trackers_send_is_recognised(sent, validator):
    familiar = FamiliarEntities(validator)
    expected = plainly(sent, validator)
    assert expected is not None
    assert texts(familiar.extract(sent)) == texts(familiar.extract(sent)) == texts(expected)


STRANGE = {
    "spaces": {"co": wrapped("contexts", [CTX])},
    "no entity": {"co": compact("contexts", [], "1-0-1")},
    "both forms": {"co": compact("contexts", [CTX]), "cx": encoded(compact("contexts", [CTX]))},
    "superseded": {"co": compact("contexts", [entity("old", {"a": 1, "b": "x"})])},
    "not valid": {"co": compact("contexts", [entity("ctx", {"a": "x"})])},
    "unknown": {"ue_pr": compact("unstruct_event", entity("nothing", {}))},
    "not known to the wrapper": {"co": compact("contexts", [CTX | {"more": 1}])},
    "no JSON": {"co": compact("contexts", [CTX])[:-1]},
    "empty": {"co": "", "ue_pr": ""},
    "an entity inside of another": {"co": compact("contexts", [entity("open", {"x": [1, CTX]})])},
    "a second member": {"co": compact("contexts", [CTX])[:-1] + ',"data":[]}'},
    "another wrapper": {"co": compact("unstruct_event", CTX)},
    "a second schema": {"co": compact("contexts", [entity("open", {})])[:-3] + f',"schema":"{CTX["schema"]}"}}]}}'},
}


@pytest.mark.parametrize("sent", STRANGE.values(), ids=STRANGE)
def test_the_rest_is_left_to_the_plain_way(sent, validator):
    assert FamiliarEntities(validator).extract(sent) is None


SEEDS = [text for sent in SENT + list(STRANGE.values()) for text in sent.values() if text.startswith("{")]
PIECES = st.sampled_from(
    [
        *'"{}[],:\\ \t0é',
        "null",
        "1.0",
        "-0",
        '"a":1',
        ',{"schema":"',
        '"data":',
        "\\ud83d",
        "\\ude00",
        "\\u007f",
        "1-0-1",
    ]
)
EDITS = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 3), PIECES), max_size=2)


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(SEEDS), EDITS, st.sampled_from(["co", "ue_pr"]))
@example(SEEDS[0], [], "ue_pr")
def test_what_it_recognises_is_what_the_plain_way_makes_of_it(validator, familiar, seed, edits, name):
    for place, removed, added in edits:
        seed = seed[:place] + added + seed[place + removed :]
    sent = {name: seed}
    recognised = familiar.extract(sent)
    if recognised is not None:
        assert texts(recognised) == texts(plainly(sent, validator))


@pytest.fixture(scope="module")
def familiar(validator):
    """One that has seen much."""
    return FamiliarEntities(validator)


def test_a_verdict_ends_with_the_rules_it_was_made_by():
    clock, registry = Clock(), MemoryRegistry("memory", {"com.acme/thing/1-0-0": {"type": "object"}})
    familiar = FamiliarEntities(Validator(Resolver([embedded_registry(), registry], ttl=60, clock=clock)))
    sent = {"co": compact("contexts", [THING])}
    assert familiar.extract(sent) is not None
    registry.schemas["com.acme/thing/1-0-0"] = {"type": "array"}
    clock.now += 60
    assert familiar.extract(sent) is None


def test_data_of_a_schema_that_supersedes_itself_is_told_of():
    registry = MemoryRegistry("memory", {"com.acme/thing/1-0-0": {"$supersededBy": "1-0-0"}})
    validator = Validator(Resolver([embedded_registry(), registry], clock=Clock()))
    sent = {"co": compact("contexts", [THING])}
    assert FamiliarEntities(validator).extract(sent) is None
    assert plainly(sent, validator).validation_infos


@pytest.mark.parametrize("rules", [{"maxItems": 1}, {"uniqueItems": True}])
def test_entities_are_not_taken_one_by_one_where_the_wrapper_counts_them(rules):
    uri = f"{SNOWPLOW}/contexts".removeprefix("iglu:")
    registry = MemoryRegistry("memory", {f"{uri}/1-0-0": rules, "com.acme/thing/1-0-0": {}})
    familiar = FamiliarEntities(Validator(Resolver([registry], clock=Clock())))
    assert familiar.extract({"co": compact("contexts", [THING, THING])}) is None
