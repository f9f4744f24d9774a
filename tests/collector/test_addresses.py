import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snowmelt.collector.addresses import forwarded, spelling


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"203.0.113.5", b"203.0.113.5"),
        (b"2001:db8::1", b"2001:db8:0:0:0:0:0:1"),
        (b"2001:DB8:0001::", b"2001:db8:1:0:0:0:0:0"),
        (b"::1", b"0:0:0:0:0:0:0:1"),
        (b"::ffff:203.0.113.5", b"203.0.113.5"),
        (b"fe80::1%eth0", None),
        (b"256.1.1.1", None),
        (b"203.0.113.5:4711", None),
        (b"[2001:db8::1]", None),
        (b"", None),
        (b"\xff", None),
    ],
)
def test_spelling(text: bytes, expected: bytes | None) -> None:
    assert spelling(text) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"203.0.113.5, 198.51.100.7", (b"203.0.113.5", b"198.51.100.7")),
        (b" 203.0.113.5,198.51.100.7 ", (b"203.0.113.5", b"198.51.100.7")),
        (b"unknown, 203.0.113.5", (b"unknown", b"203.0.113.5")),
        (b"203.0.113.5 ,198.51.100.7", None),
        (b"203.0.113.5:4711", None),
        (b"[2001:db8::1]:4711", None),
        (b"203.0.113.5,", None),
        (b"", None),
    ],
)
def test_forwarded(value: bytes, expected: tuple[bytes, ...] | None) -> None:
    assert forwarded(value) == expected


@given(st.ip_addresses(v=6))
def test_a_spelled_address_is_the_same_address(address: ipaddress.IPv6Address) -> None:
    spelled = spelling(str(address).encode())
    assert spelled
    assert ipaddress.ip_address(spelled.decode()) == (address.ipv4_mapped or address)


@given(st.binary(max_size=40))
def test_anything_is_spelled_or_refused(text: bytes) -> None:
    assert spelling(text) is None or forwarded(text)
