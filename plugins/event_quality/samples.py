"""A bad row's payload for people to look at: what is empty left out, what tells a person masked, cut to a screen."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import json
import re
from collections.abc import Sequence
from typing import Final

from snowmelt.protocol.json_text import Json

MASK: Final = "•••"
LONGEST: Final = 6_000
"""Characters of a sample; what is longer is cut."""

_DEEPEST = 40
"""Levels of JSON in JSON that are looked into; what lies deeper is masked whole."""

_PERSONAL = frozenset(
    {
        *("user_id", "user_ipaddress", "user_fingerprint", "domain_userid", "domain_sessionid", "network_userid"),
        *("refr_domain_userid", "ip_address", "ipaddress", "networkuserid", "userid", "sessionid", "previoussessionid"),
        *("uid", "duid", "sid", "nuid", "tnuid", "fp", "ip", "cookie", "set-cookie", "authorization", "email", "phone"),
        *("forwarded", "x-forwarded-for", "x-real-ip"),
    }
)
"""Names, in lower case, whose values tell a person: columns of an event, parameters of the protocol, headers."""

_MEMBER = re.compile(
    rf"""(?<![\w-])({"|".join(sorted(_PERSONAL))})(["']?\s*[:=]\s*)("(?:[^"\\]|\\.)*"?|[^&\s,\}}\]]+)""", re.IGNORECASE
)
"""A personal name and its value in a text that is no JSON: a query string, a body that was cut off."""

_HEADER = re.compile(r"([\w-]+):\s")
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+")
_LOGIN = re.compile(r"(?<=://)[^/\s@]+@")
_MACHINE = re.compile(
    r"(?<![\w:.])[0-9a-f]*:[0-9a-f:.]*:[0-9a-f:.]*[0-9a-f:](?!\w)|(?:(?<=//)|(?<![\w./]))(?:\d{1,3}\.){3}\d{1,3}(?!\.?\w)",
    re.IGNORECASE,
)
"""What may be an address. A slash before four numbers makes them the version of a program, two make them a host."""

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")


def sample(payload: str) -> str:
    """The payload laid out for reading. Of one that is no JSON only the length is told: nobody could mask it."""
    value = _parsed(payload)
    if not isinstance(value, dict | list):
        return (
            f"{len(payload):,} characters that are no JSON. They may hold addresses and cookies, so they stay hidden."
        )
    laid_out = json.dumps(_masked(value, 0), indent=2, ensure_ascii=False)
    text = laid_out.encode(errors="replace").decode()  # half a character can stand in JSON, and on no page
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}\n… and {len(text) - LONGEST:,} characters more"


def masked_text(text: str) -> str:
    """The text with the addresses in it masked: those of machines, of people, and what logs in at a URL."""
    return _MACHINE.sub(_mask_machine, _LOGIN.sub(f"{MASK}@", _MAIL.sub(MASK, text)))


def _masked(value: Json, depth: int) -> Json:
    if depth > _DEEPEST:
        return MASK
    match value:
        case dict():
            members = {name: _of_name(name, inner, depth) for name, inner in value.items()}
            return {name: inner for name, inner in members.items() if inner is not None}
        case [{"name": str(), "value": _}, *_]:
            return _masked(_as_object(value), depth)
        case list():
            return [_masked(inner, depth + 1) for inner in value]
        case str():
            return _masked_string(value, depth)
        case _:
            return value


def _of_name(name: str, value: Json, depth: int) -> Json:
    return MASK if name.lower() in _PERSONAL and value is not None else _masked(value, depth + 1)


def _as_object(pairs: Sequence[Json]) -> Json:
    """Parameters as one object, which is how people read them; of a name that comes again, all values."""
    values: dict[str, list[Json]] = {}
    for pair in pairs:
        match pair:
            case {"name": str(name), "value": value}:
                values[name] = [*values[name], value] if name in values else [value]
    return {name: value[0] if len(value) == 1 else value for name, value in values.items()}


def _masked_string(text: str, depth: int) -> Json:
    """A string that holds JSON, as text or in base64, becomes what it holds; a personal header keeps its name."""
    inner = _parsed(text) if text[:1] in ("{", "[") else _parsed(_decoded(text))
    if isinstance(inner, dict | list):
        return _masked(inner, depth + 1)
    header = _HEADER.match(text)
    if header and header[1].lower() in _PERSONAL:
        return f"{header[1]}: {MASK}"
    return masked_text(_MEMBER.sub(rf"\1\2{MASK}", text))


def _mask_machine(found: re.Match[str]) -> str:
    try:
        ipaddress.ip_address(found[0])
    except ValueError:
        return found[0]
    return MASK


def _parsed(text: str) -> Json:
    """The JSON in the text, None where it is none."""
    try:
        parsed: Json = json.loads(text)
        return parsed
    except (ValueError, RecursionError):
        return None


def _decoded(text: str) -> str:
    if not _BASE64.fullmatch(text):
        return ""
    try:
        return base64.urlsafe_b64decode(text.replace("+", "-").replace("/", "_").rstrip("=") + "==").decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
