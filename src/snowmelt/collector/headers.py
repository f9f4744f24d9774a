"""Request headers: the lines that go into the collector payload, and the few values that decide something."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from typing import NamedTuple

import msgspec

from snowmelt.collector import addresses, cookies

# Header names that are stored in this spelling however they came: proxies send them in lower case, and Enrich looks
# for some of them ("Cookie") letter by letter.
_SPELLINGS = """
    Accept Accept-Charset Accept-Encoding Accept-Language Access-Control-Request-Headers Access-Control-Request-Method
    Authorization Cache-Control Connection Content-Encoding Cookie Expect Host If-Match If-Modified-Since
    If-None-Match If-Range If-Unmodified-Since Last-Event-ID Origin Proxy-Authorization Range Referer TE Upgrade
    User-Agent X-Forwarded-For X-Forwarded-Host X-Forwarded-Proto X-Real-Ip
"""
_CANONICAL = {spelling.lower().encode(): spelling.encode() for spelling in _SPELLINGS.split()}

# Lists, stored with one space behind each comma.
_LISTS = {b"accept", b"accept-encoding", b"accept-language", b"cache-control"}

# Headers that decide something, or that are framing and not stored.
_TELLING = {b"content-length", b"content-type", b"cookie", b"host", b"origin", b"referer", b"sp-anonymous"}
_TELLING |= {b"transfer-encoding", b"user-agent", b"x-forwarded-for", b"x-real-ip"}

# Where proxies and content delivery networks put the visitor's address, and where cookies travel: by the last word of
# the name, so that a header nobody has heard of yet is left out as well.
_PERSONAL = re.compile(
    rb"cookie2?|(?:.*-)?(?:ip|ipv4|ipv6|addr|address|ipaddress|clientip|socketip)"
    rb"|(?:.*-)?forwarded|(?:.*-)?(?:forwarded|proxied)-for(?:-.*)?"
)

_ORIGIN = re.compile(rb"null|[a-z][a-z0-9+.-]*://[^\s/?#@]+(?: [a-z][a-z0-9+.-]*://[^\s/?#@]+)*", re.IGNORECASE)


class Fields(msgspec.Struct, frozen=True, gc=False):
    """The headers of one request, read."""

    lines: list[bytes]
    """``Name: value`` as the payload stores them, valid UTF-8."""
    values: dict[bytes, bytes]
    """The values that decide something, by lower-case name, the first of each; cookies are the valid pairs of all."""
    repeated: frozenset[bytes] = frozenset()
    """Names among these that came more than once."""

    @property
    def anonymous(self) -> bool:
        """Whether the tracker asked that neither addresses nor cookies are kept."""
        return b"sp-anonymous" in self.values


class _Name(NamedTuple):
    """What a header's name means here."""

    plain: bytes | None
    """``Name: `` of a header that is stored as it is and decides nothing: nearly all of them."""
    key: bytes
    """The lower-case name of a header that decides something, else empty."""
    render: Callable[[bytes], bytes] | None
    """Makes the line of a header that is not plain; None where none is stored."""


def read(headers: Iterable[tuple[bytes, bytes]]) -> Fields:
    """The fields of a request. One with SP-Anonymous is read as if its personal headers had never come."""
    fields = _scan(headers)
    if fields.anonymous:
        fields = _scan((name, value) for name, value in headers if not is_personal(name))
    if not b"".join(fields.lines).isascii():
        values = {name: utf8(value) for name, value in fields.values.items()}
        fields = Fields([utf8(line) for line in fields.lines], values, fields.repeated)
    return fields


def _scan(headers: Iterable[tuple[bytes, bytes]]) -> Fields:
    lines: list[bytes] = []
    values: dict[bytes, bytes] = {}
    repeated: frozenset[bytes] = frozenset()
    for name, value in headers:
        plain, key, render = _recognise(name)
        if plain is not None:
            lines.append(plain + value)
            continue
        if render is not None:
            lines.append(render(value))
        if key == b"cookie":
            jar = cookies.clean(value)
            lines.append(b"Cookie: " + jar if jar else b"cookie: " + value)
            values[key] = b"; ".join(filter(None, (values[key], jar))) if key in values else jar
        elif key in values:
            repeated |= {key}
        elif key:
            values[key] = value
    return Fields(lines, values, repeated)


def utf8(raw: bytes) -> bytes:
    """The bytes as valid UTF-8, with U+FFFD for what is none."""
    return raw if raw.isascii() else raw.decode("utf-8", "replace").encode()


@lru_cache(maxsize=512)
def is_personal(name: bytes) -> bool:
    """Whether a header of this name tells who or where the visitor is."""
    return _PERSONAL.fullmatch(name.lower()) is not None


def is_origin(value: bytes) -> bool:
    """Whether the value of an Origin header may be sent back as Access-Control-Allow-Origin."""
    return _ORIGIN.fullmatch(value) is not None


@lru_cache(maxsize=512)
def _recognise(name: bytes) -> _Name:
    lower = name.lower()
    prefix = _CANONICAL.get(lower, name) + b": "
    if lower in _LISTS:
        return _Name(None, b"", lru_cache(maxsize=256)(partial(_list_line, prefix)))
    if lower in _TELLING:
        return _Name(None, lower, _RENDERERS.get(lower, prefix.__add__))
    return _Name(prefix, b"", None)


def _list_line(prefix: bytes, value: bytes) -> bytes:
    return prefix + re.sub(rb"[ \t]*,[ \t]*", b", ", value)


@lru_cache(maxsize=256)
def _host_line(value: bytes) -> bytes:
    return b"Host: " + value.lower()


@lru_cache(maxsize=256)
def _origin_line(value: bytes) -> bytes:
    return (b"Origin: " if is_origin(value) else b"origin: ") + value


def _address_line(name: bytes, value: bytes) -> bytes:
    """Addresses spelled out, or the raw value under a lower-case name where they cannot be read."""
    parts = addresses.forwarded(value)
    return name + b": " + b", ".join(parts) if parts else name.lower() + b": " + value.lstrip()


_RENDERERS: dict[bytes, Callable[[bytes], bytes] | None] = {
    b"content-length": None,
    b"content-type": None,
    b"cookie": None,
    b"host": _host_line,
    b"origin": _origin_line,
    b"transfer-encoding": None,
    b"x-forwarded-for": partial(_address_line, b"X-Forwarded-For"),
    b"x-real-ip": partial(_address_line, b"X-Real-Ip"),
}
