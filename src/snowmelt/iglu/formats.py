"""The `format` keywords that are asserted, with the rules of the JVM validators that producers test against.

Iglu clients on the JVM assert these eight and let every other format pass. Two of them (`date` and `ipv4`) mean the
same to jsonschema-rs; the others are given to it from here.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from ipaddress import AddressValueError, IPv6Address

_DATE_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)", re.A
)
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")

_URI_CHARACTER = r"A-Za-z0-9._~%!$&'()*+,;=:@/-"
_URI = re.compile(
    rf"[A-Za-z][A-Za-z0-9+.-]*:(?://[{_URI_CHARACTER.replace('/', '')}\[\]]*)?"
    rf"[{_URI_CHARACTER}]*(?:\?[{_URI_CHARACTER}?]*)?(?:\#[{_URI_CHARACTER}?]*)?"
)

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOSTNAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")

_ATOM = r'[^\s\x00-\x1f\x7f()<>@,;:\\".\[\]]+'
_EMAIL = re.compile(
    rf'(?:{_ATOM}(?:\.{_ATOM})*|"(?:[^"\\\r\n]|\\.)+")@'
    rf"(?:(?:{_LABEL}\.)+(?:[A-Za-z]{{2,63}}|xn--[A-Za-z0-9-]{{1,59}})|\[[0-9A-Fa-f:.]+\])"
)


def is_date_time(text: str) -> bool:
    """A date and time with seconds and an offset (RFC 3339); a space may stand for the T, and no leap second passes."""
    match = _DATE_TIME.fullmatch(text)
    if match is None:
        return False
    try:
        date.fromisoformat(match[1])
    except ValueError:
        return False
    return True


def is_uuid(text: str) -> bool:
    """Five groups of hexadecimal digits in either case."""
    return _UUID.fullmatch(text) is not None


def is_uri(text: str) -> bool:
    """A scheme and the characters of RFC 3986 in their places; what follows a percent sign is not looked at."""
    return _URI.fullmatch(text) is not None


def is_hostname(text: str) -> bool:
    """Labels of at most 63 ASCII letters, digits and inner hyphens, joined by dots."""
    return _HOSTNAME.fullmatch(text) is not None


def is_email(text: str) -> bool:
    """One mailbox at a domain of at least two labels, the last of at least two letters."""
    return _EMAIL.fullmatch(text) is not None


def is_ipv6(text: str) -> bool:
    """An IPv6 address without a zone; white space round it does not matter."""
    try:
        return IPv6Address(text.strip(" \t\n\v\f\r")).scope_id is None
    except AddressValueError:
        return False


OWN: Mapping[str, Callable[[str], bool]] = {
    "date-time": is_date_time,
    "email": is_email,
    "hostname": is_hostname,
    "ipv6": is_ipv6,
    "uri": is_uri,
    "uuid": is_uuid,
}
"""The formats that jsonschema-rs has other rules for, or none."""

ASSERTED = frozenset(OWN) | {"date", "ipv4"}
"""Every format that data can fail on."""

_DAY = (
    "(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"  # no leap day
)
_TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"

SURE: Mapping[str, str] = {
    "date-time": f"^[1-9][0-9]{{3}}-{_DAY}[Tt ]{_TIME}$",
    "uuid": "^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$",
}
"""Patterns of texts that surely have a format, though others may have it too: jsonschema-rs needs no call of ours."""
