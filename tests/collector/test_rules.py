"""Who is stored and what is answered, where the recorded requests say nothing."""

from typing import Any

import msgspec
import pytest

from snowmelt.collector.identity import Ids
from snowmelt.collector.messages import Request
from snowmelt.collector.pages import Pages
from snowmelt.collector.replies import host_of
from snowmelt.collector.rules import Decision, Rules
from snowmelt.collector.settings import CollectorSettings
from snowmelt.protocol.bad_rows import Processor
from snowmelt.protocol.collector_payload import CollectorPayload, decode

NOW = 1_795_445_500_123
FIRST_ID = b"00010203-0405-4607-8809-0a0b0c0d0e0f"
TRACKER = b"/com.snowplowanalytics.snowplow/tp2"


def decide(
    target: bytes,
    *headers: tuple[bytes, bytes],
    method: bytes = b"GET",
    body: bytes = b"",
    well: bool = True,
    **settings: Any,
) -> Decision:
    kind = msgspec.convert(settings, CollectorSettings)
    ids = Ids(lambda size: bytes(range(256)) * (size // 256))
    rules = Rules(kind, Pages(kind, lambda: well, lambda: well), Processor("snowmelt-collector", "0.1.0"), "log", ids)
    return rules.decide(Request(method, target, [(b"Host", b"acme.com"), *headers], body, b"192.0.2.1"), NOW)


def header(decision: Decision, name: str) -> str | None:
    lines = dict(line.split(": ", 1) for line in decision.response.head.decode().split("\r\n")[1:-1])
    return lines.get(name)


def payload(decision: Decision) -> CollectorPayload:
    (record,) = decision.good
    return decode(record.data)


def test_a_new_visitor() -> None:
    decision = decide(b"/i?e=pv")
    assert payload(decision).network_user_id == FIRST_ID.decode()
    assert payload(decision).timestamp == NOW
    assert payload(decision).collector == "snowmelt-collector-0.1.0-log"
    assert header(decision, "Set-Cookie") == (
        f"sp={FIRST_ID.decode()}; Expires=Tue, 23 Nov 2027 14:51:40 GMT; Path=/; Secure; HttpOnly; SameSite=None"
    )


def test_ids_are_random_uuids() -> None:
    ids = Ids(lambda size: bytes([255]) * size)
    assert ids.uuid() == b"ffffffff-ffff-4fff-bfff-ffffffffffff"
    many = Ids(lambda size: bytes(range(256)) * (size // 256))
    assert len({many.key() for _ in range(16)}) == 16
    assert many.key() == FIRST_ID.decode().replace("-4", "-0").replace("-8809", "-0809").replace("-", "")


def test_a_copy_of_the_cookie_for_scripts() -> None:
    decision = decide(b"/i", cookie={"clientCookieName": "spjs", "sameSite": "Lax", "secure": False})
    assert decision.response.head.count(b"Set-Cookie: ") == 2
    assert b"Set-Cookie: spjs=%b; " % FIRST_ID in decision.response.head
    assert (
        header(decision, "Set-Cookie")
        == f"spjs={FIRST_ID.decode()}; Expires=Tue, 23 Nov 2027 14:51:40 GMT; Path=/; SameSite=Lax"
    )


def test_anonymous_has_no_id_even_if_it_sends_one() -> None:
    decision = decide(b"/i?nuid=1", (b"Cookie", b"sp=2"), (b"SP-Anonymous", b"*"), (b"X-Real-IP", b"192.0.2.9"))
    assert payload(decision).network_user_id == "00000000-0000-0000-0000-000000000000"
    assert payload(decision).ip_address == "unknown"
    assert header(decision, "Set-Cookie") is None
    assert b"192.0.2" not in decision.good[0].data


@pytest.mark.parametrize(
    ("query", "cookie", "expected"),
    [
        (b"?nuid=1&nuid=2", b"sp=3", "2"),
        (b"?xnuid=1", b"sp=3", "3"),
        (b"?nuid=a+b%3B", b"", "a b;"),
        (b"?nuid=", b"sp=3", ""),
        (b"", b"sp=", ""),
        (b"", b"sp=?; a=b", "?"),
        (b"", b"nonsense", FIRST_ID.decode()),
    ],
)
def test_user_id(query: bytes, cookie: bytes, expected: str) -> None:
    assert payload(decide(b"/i" + query, (b"Cookie", cookie))).network_user_id == expected


def test_a_user_id_cannot_break_the_response() -> None:
    decision = decide(b"/i?nuid=a%0d%0aSet-Cookie:%20b=c")
    assert decision.response.status == 200
    assert b"Set-Cookie" not in decision.response.head


@pytest.mark.parametrize("status", ["opted out", "not"])
def test_do_not_track(status: str) -> None:
    settings = {"enabled": True, "name": "dnt", "value": "opted.*"}
    decision = decide(
        TRACKER, (b"Cookie", b"dnt=" + status.split()[0].encode()), method=b"POST", doNotTrackCookie=settings
    )
    assert decision.response.status == 200
    assert len(decision.good) == (status == "not")
    assert (header(decision, "Set-Cookie") is None) == (status != "not")


def test_the_second_bounce_is_stored() -> None:
    settings = {"enabled": True}
    first = decide(b"/i?e=pv", cookieBounce=settings)
    assert (first.response.status, first.good) == (302, ())
    assert header(first, "Location") == "http://acme.com/i?e=pv&n3pc=true"
    second = decide(b"/i?e=pv&n3pc=true", cookieBounce=settings)
    assert payload(second).network_user_id == "00000000-0000-4000-A000-000000000000"
    assert header(decide(b"/i", cookieBounce=settings), "Location") == "http://acme.com/i?n3pc=true"
    assert len(decide(b"/i", (b"SP-Anonymous", b"*"), cookieBounce=settings).good) == 1
    assert len(decide(b"/i", (b"Cookie", b"sp=1"), cookieBounce=settings).good) == 1


def test_redirect_macro() -> None:
    decision = decide(
        b"/r/tp2?u=https%3A%2F%2Facme.com%2F%3Fid%3D%24%7BSP_NUID%7D",
        enableDefaultRedirect=True,
        redirectMacro={"enabled": True},
    )
    assert header(decision, "Location") == f"https://acme.com/?id={FIRST_ID.decode()}"


@pytest.mark.parametrize(
    ("url", "host"),
    [
        (b"https://acme.com/", b"acme.com"),
        (b"HTTPS://ACME.com:444?x", b"acme.com"),
        (b"https://user@acme.com", b"acme.com"),
        (b"https://acme.com@evil.com/", b"evil.com"),
        (b"https://evil.com\\@acme.com/", None),
        (b"https://evil.com\t@acme.com/", None),
        (b"https://evil.com#@acme.com/", b"evil.com"),
        (b" https://acme.com/", None),
        (b"//acme.com/", None),
        (b"https:acme.com", None),
        (b"https:///acme.com", None),
        (b"javascript:alert(1)", None),
        (b"https://[::1/", None),
        (b"/abc", None),
    ],
)
def test_host_of(url: bytes, host: bytes | None) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("method", "target", "kept"),
    [
        (b"GET", b"/i?e=pv&page=%zz", True),
        (b"POST", TRACKER + b"?a=%", True),
        (b"GET", b"/nothing?a=%zz", False),
        (b"GET", b"/i#a", False),
    ],
)
def test_a_malformed_request_that_carries_events_is_kept_as_a_bad_row(method: bytes, target: bytes, kept: bool) -> None:
    body = b'{"x":"\xff"}' if method == b"POST" else b""
    decision = decide(target, (b"Cookie", b"sp=secret"), method=method, body=body)
    assert (decision.response.status, decision.good) == (400, ())
    rows = [msgspec.json.decode(record.data) for record in decision.bad]
    assert len(rows) == kept
    for row in rows:
        assert row["schema"] == "iglu:com.snowplowanalytics.snowplow.badrows/generic_error/jsonschema/1-0-0"
        assert row["data"]["payload"].startswith(f"{method.decode()} {target.decode()}")
        assert "secret" not in row["data"]["payload"]
        assert row["data"]["processor"] == {"artifact": "snowmelt-collector", "version": "0.1.0"}
        assert row["data"]["failure"]["timestamp"] == "2026-11-23T14:51:40.123Z"


def test_an_oversized_pixel_is_a_bad_row() -> None:
    decision = decide(b"/i?page=" + b"x" * 1000, streams={"maxBytes": 700})
    (row,) = [msgspec.json.decode(record.data) for record in decision.bad]
    assert (decision.response.status, decision.good) == (200, ())
    assert row["data"]["failure"]["expectation"] == "oversized collector payload: GET requests cannot be split"
    assert row["data"]["failure"]["maximumAllowedSizeBytes"] == 700
    assert row["data"]["failure"]["actualSizeBytes"] > 1000
    assert len(row["data"]["payload"]) == 70


@pytest.mark.parametrize(
    ("by_address", "peer", "key"),
    [
        (True, (b"X-Forwarded-For", b"203.0.113.5"), "203.0.113.5"),
        (True, (b"SP-Anonymous", b"*"), None),
        (False, (b"A", b"b"), None),
    ],
)
def test_partition_key(by_address: bool, peer: tuple[bytes, bytes], key: str | None) -> None:
    (record,) = decide(b"/i", peer, streams={"useIpAddressAsPartitionKey": by_address}).good
    assert record.partition_key == key or (key is None and len(record.partition_key) == 32)


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        (b"GET", b"/", 404),
        (b"HEAD", b"/health", 404),
        (b"POST", b"/i", 404),
        (b"PUT", TRACKER, 404),
        (b"GET", b"/robotsXtxt", 404),
        (b"LINK", TRACKER, 501),
        (b"OPTIONS", b"*", 200),
        (b"GET", b"/sink-health", 200),
    ],
)
def test_status(method: bytes, target: bytes, status: int) -> None:
    decision = decide(target, method=method)
    assert (decision.response.status, decision.good) == (status, ())


@pytest.mark.parametrize("page", [b"/health", b"/sink-health"])
def test_unwell(page: bytes) -> None:
    assert decide(page, well=False).response.status == 503


def test_root_page() -> None:
    settings = {"enabled": True, "statusCode": 302, "headers": {"Location": "https://acme.com/"}, "body": "moved"}
    decision = decide(b"/", rootResponse=settings)
    assert (decision.response.status, decision.response.body) == (302, b"moved")
    assert header(decision, "Location") == "https://acme.com/"
    assert decide(b"/", method=b"POST", rootResponse=settings).response.status == 404


def test_addresses_in_order() -> None:
    real, forwarded = (b"X-Real-IP", b"203.0.113.6"), (b"X-Forwarded-For", b"203.0.113.5, 198.51.100.7")
    assert payload(decide(b"/i", real, forwarded)).ip_address == "203.0.113.5"
    assert payload(decide(b"/i", real, (b"X-Forwarded-For", b"nonsense"))).ip_address == "203.0.113.6"
    assert payload(decide(b"/i", (b"X-Forwarded-For", b"nonsense"))).ip_address == "192.0.2.1"
