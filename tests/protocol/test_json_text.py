import copy
import json
import pickle
from decimal import Decimal

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snowmelt.protocol import json_text
from snowmelt.protocol.json_text import JsonError, JsonNumber, dumps, loads, plain

NUMBERS = st.from_regex(r"-?(0|[1-9][0-9]{0,25})(\.[0-9]{1,10})?([eE][+-]?[0-9]{1,3})?", fullmatch=True)
SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=10)
VALUES = st.recursive(
    SCALARS | NUMBERS.map(loads),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    "text",
    [
        *("1.10", "5.0", "0.0000001", "-0.0", "0.1000000000000000055511151231257827", "100.000"),
        *("1e3", "1E3", "1e+3", "1.0E-07", "1e400", "-1e-400", "0e0", "-0", "-0e5"),
        *("0", "-1", "9223372036854775808", "-9223372036854775809", "18446744073709551616", "1" * 4300),
        *('"1-0-0"', '[-0,"-0",1.5,"a-0"]', '{"a":-0}', "[[],{}]", '{"b":1,"a":2}', "true", "null", '""'),
        *('"\\u0000\\u001f\\b\\t\\n\\f\\r\\"\\\\"', '"/é東😀\u2028\u2029\ufeff"', '"\\u007f\\u0080\\u009f"', '"\xa0"'),
    ],
)
def test_text_comes_back_as_it_was(text):
    assert dumps(loads(text)) == text
    assert loads(text.encode()) == loads(text)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        (' { "a" : [ 1 , 2.0 ] }\n', '{"a":[1,2.0]}'),
        ('{"a":1,"b":2,"a":3}', '{"a":3,"b":2}'),
        ('"\\/\\u00e9\\ud83d\\ude00"', '"/é😀"'),
        ('"\x7f\x85"', '"\\u007f\\u0085"'),
        ('"\\ud800"', '"?"'),
        ('"\\uDC00a\\ud83d\\ude00"', '"?a😀"'),
        ('"\\ud800\\ud83d\\ude00"', '"?😀"'),
        ('"\\\\ud800"', '"\\\\ud800"'),
        ('"\\\\\\ud800"', '"\\\\?"'),
        ('"a\ud800"', '"a?"'),
        ('{"\\ud800":1}', '{"?":1}'),
    ],
)
def test_what_is_printed_otherwise(text, printed):
    assert dumps(loads(text)) == printed


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "{",
            "[1,]",
            '{"a":1,}',
            '{"a"}',
            "{a:1}",
            "'a'",
            "01",
            "-",
            "+1",
            "1.",
            ".5",
            "1e",
            "0x1",
            "tru",
            "nul",
        ),
        *("NaN", "Infinity", "-Infinity", "[-0,NaN]", "[-0,Infinity]", "1 2", "[1]]", "\ufeff1", "\xa01", "\x0b1"),
        *('"a', '"\\x"', '"\\u12"', '"a\tb"', '"\n"', '"\x00"', "[-0,]", '[-0,"a\tb"]', "1" * 4301, "-0" * 3),
        *("1e1000000", "1e-9999999", "1e999999999999999999999999", "[-0,1e9999999]"),
    ],
)
def test_what_is_no_json(text):
    with pytest.raises(JsonError) as refused:
        loads(text)
    assert str(refused.value)


def test_bytes_are_utf8():
    with pytest.raises(JsonError, match="not UTF-8 at byte 1"):
        loads(b'"\xff"')
    with pytest.raises(JsonError):
        loads('"a"'.encode("utf-16"))
    with pytest.raises(JsonError):
        loads(b'"\xed\xa0\x80"')


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")])
def test_depth_is_bounded(opening, closing):
    for count in (1, 3, 64):
        text = opening * count + "1" + closing * count
        depth = count * (2 if opening.startswith("[{") else 1)
        assert dumps(loads(text, max_depth=depth)) == text
        with pytest.raises(JsonError, match=f"deeper than {depth - 1}"):
            loads(text, max_depth=depth - 1)


@pytest.mark.parametrize("text", ["[" * 1_000_000, '{"a":' * 200_000, "[" * 100_000 + "]" * 100_000, "[-0," * 100_000])
def test_hostile_depth_is_refused(text):
    with pytest.raises(JsonError):
        loads(text)


def test_brackets_in_texts_and_neighbours_are_no_depth():
    text = json.dumps([["[{" * 50]] * 100, separators=(",", ":"))
    assert dumps(loads(text, max_depth=2)) == text


@settings(deadline=None, max_examples=200)
@given(VALUES)
def test_a_value_comes_back_from_its_text(value):
    text = dumps(value)
    again = loads(text)
    assert again == value
    assert dumps(again) == text
    assert json.loads(text, parse_float=Decimal) == value


