"""Cookie headers: what of them is valid by RFC 6265, and single values."""

import re

_TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]++"
_VALUE = rb"[!#-+\--:<-\[\]-~]*+"
_CLEAN = re.compile(rb"%b=%b(?:; %b=%b)*+" % (_TOKEN, _VALUE, _TOKEN, _VALUE))
_PAIR = re.compile(rb"(%b)[ \t]*=[ \t]*(?:\"(%b)\"|(%b))" % (_TOKEN, _VALUE, _VALUE))
_ONE_VALUE = re.compile(_VALUE)


def clean(header: bytes) -> bytes:
    """The valid pairs of a Cookie header as ``a=b; c=d``, without quotes; empty where none is valid."""
    if _CLEAN.fullmatch(header):
        return header
    pairs = (_PAIR.fullmatch(pair.strip()) for pair in header.split(b";"))
    return b"; ".join(b"%b=%b" % (pair[1], pair[2] or pair[3] or b"") for pair in pairs if pair)


def value(jar: bytes, name: bytes) -> bytes | None:
    """The first value of that name among cleaned pairs."""
    jar = b"; " + jar
    start = jar.find(b"; %b=" % name)
    if start < 0:
        return None
    start += len(name) + 3
    end = jar.find(b";", start)
    return jar[start:end] if end >= 0 else jar[start:]


def is_value(text: bytes) -> bool:
    """Whether the text may stand as a cookie's value."""
    return _ONE_VALUE.fullmatch(text) is not None
