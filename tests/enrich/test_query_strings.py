from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snowmelt.enrich import query_strings


@pytest.mark.parametrize(
    ("query", "pairs"),
    [
        ("", []),
        ("&&=x&", []),
        ("a=1&b=2", [("a", "1"), ("b", "2")]),
        ("a=1;b=2", [("a", "1"), ("b", "2")]),
        ("a&b=", [("a", None), ("b", "")]),
        ("a=b=c", [("a", "b=c")]),
        ("a=1&a=2", [("a", "1"), ("a", "2")]),
        ("a+b=c+d", [("a b", "c d")]),
        ("utm%5Fsource=%F0%9F%8E%89", [("utm_source", "🎉")]),
        ("a=%E9", [("a", "\ufffd")]),
        ("a=%ED%A0%BD", [("a", "\ufffd")]),
        ("a=%zz%4", [("a", "%zz%4")]),
        ("東=京%20é+", [("東", "京 é ")]),
    ],
)
def test_pairs_are_decoded(query, pairs):
    assert query_strings.pairs(query) == pairs


def test_the_charset_is_that_of_the_payload():
    assert query_strings.pairs("a=%E9", query_strings.codec("ISO-8859-1")) == [("a", "é")]


@pytest.mark.parametrize("charset", ["", "rot13", "zip", "unicode_escape", "utf-7", "x" * 10_000])
def test_only_charsets_that_every_reader_knows_are_read(charset):
    assert query_strings.codec(charset) is None


@given(st.dictionaries(st.text(st.characters(codec="utf-8"), min_size=1), st.text(st.characters(codec="utf-8"))))
def test_what_a_form_encodes_is_decoded(parameters):
    assert dict(query_strings.pairs(urlencode(parameters))) == parameters
