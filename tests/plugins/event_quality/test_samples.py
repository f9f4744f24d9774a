"""Samples: laid out for reading, and without what tells a person."""

import base64
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.plugins.event_quality.warehouses import SCRIPT

from event_quality.samples import LONGEST, MASK, masked_text, sample

SECRETS = ("198.51.100.7", "2001:db8::7", "me@example.org", "f00df00d-0000-4000-8000-000000000001")
ADDRESS, ADDRESS_6, MAIL, ID = SECRETS
NESTED = {"duid": ID, "mail": MAIL, "kept": "kept"}


def encoded(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "payload",
    [
        {"enriched": {"user_ipaddress": ADDRESS, "network_userid": ID, "page_title": "kept"}},
        {"ipAddress": ADDRESS_6, "networkUserId": ID, "hostname": "kept"},
        {"headers": [f"Cookie: sp={ID}", f"X-Forwarded-For: {ADDRESS}", "Accept: kept", f"Authorization: {ID}"]},
        {
            "querystring": [
                {"name": "duid", "value": ID},
                {"name": "e", "value": "kept"},
                {"name": "ip", "value": ADDRESS},
            ]
        },
        {"raw": {"parameters": [{"name": "ue_px", "value": encoded(NESTED)}]}},
        {"raw": {"parameters": [{"name": "co", "value": json.dumps({"data": [NESTED]})}]}},
        {"body": json.dumps({"data": [NESTED, {"cx": encoded({"data": [NESTED]})}]})},
        {"body": json.dumps({"data": [{**NESTED, "z": "cut"}]})[:-6]},
        {"body": f"e=pv&x=kept&duid={ID}&ip={ADDRESS}&u=me%40example.org"},
        {"page_url": f"https://{ID}@shop.example/?mail={MAIL}&from={ADDRESS}&x=kept"},
        {"useragent": f"kept/1.0 ({ADDRESS}; {ADDRESS_6})", "url": f"http://{ADDRESS}:80/ http://[{ADDRESS_6}]/"},
        {"User_ID": {"deep": ID}, "x": [[["kept", {"UID": [ID]}]]]},
    ],
)
def test_what_tells_a_person_is_masked(payload):
    text = sample(json.dumps(payload))
    assert [secret for secret in (*SECRETS, "me%40") if secret in text] == []
    assert MASK in text
    assert "kept" in text


@pytest.mark.parametrize(
    "text",
    [
        "js-4.10.1",
        "Chrome/145.0.0.0 Safari/537.36",
        "2026-11-25 02:18:41.728",
        "iglu:com.acme/a/jsonschema/1-0-0",
        "$.a::b[0] is of type integer, not string",
        "1.2.3",
        "domain_userid: is too long",
        "https://shop.example:8080/a",
    ],
)
def test_what_tells_nobody_stays(text):
    assert masked_text(text) == text


def test_the_layout():
    payload = {
        "enriched": {"event": "ue", "page_title": None, "contexts": '{"schema":"s","data":[1]}'},
        "parameters": [{"name": "a", "value": "1"}, {"name": "b", "value": "2"}, {"name": "a", "value": "3"}],
    }
    assert json.loads(sample(json.dumps(payload))) == {
        "enriched": {"event": "ue", "contexts": {"schema": "s", "data": [1]}},
        "parameters": {"a": ["1", "3"], "b": "2"},
    }


@pytest.mark.parametrize("payload", ["CgABAAAB", "", '"text"', "17", "{", "[" * 100_000, '{"a":1'])
def test_what_nobody_can_mask_is_hidden(payload):
    assert sample(payload).startswith(f"{len(payload):,} characters that are no JSON.")


def test_a_long_sample_is_cut():
    text = sample(json.dumps({"a": ["b"] * LONGEST}))
    assert len(text) < LONGEST + 50
    assert text.endswith("characters more")


def test_a_hostile_text_takes_no_time():
    """A pattern that begins anew at each letter would take minutes."""
    started = time.process_time()
    sample(json.dumps({"body": "a." * 60_000}))
    assert time.process_time() - started < 5


def test_json_in_json_is_looked_into_to_an_end():
    value: object = {"duid": ID}
    for _ in range(6):
        value = {"a": json.dumps(value)}
    deep = '{"a":' * 100 + f'{{"x":"{ID}"}}' + "}" * 100
    assert ID not in sample(json.dumps(value))
    assert ID not in sample(deep)


def test_half_a_character_can_be_shown():
    assert "?" in sample('{"a": "\\ud800"}')
    sample('{"a": "\\ud800"}').encode()


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.text(max_size=10), JSON, max_size=4) | st.lists(JSON, max_size=4))
def test_any_payload_gives_a_text_without_the_address_in_it(value):
    text = sample(json.dumps([value, {"ip": ADDRESS, "x": SCRIPT, "more": json.dumps([ADDRESS, value])}]))
    text.encode()
    assert ADDRESS not in text
