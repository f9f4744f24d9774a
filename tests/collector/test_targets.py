import pytest
from hypothesis import given
from hypothesis import strategies as st

from snowmelt.collector.targets import TargetError, TrackingPaths, read


@pytest.mark.parametrize(
    ("target", "host", "path", "query", "name"),
    [
        (b"/i?e=pv", b"Acme.com:80", b"/i", b"e=pv", b"acme.com"),
        (b"/i?", b"acme.com", b"/i", b"", b"acme.com"),
        (b"/i", b"[::1]:80", b"/i", None, b"::1"),
        (b"/i?a=?b", b"my_host", b"/i", b"a=?b", b"my_host"),
        (b"http://acme.com/i?e", b"acme.com", b"/i", b"e", b"acme.com"),
        (b"http://acme.com", b"ACME.com", b"/", None, b"acme.com"),
        (b"*", b"acme.com", b"*", None, b"acme.com"),
    ],
)
def test_read(target: bytes, host: bytes, path: bytes, query: bytes | None, name: bytes) -> None:
    found = read(target, host)
    assert (found.path, found.query, found.host, found.authority) == (path, query, name, host)


@pytest.mark.parametrize(
    ("target", "host"),
    [
        (b"/i?a=%zz", b"acme.com"),
        (b"/i?a=%", b"acme.com"),
        (b"/i?a=%u00e9", b"acme.com"),
        (b"/i#a", b"acme.com"),
        (b"/i", None),
        (b"/i", b"a b"),
        (b"/i", b"[zz]"),
        (b"/i", b"[203.0.113.5"),
        (b"http://other.com:99/i", b"acme.com"),
    ],
)
def test_refused(target: bytes, host: bytes | None) -> None:
    with pytest.raises(TargetError):
        read(target, host)


def test_two_hosts_are_refused() -> None:
    with pytest.raises(TargetError):
        read(b"/i", b"acme.com", several_hosts=True)


@pytest.mark.parametrize(
    ("path", "stored"),
    [
        (b"/i", b"/i"),
        (b"/ice.png", b"/ice.png"),
        (b"/com.acme/v1", b"/com.acme/v1"),
        (b"/com.acme%2Fx/v1", b"/com.acme/x/v1"),
        (b"/com.acme/%C3%A9", "/com.acme/é".encode()),
        (b"/com.acme/%ff", b"/com.acme/\xef\xbf\xbd"),
        (b"/acme/track", b"/com.snowplowanalytics.snowplow/tp2"),
        (b"/abc", None),
        (b"//i", None),
        (b"/a/", None),
        (b"/a/b/c", None),
        (b"/I", None),
        (b"/", None),
        (b"*", None),
    ],
)
def test_tracking_path(path: bytes, stored: bytes | None) -> None:
    assert TrackingPaths({"/acme/track": "/com.snowplowanalytics.snowplow/tp2"}).stored(path) == stored


@given(st.binary(max_size=30), st.binary(max_size=20))
def test_anything_is_read_or_refused(target: bytes, host: bytes) -> None:
    try:
        found = read(target, host)
    except TargetError as error:
        assert str(error).isascii()
    else:
        assert found.host == found.host.lower()
