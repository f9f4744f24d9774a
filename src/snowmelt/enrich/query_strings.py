"""Name-value pairs of a query string, read as the JVM applications read them."""

import re
from urllib.parse import unquote_to_bytes

_SEPARATOR = re.compile("[&;]")
_NON_ASCII = re.compile("([^\x00-\x7f]+)")
_SURROGATE = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
_MANDATORY_CHARSETS = {
    "utf-8": "utf-8",
    "us-ascii": "ascii",
    "iso-8859-1": "latin-1",
    "utf-16": "utf-16",
    "utf-16be": "utf-16-be",
    "utf-16le": "utf-16-le",
}


def codec(charset: str) -> str | None:
    """The Python codec of a charset that every JVM knows; None for another."""
    return _MANDATORY_CHARSETS.get(charset.lower())


def pairs(query: str, encoding: str = "utf-8") -> list[tuple[str, str | None]]:
    """The pairs of a query, `&` or `;` between them, decoded; a name without `=` has None. Unnamed ones are left out.

    `encoding` is a Python codec. Bytes it does not know become U+FFFD. Characters outside ASCII stand for themselves.
    """
    found = []
    for pair in _SEPARATOR.split(query) if ";" in query else query.split("&"):
        name, equals, value = pair.partition("=")
        if name:
            found.append((decoded(name, encoding), decoded(value, encoding) if equals else None))
    return found


def decoded(text: str, encoding: str = "utf-8") -> str:
    """A text of form encoding decoded: `+` is a space, an incomplete escape stands for itself."""
    if "+" in text:
        text = text.replace("+", " ")
    if "%" not in text:
        return text
    if text.isascii():
        return _unescaped(text, encoding)
    parts = enumerate(_NON_ASCII.split(text))
    return "".join(part if index % 2 else _unescaped(part, encoding) for index, part in parts)


def text_of_utf8(data: bytes) -> str:
    """Bytes read as the JVM reads UTF-8: what is none becomes U+FFFD, an encoded surrogate a single one."""
    if b"\xed" in data:
        data = _SURROGATE.sub(b"\xef\xbf\xbd", data)
    return data.decode("utf-8", "replace")


def _unescaped(text: str, encoding: str) -> str:
    data = unquote_to_bytes(text)
    return text_of_utf8(data) if encoding == "utf-8" else data.decode(encoding, "replace")
