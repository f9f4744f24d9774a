"""URIs taken apart as the JVM does it, so that pages and referrers land in the same columns as with Snowplow.

`split` follows the grammar of java.net.URI (RFC 2396 with its deviations: visible non-ASCII is legal, a host may be a
registry name that has no host). What that refuses is mended once: percent-decoded and encoded again, part by part, as a
forgiving parser would, and read again. WHATWG parsers and urllib are no substitutes: they accept, drop and rewrite
other things.
"""

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv6Address
from typing import Final
from urllib.parse import quote_from_bytes, unquote_to_bytes

_VISIBLE = "\u00a1-\u167f\u1681-\u1fff\u200b-\u2027\u202a-\u202e\u2030-\u205e\u2060-\u2fff\u3001-\U0010ffff"
"""Everything beyond ASCII that is neither a control character nor a space."""

_UNRESERVED = rf"A-Za-z0-9_\-!.~'()*{_VISIBLE}"


def _text_of(characters: str) -> str:
    """The pattern of any number of these characters and of percent escapes."""
    return rf"[{characters}]*(?:%[0-9A-Fa-f]{{2}}[{characters}]*)*"


_SCHEME = r"[A-Za-z][A-Za-z0-9+\-.]*"
_PATH = _text_of(rf"{_UNRESERVED}:@&=+$,;/")
_ANY = _text_of(rf"{_UNRESERVED}:@&=+$,;/?\[\]")

_HIERARCHICAL = re.compile(
    rf"(?:({_SCHEME}):(?=/)|(?![^/?#]*:))"  # without a scheme no colon may come before the path
    rf"(?://(?!\Z)([^/?#]*)|(?!//))({_PATH})(?:\?({_ANY}))?(?:#({_ANY}))?"
)
_OPAQUE = re.compile(rf"({_SCHEME}):(?=[^/#])({_ANY})(?:#({_ANY}))?")

_QUERY = re.compile(rf"({_ANY})(?:#{_ANY})?")

_LABEL = r"[A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*"
_LAST_LABEL = r"[A-Za-z](?:[A-Za-z0-9]|-+(?=[A-Za-z0-9]))*"
_OCTET = r"(?:0*(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9]))"
_SERVER = re.compile(
    rf"(?:{_text_of(_UNRESERVED + ';:&=+$,')}@)?"
    rf"(\[[^\]]*\]|{_OCTET}(?:\.{_OCTET}){{3}}|(?:(?:{_LABEL}\.)+{_LAST_LABEL}|{_LABEL})\.?)"
    rf"(?::([0-9]*))?"
)
_REGISTRY_NAME = re.compile(_text_of(rf"{_UNRESERVED}$,;:@&=+"))
_SCOPE = re.compile(r"[A-Za-z0-9_.]+")
_LARGEST_PORT: Final = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Uri:
    """A URI and its parts, all still encoded; None where there is none.

    `path`, `query` and `fragment` may be empty. `port` is None when it is not written.
    """

    text: str
    scheme: str | None
    host: str | None
    port: int | None
    path: str | None
    query: str | None
    fragment: str | None

    @property
    def effective_port(self) -> int:
        """The written port, else 443 for "https" in lower case, else 80."""
        if self.port is not None:
            return self.port
        return 443 if self.scheme == "https" else 80


def split(text: str) -> Uri | None:
    """The parts of a URI, spaces encoded and other illegal characters mended; None when it cannot be read."""
    uri = _split_strictly(text.replace(" ", "%20"))
    if uri is not None:
        return uri
    mended = _mended(text)
    return None if mended is None else _split_strictly(mended)


def query(text: str) -> str | None:
    """What a URI whose text after the `?` is this has for a query; None if it would be no URI."""
    match = _QUERY.fullmatch(text)
    return match[1] if match else None


def _split_strictly(text: str) -> Uri | None:
    match = _HIERARCHICAL.fullmatch(text)
    if match is None:
        match = _OPAQUE.fullmatch(text)
        return Uri(text, match[1], None, None, None, None, match[3]) if match else None
    scheme, authority, path, query, fragment = match.groups()
    if not authority:
        return Uri(text, scheme, None, None, path, query, fragment)
    server = _server(authority)
    if server is None and _REGISTRY_NAME.fullmatch(authority) is None:
        return None
    host, port = server or (None, None)
    return Uri(text, scheme, host, port, path, query, fragment)


def _server(authority: str) -> tuple[str, int | None] | None:
    """Host and port of an authority that names a server."""
    match = _SERVER.fullmatch(authority)
    if match is None:
        return None
    host, port = match.groups()
    if host[0] == "[" and not _is_ipv6(host[1:-1]):
        return None
    if not port:
        return host, None
    return (host, int(port)) if len(port) < 20 and int(port) <= _LARGEST_PORT else None


def _is_ipv6(text: str) -> bool:
    address, percent, scope = text.partition("%")
    try:
        IPv6Address(address)
    except AddressValueError:
        return False
    return not percent or _SCOPE.fullmatch(scope) is not None


_ABSOLUTE = re.compile(
    rf"(?P<scheme>{_SCHEME}:)?//"
    r"(?:(?P<user>[^:/?\[\]@ \t\r\n]*)(?::(?P<password>[^/@]*))?@)?"
    r"(?P<host>\[[0-9A-Fa-f:.]*\]|[^:/\\?# \t\r\n]*)(?P<port>:[0-9]{1,10})?"
    r"(?P<path>(?:/[^?#]*)?)(?:\?(?P<query>[^#]*))?(?:#(?P<fragment>.*))?",
    re.DOTALL,
)
_WITHOUT_AUTHORITY = re.compile(
    rf"(?:(?P<scheme>{_SCHEME}:)|(?![^/?#]*:))(?!//)"
    r"(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?(?:#(?P<fragment>.*))?",
    re.DOTALL,
)


def _mended(text: str) -> str | None:
    """The URI with every part but the host decoded and encoded again; None when it has no recognisable parts."""
    match = _ABSOLUTE.fullmatch(text) or _WITHOUT_AUTHORITY.fullmatch(text)
    if match is None:
        return None
    parts = match.groupdict()
    mended = [parts["scheme"] or ""]
    if "host" in parts:
        mended.append("//")
        if parts["user"] is not None:
            password = "" if parts["password"] is None else f":{_encoded_again(parts['password'])}"
            mended.append(f"{_encoded_again(parts['user'])}{password}@")
        mended += (parts["host"], parts["port"] or "")
    mended.append("/".join(map(_encoded_again, parts["path"].split("/"))))
    if parts["query"]:
        pairs = [pair.partition("=") for pair in parts["query"].split("&")]
        if any(equals and not name for name, equals, _ in pairs):
            return None
        mended.append(
            "?" + "&".join(_encoded_again(name) + equals + _encoded_again(value) for name, equals, value in pairs)
        )
    if parts["fragment"] is not None:
        mended.append("#" + _encoded_again(parts["fragment"]))
    return "".join(mended)


def _encoded_again(part: str) -> str:
    """A part percent-decoded as far as it can be, then encoded but for letters, digits and "+-._~"."""
    return quote_from_bytes(unquote_to_bytes(part), safe="+")
