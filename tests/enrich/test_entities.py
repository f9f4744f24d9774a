import json

import pytest
from tests.enrich.records import SNOWPLOW, entity, wrapped

from snowmelt.enrich import entities
from snowmelt.enrich.entities import Extracted
from snowmelt.enrich.parameters import ABSENT, Embedded
from snowmelt.protocol.bad_rows import CriterionMismatch, IgluError
from snowmelt.protocol.json_text import loads
from snowmelt.protocol.self_describing import NotIglu


def extract(validator, contexts=None, event=None):
    return entities.extract(
        Embedded(*(ABSENT if text is None else loads(text) for text in (contexts, event))), validator
    )


def test_nothing_gives_nothing(validator):
    assert extract(validator) == Extracted(None, None, None, [])


def test_entities_are_printed_anew_in_the_newest_wrapper(validator):
    sent = '{ "data": [ {"data":{"a":1},"schema":"iglu:com.patrickcloud/ctx/jsonschema/1-0-0"} ], "schema": "%s" }'
    extracted = extract(validator, sent % f"{SNOWPLOW}/contexts/jsonschema/1-0-0")
    assert extracted.contexts == (
        f'{{"schema":"{SNOWPLOW}/contexts/jsonschema/1-0-1","data":'
        '[{"schema":"iglu:com.patrickcloud/ctx/jsonschema/1-0-0","data":{"a":1}}]}'
    )


def test_numbers_and_characters_stay_as_they_were_sent(validator):
    data = '{"n":1.10,"e":1e3,"z":-0,"s":"a\\tb\\u007f\\u2028é🎉","k":{"b":1,"a":2}}'
    sent = wrapped("unstruct_event", entity("open", "DATA")).replace('"DATA"', data)
    extracted = extract(validator, event=sent)
    assert '"data":{"n":1.10,"e":1e3,"z":-0,"s":"a\\tb\\u007f\u2028é🎉","k":{"b":1,"a":2}}' in extracted.unstruct_event
    assert extracted.event_key.uri == "iglu:com.patrickcloud/open/jsonschema/1-0-0"


def test_an_empty_wrapper_stays_as_it_was_sent(validator):
    assert extract(validator, wrapped("contexts", [], "1-0-1")).contexts == (
        f'{{"schema":"{SNOWPLOW}/contexts/jsonschema/1-0-1","data":[]}}'
    )


def test_superseded_data_has_the_version_it_was_validated_with(validator):
    old = entity("old", {"a": 1, "b": "x"})
    extracted = extract(validator, wrapped("contexts", [old, old]), wrapped("unstruct_event", old))
    assert [item["schema"][-5:] for item in json.loads(extracted.contexts)["data"]] == ["1-0-1", "1-0-1"]
    assert str(extracted.event_key.version) == "1-0-1"
    (info,) = extracted.validation_infos
    assert info.data == {"originalSchema": old["schema"], "validatedWith": "1-0-1"}


@pytest.mark.parametrize(
    ("contexts", "event", "kinds"),
    [
        ("null", None, [NotIglu]),
        (wrapped("contexts", []), None, [IgluError]),
        (wrapped("contexts", {}), None, [IgluError]),
        (wrapped("contexts", [entity("ctx", {"a": 1})], "2-0-0"), None, [CriterionMismatch]),
        (wrapped("unstruct_event", entity("ctx", {"a": 1})), None, [CriterionMismatch]),
        (
            wrapped("contexts", [entity("ctx", {}), entity("ctx", {"a": 1}), entity("nowhere", {})]),
            None,
            [IgluError] * 2,
        ),
        (None, '{"a":1}', [NotIglu]),
        (None, wrapped("unstruct_event", entity("sample_input", {"value": 5})), [IgluError]),
        (None, wrapped("unstruct_event", entity("broken", {})), [IgluError]),
        ("5", "6", [NotIglu, NotIglu]),
        (
            wrapped("contexts", [entity("ctx", {})]),
            wrapped("unstruct_event", entity("ctx", {})),
            [IgluError, IgluError],
        ),
    ],
)
def test_all_that_is_wrong_is_told(contexts, event, kinds, validator):
    problems = extract(validator, contexts, event)
    assert [type(problem) for problem in problems] == kinds


def nested(levels, innermost):
    return json.loads('{"a":' * levels + innermost + "}" * levels)


@pytest.mark.parametrize("innermost", ["1", "{}"])
def test_data_may_be_nested_as_deep_as_the_jvm_admits(validator, innermost):
    """The JVM line counts the values inside the wrapper: the entity, 38 objects, and what the last of them holds."""
    good = extract(validator, event=wrapped("unstruct_event", entity("open", nested(38, innermost))))
    assert isinstance(good, Extracted)
    (problem,) = extract(validator, event=wrapped("unstruct_event", entity("open", nested(39, innermost))))
    assert problem.schema_key.uri == f"{SNOWPLOW}/unstruct_event/jsonschema/1-0-0"


def test_derived_contexts_are_joined():
    assert entities.contexts([]) is None
    assert json.loads(entities.contexts(['{"a":1}', '{"b":2}']))["data"] == [{"a": 1}, {"b": 2}]