@settings(deadline=None, max_examples=200)
@given(VALUES)
def test_the_fast_and_the_slow_way_print_the_same(value):
    assert json_text._print(value) == dumps(value)


@settings(deadline=None, max_examples=200)
@given(VALUES)
def test_both_readers_read_the_same(value):
    text = dumps(value)
    assert repr(json_text._MINUS_ZERO_DECODER.decode(text)) == repr(loads(text))


@settings(deadline=None, max_examples=200)
@given(st.text(st.sampled_from('[]{}",:\\u0d8fcnN-+.eE1 \n\ud800é'), max_size=30))
def test_what_is_read_agrees_with_the_standard_library(text):
    try:
        value = loads(text)
    except JsonError:
        value = JsonError
    try:
        theirs = json.loads(text.encode("utf-8", "replace").decode(), parse_constant=lambda _: pytest.fail("constant"))
    except ValueError:
        theirs = JsonError
    except pytest.fail.Exception:
        theirs = JsonError
    if JsonError in (value, theirs):
        assert value is theirs
    else:
        assert json.loads(dumps(value)) == json.loads(json.dumps(theirs).replace("\\ud800", "?"))


@settings(deadline=None, max_examples=300)
@given(NUMBERS)
def test_the_spelling_of_any_number_is_kept(text):
    assert dumps(loads(text)) == text
    assert dumps([loads(text), {"a": loads(f"[{text}]")}]) == f'[{text},{{"a":[{text}]}}]'


def test_numbers_made_by_us_are_printed():
    assert dumps([1.5, 1e16, 1e-7, Decimal("1.50"), Decimal("1E+2"), True, 10**30]) == (
        "[1.5,1e+16,1e-7,1.50,100,true,1000000000000000000000000000000]"
    )


def test_a_value_that_is_no_json_is_a_bug():
    with pytest.raises(TypeError):
        dumps({"a": object()})
    with pytest.raises(TypeError):
        dumps(["\ud800", {1, 2}])


def test_a_spelled_number_is_a_number_and_survives_copies():
    number = loads("1e3")
    assert number == 1000
    assert float(number) == 1000.0
    for copied in (copy.copy(number), copy.deepcopy(number), pickle.loads(pickle.dumps(number))):
        assert (type(copied), copied.text) == (JsonNumber, "1e3")


@pytest.mark.parametrize(
    ("text", "schema", "valid"),
    [
        ("5", {"type": "integer"}, True),
        ("5.0", {"type": "integer"}, False),
        ("1e3", {"type": "integer"}, False),
        ("123456789012345678901234567890", {"type": "integer"}, True),
        ("5.0", {"type": "number"}, True),
        ("1e400", {"type": "number"}, True),
        ("1e400", {"type": "number", "maximum": 10}, False),
        ("1e-400", {"type": "number", "maximum": 10, "minimum": 0}, True),
        ("9.99", {"type": "number", "maximum": 10}, True),
        ("10.01", {"type": "number", "maximum": 10}, False),
        ("0.3", {"type": "number", "multipleOf": 0.1}, True),
        ("-0", {"type": "number", "minimum": 0}, True),
        ('"\\ud800"', {"type": "string", "maxLength": 1}, True),
        ("1e999999", {"type": "number", "multipleOf": 3}, False),
    ],
)
def test_jsonschema_rs_validates_loaded_values(text, schema, valid):
    rules = jsonschema_rs.Draft4Validator({"type": "object", "properties": {"a": schema}})
    value = {"a": loads(text)}
    assert rules.is_valid(plain(value)) is valid
    assert bool(list(rules.iter_errors(plain(value)))) is not valid


@settings(deadline=None)
@given(VALUES)
def test_a_plain_value_is_equal_and_has_no_spelled_number(value):
    assert plain(value) == value
    assert "JsonNumber" not in repr(plain(value))


def test_a_value_without_a_spelled_number_is_plain_as_it_is():
    value = loads('{"a":[1.5,"x",null,true,5,{}]}')
    assert plain(value) is value
    assert plain(loads("[123456789012345678901234567890,1e3]")) == [123456789012345678901234567890, Decimal(1000)]


def test_recorded_json_is_printed_as_the_jvm_printed_it(recordings):
    columns = [
        text
        for recording in recordings.values()
        for line in recording.good
        for text in line.split("\t")
        if text.startswith("{")
    ]
    assert len(columns) > 8
    assert [dumps(loads(text)) for text in columns] == columns


def test_all_recorded_json_is_printed_as_the_jvm_printed_it(all_recordings):
    columns = {
        text
        for recording in all_recordings
        for line in recording.good
        for text in line.split("\t")
        if text.startswith("{")
    }
    assert len(columns) > 500
    assert {text for text in columns if dumps(loads(text)) != text} == set()
