"""Request targets: what address a request asks for, and which of them are tracking requests."""

import re
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import unquote_to_bytes

import msgspec

from snowmelt.collector.addresses import spelling
from snowmelt.collector.headers import utf8

_WELL_FORMED = re.compile(rb"(?:[^%#]|%[0-9A-Fa-f]{2})*+")
_ABSOLUTE = re.compile(rb"https?://([^/?#]+)(.*)", re.IGNORECASE)
_HOST = re.compile(rb"(?:\[([0-9a-f:.]+)\]|([a-z0-9_.~%!$&'()*+,;=-]*))(?::\d*)?", re.IGNORECASE)

REDIRECT = b"/r/"
PIXELS = (b"/i", b"/ice.png")


class TargetError(ValueError):
    """A request target or Host header that cannot be used; the message says why, without repeating it."""


class Target(msgspec.Struct, frozen=True, gc=False):
    """Where a request goes. ``path`` is still encoded; ``query`` is None without a question mark."""

    path: bytes
    query: bytes | None
    host: bytes
    """Host name without port, in lower case."""
    authority: bytes
    """Host as the client spelled it, with port."""


def read(target: bytes, host: bytes | None, *, several_hosts: bool = False) -> Target:
    """The parts of a request target, together with the Host header. Raises TargetError where a part is malformed."""
    if host is None or several_hosts:
        raise TargetError("the request has no Host header" if host is None else "the request has several Host headers")
    name = _host_name(host)
    if name is None:
        raise TargetError("the Host header is malformed")
    if (b"%" in target or b"#" in target) and not _WELL_FORMED.fullmatch(target):
        raise TargetError("the request target holds a # or a % without two hexadecimal digits")
    if not target.startswith(b"/"):
        absolute = _ABSOLUTE.fullmatch(target)
        if absolute and absolute[1].lower() != host.lower():
            raise TargetError("the request target names another host than the Host header")
        target = absolute[2] or b"/" if absolute else target
    path, mark, query = target.partition(b"?")
    return Target(path, query if mark else None, name, host)


class TrackingPaths:
    """Which paths are tracking requests, and under which path they are stored."""

    def __init__(self, mapped: Mapping[str, str]) -> None:
        self._mapped = {path.encode(): stored.encode() for path, stored in mapped.items()}
        self.stored = lru_cache(maxsize=1024)(self._stored)
        """The path a payload gets: two segments, decoded and mapped; None for a path that is no tracking request."""

    def _stored(self, path: bytes) -> bytes | None:
        if path in PIXELS:
            return path
        segments = path.split(b"/")
        if len(segments) != 3 or not all(segments[1:]):
            return None
        decoded = utf8(unquote_to_bytes(path))
        return self._mapped.get(decoded, decoded)


@lru_cache(maxsize=1024)
def _host_name(value: bytes) -> bytes | None:
    match = _HOST.fullmatch(value.strip())
    if not match:
        return None
    if match[1]:
        return match[1] if spelling(match[1]) else None
    return match[2].lower()
