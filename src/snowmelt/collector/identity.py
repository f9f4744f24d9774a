"""Who sent a request: the address, the network user id, and fresh random ids."""

import re
from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from snowmelt.collector import addresses, cookies
from snowmelt.collector.headers import Fields, utf8

ANONYMOUS_ID = b"00000000-0000-0000-0000-000000000000"
_POOL_BYTES = 4096


class Ids:
    """Random ids, from a source of random bytes such as ``os.urandom`` that is asked for many at a time."""

    def __init__(self, entropy: Callable[[int], bytes]) -> None:
        self._entropy = entropy
        self._pool = ""
        self._next = 0

    def key(self) -> str:
        """32 random hexadecimal digits."""
        start = self._next
        if start >= len(self._pool):
            self._pool = self._entropy(_POOL_BYTES).hex()
            start = 0
        self._next = start + 32
        return self._pool[start : start + 32]

    def uuid(self) -> bytes:
        """A random UUID (version 4)."""
        digits = self.key()
        variant = "89ab"[int(digits[16], 16) & 3]
        text = f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"
        return text.encode()


def address(fields: Fields, peer: bytes) -> bytes:
    """The visitor's address: the first of X-Forwarded-For, else X-Real-Ip, else the connection's; or ``unknown``."""
    if fields.anonymous:
        return addresses.UNKNOWN
    for name in (b"x-forwarded-for", b"x-real-ip"):
        if name in fields.values:
            found = addresses.forwarded(fields.values[name])
            if found:
                return found[0]
    return peer


def known_user_id(fields: Fields, query: bytes | None, cookie_name: bytes) -> bytes | None:
    """The network user id the request brings along: the parameter ``nuid``, else the cookie; None if neither."""
    if query and b"nuid=" in query:
        given = parameter(query, b"nuid")
        if given is not None:
            return given
    jar = fields.values.get(b"cookie")
    return cookies.value(jar, cookie_name) if jar else None


def parameters(query: bytes) -> dict[bytes, bytes]:
    """The decoded parameters of a query string, the last of each name."""
    pairs = (pair.partition(b"=") for pair in query.split(b"&") if pair)
    return {_decoded(name): _decoded(value) for name, _, value in pairs}


def parameter(query: bytes, name: bytes) -> bytes | None:
    """The decoded parameter of that name, the last where there are several."""
    return parameters(query).get(name)


def opted_out(fields: Fields, cookie_name: bytes, value: re.Pattern[str]) -> bool:
    """Whether the do-not-track cookie is there and its whole value matches."""
    found = cookies.value(fields.values.get(b"cookie", b""), cookie_name)
    return found is not None and value.fullmatch(found.decode("ascii", "replace")) is not None


def _decoded(text: bytes) -> bytes:
    return utf8(unquote_to_bytes(text.replace(b"+", b" ")))
