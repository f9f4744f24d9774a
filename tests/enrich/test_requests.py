import pytest
from tests.enrich.records import payload

from snowmelt.enrich import requests
from snowmelt.enrich.requests import Request
from snowmelt.protocol.bad_rows import InputData

UUID = "2e7c7a4c-7a34-4d7b-8d8a-111111111111"


@pytest.mark.parametrize(
    ("path", "api"),
    [
        ("/i", ("com.snowplowanalytics.snowplow", "tp1")),
        ("/i?x=1", ("com.snowplowanalytics.snowplow", "tp1")),
        ("/ice.png", ("com.snowplowanalytics.snowplow", "tp1")),
        ("/ice.png.txt", ("com.snowplowanalytics.snowplow", "tp1")),
        ("/com.snowplowanalytics.snowplow/tp2", ("com.snowplowanalytics.snowplow", "tp2")),
        ("com.snowplowanalytics.snowplow/tp2/", ("com.snowplowanalytics.snowplow", "tp2")),
        ("/r/tp2", ("r", "tp2")),
        ("/a", None),
        ("/a/b/c", None),
        ("//a/b", None),
        ("", None),
        ("/", None),
    ],
)
def test_the_path_names_the_api(path, api):
    request = requests.of(payload(path=path))
    if api is None:
        assert request.field == "path"
        assert request.value == path
    else:
        assert (request.vendor, request.version) == api


@pytest.mark.parametrize(
    ("stored", "headers", "address"),
    [
        ("203.0.113.9", [], "203.0.113.9"),
        ("203.0.113.9, 1.1.1.1", [], "203.0.113.9"),
        ("unknown", [], "unknown"),
        ("", [], None),
        ("203.0.113.9", ["X-Forwarded-For: 198.51.100.1"], "198.51.100.1"),
        ("203.0.113.9", ["x-forwarded-for: 198.51.100.1, 198.51.100.2"], "198.51.100.1"),
        ("203.0.113.9", ["X-Forwarded-For: 198.51.100.1:8080"], "198.51.100.1"),
        ("203.0.113.9", ["X-Forwarded-For: [2001:DB8::5]:443"], "2001:db8::5"),
        ("203.0.113.9", ['Forwarded: for="[2001:db8::5]:443"'], "2001:db8::5"),
        ("203.0.113.9", ["X-Forwarded-For: unknown", "X-Forwarded-For: 198.51.100.1"], "198.51.100.1"),
        ("203.0.113.9", ["X-Forwarded-For: unknown"], "203.0.113.9"),
        ("203.0.113.9", ["X-Forwarded-For: example.com"], "203.0.113.9"),
        ("203.0.113.9", ["X-Forwarded-For: abc"], "abc"),
        ("203.0.113.9", ["X-Forwarded-For:198.51.100.1"], "203.0.113.9"),
        ("203.0.113.9", ["X-Forwarded-For: "], "203.0.113.9"),
        ("203.0.113.9", ["Forwarded: for=198.51.100.2"], "198.51.100.2"),
        ("203.0.113.9", ["Forwarded: for=198.51.100.2", "X-A: b"], "203.0.113.9"),
        ("203.0.113.9", ["Forwarded: proto=https;for=198.51.100.2"], "203.0.113.9"),
        ("203.0.113.9", ["Forwarded: for=198.51.100.2", "X-Forwarded-For: 198.51.100.1"], "198.51.100.1"),
        ("203.0.113.9", ["X-Forwarded-For: 198.51.100.1", "Forwarded: for=198.51.100.2"], "198.51.100.1"),
    ],
)
def test_the_address_is_the_one_a_proxy_saw(stored, headers, address):
    assert requests.of(payload(ip_address=stored, headers=tuple(headers))).ip_address == address


@pytest.mark.parametrize(
    ("changes", "field", "value"),
    [
        ({"path": None}, "path", None),
        ({"querystring": "a=%zz"}, "querystring", "a=%zz"),
        ({"querystring": "a b"}, "querystring", "a b"),
        ({"network_user_id": "abc"}, "networkUserId", "abc"),
        ({"network_user_id": ""}, "networkUserId", ""),
        ({"encoding": "klingon"}, "encoding", "klingon"),
    ],
)
def test_what_cannot_be_taken_apart_is_named(changes, field, value):
    message = requests.of(payload(**changes))
    assert isinstance(message, InputData)
    assert (message.field, message.value) == (field, value)


def test_query_and_user_id_are_read():
    request = requests.of(payload(querystring="e=pv;aid=a&aid=b#c", network_user_id=UUID.upper()))
    assert isinstance(request, Request)
    assert request.query == [("e", "pv"), ("aid", "a"), ("aid", "b")]
    assert request.parameters == {"e": "pv", "aid": "b"}
    assert request.network_user_id == UUID


def test_the_query_is_read_in_the_charset_of_the_payload():
    assert requests.of(payload(querystring="page=%E9", encoding="iso-8859-1")).parameters == {"page": "é"}
