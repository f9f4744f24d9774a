import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snowmelt.enrich import parameters
from snowmelt.enrich.parameters import ABSENT, decoded_base64
from snowmelt.protocol.atomic import COLUMNS, INDEX
from snowmelt.protocol.enriched import EnrichedEvent
from snowmelt.protocol.tracker import PARAMETERS, ParameterKind

ENTITIES = '{"schema":"iglu:a/b/jsonschema/1-0-0","data":[{"x":"ÿ>?~"}]}'


def read(**sent):
    fields = [None] * len(COLUMNS)
    errors = parameters.read(sent, fields)
    embedded = parameters.embedded(sent, errors)
    return {name: fields[index] for name, index in INDEX.items() if fields[index] is not None}, embedded, errors


def columns(**sent):
    return read(**sent)[0]


def test_every_parameter_of_the_protocol_sets_its_columns():
    samples = {
        ParameterKind.EVENT: ("pv", "page_view"),
        ParameterKind.PLATFORM: ("web", "web"),
        ParameterKind.TEXT: ("a text", "a text"),
        ParameterKind.IP_ADDRESS: ("1.2.3.4", "1.2.3.4"),
        ParameterKind.UUID: ("6F771EDC-5E26-4608-A3A8-7A20E2D3AA2F", "6f771edc-5e26-4608-a3a8-7a20e2d3aa2f"),
        ParameterKind.TIMESTAMP: ("1700000000000", "2023-11-14 22:13:20.000"),
        ParameterKind.INTEGER: ("7", "7"),
        ParameterKind.DECIMAL: ("1.50", "1.50"),
        ParameterKind.FLAG: ("1", "1"),
    }
    for name, parameter in PARAMETERS.items():
        if parameter.kind is ParameterKind.DIMENSIONS:
            assert columns(**{name: "3x4"}) == {parameter.column: "3", parameter.second_column: "4"}
        elif parameter.kind in samples:
            text, value = samples[parameter.kind]
            assert columns(**{name: text}) == {parameter.column: value}


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"nuid": "n", "tnuid": "t"}, {"network_userid": "t"}),
        ({"tnuid": "t", "nuid": "n"}, {"network_userid": "t"}),
        ({"tnuid": "", "nuid": "n"}, {}),
        ({"ti_nm": "new", "ti_na": "old"}, {"ti_name": "new"}),
        ({"ti_na": "old"}, {"ti_name": "old"}),
        ({"se_ca": "new", "ev_ca": "old"}, {"se_category": "new"}),
        ({"ev_va": "2"}, {"se_value": "2"}),
        ({"aid": "a\tb\nc\x00\x1f\x7fd\x80"}, {"app_id": "a    bcd\x80"}),
        ({"aid": "", "uid": "\n"}, {}),
        ({"aid": None, "tid": None}, {}),
        ({"tid": "null"}, {}),
        ({"zzz": "1", "mac": "2"}, {}),
    ],
)
def test_texts_are_cleaned_and_the_right_one_of_two_wins(sent, expected):
    assert columns(**sent) == expected


def test_a_parameter_overrides_what_the_collector_saw_even_with_nothing():
    fields = list(EnrichedEvent.of({"useragent": "header", "user_ipaddress": "1.1.1.1"}).fields)
    parameters.read({"ua": "", "ip": "2.2.2.2"}, fields)
    assert fields[INDEX["useragent"]] is None
    assert fields[INDEX["user_ipaddress"]] == "2.2.2.2"


def test_every_unreadable_parameter_is_told_with_its_text():
    _, _, errors = read(e="xx", p="", tid="x", dtm="y", res="z", cookie="2", se_va="v", eid="u", co="{", aid="fine")
    assert [(error.field, error.value) for error in errors] == [
        ("e", "xx"),
        ("p", ""),
        ("tid", "x"),
        ("dtm", "y"),
        ("res", "z"),
        ("cookie", "2"),
        ("se_va", "v"),
        ("eid", "u"),
        ("co", "{"),
    ]
    assert all(error.expectation for error in errors)


def test_one_that_yields_is_still_told_when_it_cannot_be_read():
    _, _, errors = read(ev_va="x", se_va="1", co="x", cx=encoded("[]"))
    assert [error.field for error in errors] == ["ev_va", "co"]


def encoded(text):
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("sent", "contexts"),
    [
        ({}, ABSENT),
        ({"co": None}, ABSENT),
        ({"co": "null"}, None),
        ({"co": ENTITIES}, json.loads(ENTITIES)),
        ({"cx": encoded(ENTITIES)}, json.loads(ENTITIES)),
        ({"co": "[1]", "cx": encoded("[2]")}, [2]),
    ],
)
def test_entities_come_plain_or_in_base64(sent, contexts):
    _, embedded, errors = read(**sent)
    assert errors == []
    assert embedded.contexts == contexts
    assert embedded.unstruct_event is ABSENT


@pytest.mark.parametrize(
    "text", ["", "hello", "{", "{'a':1}", '{"a":NaN}', '{"a":"b\tc"}', "[" * 100_000, "1" * 100_000]
)
def test_json_that_cannot_be_read_is_an_error(text):
    for name, sent in (("co", text), ("cx", encoded(text)), ("ue_pr", text), ("ue_px", encoded(text))):
        _, _, errors = read(**{name: sent})
        assert [(error.field, error.value) for error in errors] == [(name, sent)]


@pytest.mark.parametrize(
    "text",
    [
        encoded(ENTITIES),
        base64.b64encode(ENTITIES.encode()).decode(),
        "!!" + encoded(ENTITIES)[:7] + " \n$é" + encoded(ENTITIES)[7:],
        base64.urlsafe_b64encode(ENTITIES.encode()).decode() + "=AAAA",
    ],
    ids=["url-safe", "standard", "with junk", "after the padding"],
)
def test_base64_is_read_in_all_its_forms(text):
    assert decoded_base64(text) == ENTITIES


@pytest.mark.parametrize(
    ("text", "decoded"), [("", ""), ("A", ""), ("=", ""), ("YQ", "a"), ("YWE", "aa"), ("YWEh!A", "aa!")]
)
def test_a_lonely_last_character_is_skipped(text, decoded):
    assert decoded_base64(text) == decoded


@given(st.text())
def test_base64_never_fails(text):
    decoded_base64(text)


@given(st.text(st.characters(codec="utf-8")))
def test_base64_gives_back_what_was_encoded(text):
    assert decoded_base64(encoded(text)) == text


@given(st.dictionaries(st.sampled_from(sorted(PARAMETERS)), st.one_of(st.none(), st.text(max_size=30))))
def test_no_parameters_make_reading_fail_and_no_field_is_dirty(sent):
    found, _, _ = read(**sent)
    for value in found.values():
        assert value
        assert "\t" not in value
        assert "\n" not in value
