import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.iglu.doubles import key

from snowmelt.iglu.formats import ASSERTED, OWN, SURE
from snowmelt.iglu.resolver import Schema
from snowmelt.iglu.validation import Compiled, compile_schema

GOOD = {
    "date-time": [
        "2026-01-01T00:00:00Z",
        "2026-01-01t00:00:00z",
        "2026-01-01 00:00:00Z",
        "2026-01-01T00:00:00+01:00",
        "2026-01-01T23:59:59-23:59",
        "2026-01-01T00:00:00.5Z",
        "2026-01-01T00:00:00.123456789Z",
        "2024-02-29T00:00:00Z",
    ],
    "date": ["2026-01-01", "2024-02-29"],
    "email": ["a@b.co", "first.last+tag@sub.example.com", '"a b"@example.com', "a@[127.0.0.1]", "a@example.xn--p1ai"],
    "hostname": ["a", "example.com", "1.2.3.4", "xn--80ak6aa92e.com", "a-b.c", "A" * 63, ".".join(["a" * 60] * 6)],
    "ipv4": ["0.0.0.0", "255.255.255.255"],
    "ipv6": ["::", "::1", "2001:db8::8:800:200c:417a", "::ffff:1.2.3.4", "1:2:3:4:5:6:7:8", " ::1", "::1\n"],
    "uri": [
        "http://a.b",
        "mailto:a@b.c",
        "urn:isbn:1",
        "s3://bucket/key",
        "a:",
        "http://",
        "http://[::1]:8080/?a=b&c=(d)#e?f/g",
        "https://acme.com@evil.com/",
        "http://a/%zz",
        "http://a:b",
    ],
    "uuid": [
        "2e7c7a4c-7a34-4d7b-8d8a-111111111111",
        "2E7C7A4C-7A34-4D7B-8D8A-ABCDEFABCDEF",
        "0" * 8 + "-0000" * 3 + "-" + "0" * 12,
    ],
}
BAD = {
    "date-time": [
        "",
        "2026-01-01",
        "2026-01-01T00:00:00",
        "2026-01-01T00:00Z",
        "2026-01-01T00:00:00+0100",
        "2026-01-01T00:00:00+24:00",
        "2026-12-31T23:59:60Z",
        "2026-01-01T24:00:00Z",
        "2026-01-01T00:60:00Z",
        "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-01-01T00:00:00.Z",
        "2026-01-01T00:00:00Z\n",
        "2026-01-01T00:00:00 Z",
        "26-01-01T00:00:00Z",
        "２０２６-01-01T00:00:00Z",
    ],
    "date": ["", "x", "2026-1-1", "2026-02-29", "2026-01-01T00:00:00Z", "01-01-2026"],
    "email": [
        "",
        "x",
        "a@b",
        "a@b.c",
        "a@@b.co",
        "a b@c.de",
        "@b.co",
        "a@",
        "a..b@c.de",
        "a@-b.co",
        "Joe <a@b.co>",
        "a@b.co\n",
    ],
    "hostname": ["", "-a.com", "a-.com", "a_b.com", "a.com.", "é.com", "a" * 64, "a b", "a..b", "a\n"],
    "ipv4": ["", "1.2.3", "1.2.3.4.5", "01.2.3.4", "256.1.1.1", "1.2.3.4 ", "a.b.c.d"],
    "ipv6": ["", "1", "1::2::3", "12345::", "fe80::1%eth0", "1.2.3.4", "1:2:3:4:5:6:7", "::g", ": :1"],
    "uri": [
        "",
        "/a/b",
        "a",
        "http://a b",
        "http://a.b/é",
        "1a:b",
        "http://a/{x}",
        "http://a|b",
        "http://a\\b",
        "http://a/\r\nb",
        "a:\n",
    ],
    "uuid": [
        "",
        "x",
        "{2e7c7a4c-7a34-4d7b-8d8a-111111111111}",
        "2e7c7a4c7a344d7b8d8a111111111111",
        "2e7c7a4c-7a34-4d7b-8d8a-11111111111g",
    ],
}
IGNORED = ["time", "regex", "idn-email", "iri", "uri-reference", "json-pointer", "duration", "color", "zzz"]


def rules(name):
    compiled = compile_schema(Schema.of(key("com.acme/text/1-0-0"), {"type": "string", "format": name}))
    assert isinstance(compiled, Compiled)
    return compiled


def test_every_asserted_format_is_tried_both_ways():
    assert set(GOOD) == set(BAD) == set(ASSERTED)


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in GOOD.items() for text in texts])
def test_good(name, text):
    assert rules(name).exact.is_valid(text)


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in BAD.items() for text in texts])
def test_bad(name, text):
    assert not rules(name).exact.is_valid(text)
    assert not rules(name).sure.is_valid(text)


@pytest.mark.parametrize("name", IGNORED)
def test_other_formats_are_not_asserted(name):
    assert all(rules(name).exact.is_valid(text) for text in ("", "x", "a b", "(["))


@pytest.mark.parametrize("name", ASSERTED)
def test_a_format_is_a_rule_for_text_only(name):
    compiled = compile_schema(Schema.of(key("com.acme/any/1-0-0"), {"format": name}))
    assert isinstance(compiled, Compiled)
    for judge in (compiled.exact, compiled.sure):
        assert judge.is_valid(5)
        assert judge.is_valid(None)


@given(st.uuids())
def test_every_uuid_is_one(value):
    assert OWN["uuid"](str(value))


@given(st.datetimes(timezones=st.timezones()))
def test_every_moment_is_one(value):
    offset = value.utcoffset()
    assert offset is not None
    if offset.total_seconds() % 60 == 0 and value.microsecond % 1000 == 0:
        assert OWN["date-time"](value.isoformat())
    assert OWN["date-time"](value.replace(tzinfo=None).isoformat() + "Z")


@given(st.ip_addresses(v=6))
def test_every_ipv6_address_is_one(value):
    assert OWN["ipv6"](str(value))
    assert OWN["ipv6"](value.exploded)


@pytest.mark.parametrize("name", OWN)
@given(text=st.text(alphabet=string.printable + "é\u2028\0", max_size=40) | st.text())
def test_any_text_is_judged_without_an_error(name, text):
    assert OWN[name](text) in (True, False)


@pytest.mark.timeout(5)
@pytest.mark.parametrize("name", OWN)
@pytest.mark.parametrize("piece", ["a", "a.", "1:", ":", "a@", "a-", "[", "%", '"\\', "0"])
def test_long_hostile_text_is_judged_at_once(name, piece):
    assert OWN[name](piece * 100_000 + "!") in (True, False)


@pytest.mark.parametrize("name", SURE)
@given(data=st.data())
def test_what_fits_the_pattern_of_a_format_has_it(name, data):
    assert OWN[name](data.draw(st.from_regex(SURE[name].replace("$", r"\Z"))))
