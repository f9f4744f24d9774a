import pytest
from hypothesis import given
from hypothesis import strategies as st

from snowmelt.collector import headers

ADDRESS_HEADERS = [
    "X-Forwarded-For",
    "x-forwarded-for",
    "X-Real-IP",
    "Cookie",
    "Cookie2",
    "Forwarded",
    "True-Client-IP",
    "CF-Connecting-IP",
    "X-Client-IP",
    "CF-Connecting-IPv6",
    "CF-Pseudo-IPv4",
    "Fastly-Client-IP",
    "X-Cluster-Client-IP",
    "X-Original-Forwarded-For",
    "Client-IP",
    "X-Azure-ClientIP",
    "X-Azure-SocketIP",
    "X-Envoy-External-Address",
    "X-Appengine-User-IP",
    "Fly-Client-IP",
    "X-Remote-IP",
    "X-Remote-Addr",
    "Remote-Addr",
    "Remote-Address",
    "X-Originating-IP",
    "WL-Proxy-Client-IP",
    "Proxy-Client-IP",
    "DO-Connecting-IP",
    "X-ProxyUser-Ip",
    "CloudFront-Viewer-Address",
    "X-Vercel-Forwarded-For",
    "X-Vercel-Proxied-For",
    "X-Forwarded",
    "Forwarded-For",
    "X-Amz-Cf-Client-Ip",
    "X-Host-IP",
    "X-IP",
    "ClientIP",
    "X-User-IP",
]
OTHER_HEADERS = [
    "Host",
    "User-Agent",
    "Referer",
    "Origin",
    "Accept",
    "Accept-Language",
    "SP-Anonymous",
    "X-Forwarded-Proto",
    "X-Forwarded-Port",
    "X-Forwarded-Host",
    "Zip",
    "X-Ship",
    "X-Recipient",
    "Content-Encoding",
    "Authorization",
]


@pytest.mark.parametrize("name", ADDRESS_HEADERS)
def test_personal(name: str) -> None:
    assert headers.is_personal(name.encode())
    assert headers.is_personal(name.lower().encode())


@pytest.mark.parametrize("name", OTHER_HEADERS)
def test_not_personal(name: str) -> None:
    assert not headers.is_personal(name.encode())


@pytest.mark.parametrize("mark", [b"*", b""])
@pytest.mark.parametrize("first", [True, False])
def test_an_anonymous_request_keeps_neither_addresses_nor_cookies(mark: bytes, first: bool) -> None:
    personal = [(name.encode(), b"203.0.113.5") for name in ADDRESS_HEADERS]
    anonymous = (b"sp-anonymous", mark)
    given_headers = [anonymous, *personal] if first else [*personal, anonymous]
    fields = headers.read([(b"Host", b"a.b"), *given_headers])
    assert fields.anonymous
    assert fields.lines == [b"Host: a.b", b"sp-anonymous: " + mark]
    assert set(fields.values) == {b"host", b"sp-anonymous"}


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        (b"cookie", b"a=b;c=d", b"Cookie: a=b; c=d"),
        (b"Cookie", b"no pair", b"cookie: no pair"),
        (b"ACCEPT-LANGUAGE", b"en-GB,en;q=0.9", b"Accept-Language: en-GB, en;q=0.9"),
        (b"X-Real-IP", b"2001:db8::1", b"X-Real-Ip: 2001:db8:0:0:0:0:0:1"),
        (b"X-Real-IP", b"203.0.113.6:99", b"x-real-ip: 203.0.113.6:99"),
        (b"Host", b"Collector.ACME.com:80", b"Host: collector.acme.com:80"),
        (b"Origin", b"https://acme.com", b"Origin: https://acme.com"),
        (b"Origin", b"https://acme.com/", b"origin: https://acme.com/"),
        (b"X-Own", b"a,b", b"X-Own: a,b"),
        (b"User-Agent", b"caf\xe9", b"User-Agent: caf\xef\xbf\xbd"),
        (b"User-Agent", "Grüße".encode(), "User-Agent: Grüße".encode()),
    ],
)
def test_line(name: bytes, value: bytes, line: bytes) -> None:
    assert headers.read([(name, value)]).lines == [line]


@pytest.mark.parametrize("name", [b"Content-Type", b"content-length", b"Transfer-Encoding"])
def test_framing_is_not_stored(name: bytes) -> None:
    assert headers.read([(name, b"1")]).lines == []


def test_values_of_one_name() -> None:
    fields = headers.read(
        [(b"Host", b"a"), (b"host", b"b"), (b"Cookie", b"a=1"), (b"Cookie", b"?"), (b"Cookie", b"b=2")]
    )
    assert fields.values[b"host"] == b"a"
    assert fields.repeated == {b"host"}
    assert fields.values[b"cookie"] == b"a=1; b=2"


@given(st.lists(st.tuples(st.sampled_from([b"Cookie", b"origin", b"X-A", b"User-Agent"]), st.binary(max_size=20))))
def test_lines_and_values_are_utf8(given_headers: list[tuple[bytes, bytes]]) -> None:
    fields = headers.read(given_headers)
    for text in [*fields.lines, *fields.values.values()]:
        text.decode()
