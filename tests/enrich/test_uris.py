import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snowmelt.enrich import uris

PARTS = [
    # text, (scheme, host, effective port, path, query, fragment)
    ("https://shop.example.com", ("https", "shop.example.com", 443, "", None, None)),
    ("http://shop.example.com:8080/a;b=1?x=y#z", ("http", "shop.example.com", 8080, "/a;b=1", "x=y", "z")),
    ("HTTPS://A.B/", ("HTTPS", "A.B", 80, "/", None, None)),
    ("//host/path", (None, "host", 80, "/path", None, None)),
    ("host/path", (None, None, 80, "host/path", None, None)),
    ("host:80/path", ("host", None, 80, None, None, None)),
    ("mailto:a@b.c", ("mailto", None, 80, None, None, None)),
    ("file:///etc/x", ("file", None, 80, "/etc/x", None, None)),
    ("http://user:word@host:1/x", ("http", "host", 1, "/x", None, None)),
    ("http://@host/", ("http", "host", 80, "/", None, None)),
    ("https://user@/x", ("https", None, 443, "/x", None, None)),
    ("http://a_b.example.com/", ("http", None, 80, "/", None, None)),
    ("http://-a.example.com/", ("http", None, 80, "/", None, None)),
    ("http://a-.example.com/", ("http", None, 80, "/", None, None)),
    ("http://a--b.example.com./", ("http", "a--b.example.com.", 80, "/", None, None)),
    ("http://example.1com/", ("http", None, 80, "/", None, None)),
    ("http://1example/", ("http", "1example", 80, "/", None, None)),
    ("http://127.0.0.1:99/", ("http", "127.0.0.1", 99, "/", None, None)),
    ("http://256.0.0.1/", ("http", None, 80, "/", None, None)),
    ("http://1.2.3.4.5/", ("http", None, 80, "/", None, None)),
    ("http://host:2147483647/", ("http", "host", 2147483647, "/", None, None)),
    ("http://host:2147483648/", ("http", None, 80, "/", None, None)),
    ("http://[::1]:80/x", ("http", "[::1]", 80, "/x", None, None)),
    ("http://[fe80::1%eth0]/", ("http", "[fe80::1%eth0]", 80, "/", None, None)),
    ("https://bücher.example/é?q=東#ñ", ("https", None, 443, "/é", "q=東", "ñ")),
    ("http://a.b?", ("http", "a.b", 80, "", "", None)),
    ("", (None, None, 80, "", None, None)),
]

MENDED = [
    ("http://a.b/a b", "http://a.b/a%20b"),
    ("http://a.b/?x=|y|", "http://a.b/?x=%7Cy%7C"),
    ("http://a.b/%zz", "http://a.b/%25zz"),
    ("http://a.b/?x=%", "http://a.b/?x=%25"),
    ("http://a.b/#c#d", "http://a.b/#c%23d"),
    ("http://a.b/c\\d", "http://a.b/c%5Cd"),
    ("http://a.b/[c]", "http://a.b/%5Bc%5D"),
    ("http://a.b/?c=[d]", "http://a.b/?c=[d]"),
    # once something is illegal, every part is written anew
    ("http://a.b/é:ü?q=a+b%20c%41&r|", "http://a.b/%C3%A9%3A%C3%BC?q=a+b%20cA&r%7C"),
    ("http://u|s:w%41@a.b/", "http://u%7Cs:wA@a.b/"),
    ("about|:x", None),
    ("foo|bar", "foo%7Cbar"),
    ("mailto:a|b", "mailto:a%7Cb"),
    ("http://a.b/?&&|=1&", "http://a.b/?&&%7C=1&"),
]

UNREADABLE = [
    "http://",
    "http://[::1",
    "http://[::zz]/",
    " http://a.b/",
    "ht tp://x",
    ":no-scheme",
    "1a:b",
    "http:",
    "http://a b/|",
    "http://a b:c@host/|",
    "http://a.b/?=|",
    "http://host:/|",
]


@pytest.mark.parametrize(("text", "parts"), PARTS, ids=[text for text, _ in PARTS])
def test_legal_uris_are_taken_apart(text, parts):
    uri = uris.split(text)
    assert uri.text == text
    assert (uri.scheme, uri.host, uri.effective_port, uri.path, uri.query, uri.fragment) == parts


@pytest.mark.parametrize(("text", "mended"), MENDED)
def test_illegal_characters_are_mended(text, mended):
    uri = uris.split(text)
    assert (uri and uri.text) == mended


@pytest.mark.parametrize("text", UNREADABLE)
def test_what_cannot_be_read_is_none(text):
    assert uris.split(text) is None


@pytest.mark.parametrize(
    ("text", "query"),
    [("a=b&c", "a=b&c"), ("", ""), ("a#b", "a"), ("a=%zz", None), ("a b", None), ('a="b"', None), ("é=1", "é=1")],
)
def test_only_a_legal_query_is_one(text, query):
    assert uris.query(text) == query


@given(st.text(alphabet="ahtps:/?#[]@%20.-_|é\\ \t", max_size=40))
def test_splitting_never_fails_and_what_it_gives_is_legal(text):
    uri = uris.split(text)
    if uri is not None:
        assert uris.split(uri.text) == uri


@pytest.mark.parametrize(
    "unit", ["a-", "-", "a.", "%", "[", "@", ":", "//", "a:", "&", "=", "?#", "%2", "1.", "é", " "]
)
def test_hostile_texts_take_no_more_than_their_length(unit):
    started = time.process_time()
    for prefix in ("", "http://", "http://a@", "http://a/?", "x:"):
        uris.split(prefix + unit * 50_000 + "|")
        uris.split(prefix + unit * 50_000)
    assert time.process_time() - started < 3
