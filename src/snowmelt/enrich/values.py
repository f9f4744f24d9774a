"""The texts of tracker parameters read by kind: a column's text, None for null, or why it is refused.

The readings are those of the JVM line (Integer.parseInt, BigDecimal, UUID.fromString), which differ from Python's: no
spaces, no underscores, a plus sign and any script's decimal digits welcome.
"""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from snowmelt.protocol import timestamps
from snowmelt.protocol.enriched import clean
from snowmelt.protocol.memory import remembering
from snowmelt.protocol.tracker import EVENTS, PLATFORMS

_MOST: Final = 1_000  # digits of a whole number
_INTEGER = re.compile(rf"[+-]?\d{{1,{_MOST}}}")
_DECIMAL = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,10})?")
_FLOATING = re.compile("[eE]")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_UUID_PARTS = re.compile("-".join([r"\+?([0-9a-fA-F]{1,32})"] * 5))
_IP_DELIMITER = re.compile("[,| ]")

_LARGEST_INT: Final = 2**31 - 1
_LARGEST_LONG: Final = 2**63 - 1
_WIDEST_DECIMAL: Final = 1_000  # digits that an exponent may add: 1e1000000 would become a megabyte of zeros


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a text is no value of its kind."""

    expectation: str


def event(text: str) -> str | Refused:
    """The name of an event code: "pv" is "page_view"."""
    return EVENTS.get(text) or Refused("not recognized as an event type")


def platform(text: str) -> str | Refused:
    """A tracking platform, such as "web"."""
    return text if text in PLATFORMS else Refused("not recognized as a tracking platform")


def ip_address(text: str) -> str | None:
    """The first address of a list; whether it is one is not checked."""
    delimited = "," in text or "|" in text or " " in text
    return clean(_IP_DELIMITER.split(text, maxsplit=1)[0] if delimited else text)


def uuid(text: str) -> str | Refused:
    """A UUID in lower case, all 36 characters."""
    lower = text.lower()
    return lower if _UUID.fullmatch(lower) else Refused("not a valid UUID")


def lenient_uuid(text: str) -> str | None:
    """The UUID of five hexadecimal numbers of any width, so that "1-1-1-1-1" is one; None when it is none."""
    lower = text.lower()
    if _UUID.fullmatch(lower):
        return lower
    match = _UUID_PARTS.fullmatch(text) if len(text) <= 36 else None
    if match is None:
        return None
    parts = [int(part, 16) for part in match.groups()]
    if max(parts) > _LARGEST_LONG:
        return None
    widths = (8, 4, 4, 4, 12)
    return "-".join(f"{part & (16**width - 1):0{width}x}" for part, width in zip(parts, widths, strict=True))


def timestamp(text: str) -> str | Refused:
    """A moment in milliseconds since 1970 as "yyyy-MM-dd HH:mm:ss.SSS"."""
    milliseconds = _whole_number(text, _LARGEST_LONG)
    if milliseconds is None:
        return Refused("not in the expected format: ms since epoch")
    return timestamps.from_epoch_ms(milliseconds) or Refused("outside of the years 0 to 9999")


def integer(text: str) -> str | Refused | None:
    """A signed number of 32 bits; the word null is none."""
    number = _whole_number(text, _LARGEST_INT)
    if number is not None:
        return str(number)
    return None if text.lower() == "null" else Refused("cannot be converted to an integer of 32 bits")


def decimal(text: str) -> str | Refused | None:
    """A decimal number without an exponent, but for those below a millionth; the word null is none."""
    if not _DECIMAL.fullmatch(text):
        return None if text.lower() == "null" else Refused("cannot be converted to a decimal number")
    try:
        number = Decimal(text)
    except InvalidOperation:
        return Refused("the exponent of the decimal number is too large")
    if not number:
        number = number.copy_abs()
    exponent = number.as_tuple().exponent if _FLOATING.search(text) else 0
    if not isinstance(exponent, int) or exponent > _WIDEST_DECIMAL or exponent < -_LARGEST_INT:
        return Refused("the exponent of the decimal number is too large")
    return format(number, "f") if exponent > 0 else str(number)


def dimensions(text: str) -> tuple[str, str] | Refused:
    """Width and height of "1920x1080"."""
    return _remembered_dimensions(text)


def flag(text: str) -> str | Refused:
    """A truth value, 0 or 1."""
    return text if text in ("0", "1") else Refused("cannot be converted to a flag: expected 0 or 1")


def _dimensions(text: str) -> tuple[str, str] | Refused:
    left, _, right = text.partition("x")
    if not (left.isdecimal() and right.isdecimal() and text.isascii()) or len(left) > _MOST or len(right) > _MOST:
        return Refused("does not conform to <width>x<height>")
    width, height = _whole_number(left, _LARGEST_INT), _whole_number(right, _LARGEST_INT)
    if width is None or height is None:
        return Refused("width or height do not fit into 32 bits")
    return str(width), str(height)


_remembered_dimensions = remembering(1_000, _dimensions)  # there are not so many screens


def _whole_number(text: str, largest: int) -> int | None:
    if not (text.isdecimal() and len(text) <= _MOST) and not _INTEGER.fullmatch(text):
        return None
    number = int(text)
    return number if -largest - 1 <= number <= largest else None
