"""JSON in and out without losing what the sender wrote: the spelling of numbers, the order of keys, the characters.

Numbers with a fraction are `decimal.Decimal`, whose digits are the spelling: "1.10" stays "1.10", and a validator does
not take "5.0" for an integer. The spellings a Decimal cannot hold, those with an exponent and "-0", are `JsonNumber`.
Integers are int, of any size. Printing gives the text of the pipeline's JVM applications: compact, non-ASCII raw,
U+007F to U+009F escaped, a lone surrogate as "?".

jsonschema-rs takes a Decimal but no subclass of it, and says so only sometimes: give it `plain(value)`, which costs
next to nothing where there is no JsonNumber.
"""

import json
import re
from decimal import Decimal, InvalidOperation
from typing import Any, Self, TypeAlias

import msgspec
import orjson

Json: TypeAlias = "bool | int | float | Decimal | str | list[Json] | dict[str, Json] | None"

MAX_DEPTH = 64
_LARGEST_EXPONENT = 999_999  # whoever expands the number gets at most a megabyte

_MINUS_ZERO = re.compile(r'-0(?<![\w"-]-0)(?![.\deE])')
_SURROGATE = re.compile(r"\\u[dD]")
_HIGH, _LOW, _LONE = "u[dD][89abAB]..", "u[dD][c-fC-F]..", "u[dD][89a-fA-F][0-9a-fA-F]{2}"
_ESCAPE = re.compile(rf"\\(?:{_HIGH}\\{_LOW}|({_LONE})|.)", re.DOTALL)
_UNPRINTED = re.compile("[\x7f-\x9f]")


class JsonError(ValueError):
    """The text is no JSON that we read; the message says why."""


class JsonNumber(Decimal):
    """A number that remembers how it was spelled."""

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> Self:
        """The number that a JSON text spells."""
        number = super().__new__(cls, text)
        number.text = text
        return number

    def __reduce__(self) -> tuple[Any, ...]:
        """What a copy is made from."""
        return JsonNumber, (self.text,)


def loads(text: str | bytes, *, max_depth: int = MAX_DEPTH) -> Json:
    """The value of a JSON text with at most `max_depth` arrays and objects inside one another. Raises JsonError.

    Bytes are UTF-8. A key that comes twice has its first position and its last value. A lone surrogate is read as "?".
    """
    if isinstance(text, bytes):
        try:
            text = text.decode()
        except UnicodeDecodeError as error:
            raise JsonError(f"not UTF-8 at byte {error.start}") from None
    elif not text.isascii():
        text = _without_surrogates(text)
    if "\\" in text and _SURROGATE.search(text) is not None:
        text = _ESCAPE.sub(lambda escape: "?" if escape[1] else escape[0], text)
    decode = _MINUS_ZERO_DECODER.decode if "-0" in text and _MINUS_ZERO.search(text) else _DECODER.decode
    try:
        value: Json = decode(text)
    except RecursionError:
        raise JsonError(f"nested deeper than {max_depth}") from None
    except (msgspec.MsgspecError, ValueError) as error:
        raise JsonError(str(error)) from None
    if text.count("{") + text.count("[") > max_depth and is_deeper(value, max_depth):
        raise JsonError(f"nested deeper than {max_depth}")
    return value


def dumps(value: Json) -> str:
    """The compact JSON text of a value, its numbers spelled as they were read. A float is printed shortest."""
    try:
        text = orjson.dumps(value, default=_fragment).decode()
    except TypeError:  # an integer beyond 64 bits or a lone surrogate
        return _print(value)
    return text if text.isascii() and "\x7f" not in text else _UNPRINTED.sub(_escape, text)


def plain(value: Json) -> Json:
    """The same value with plain Decimals for JsonNumbers, for a library that asks for the exact type.

    A value without a JsonNumber is returned itself; the search is left to orjson, at the speed of C.
    """
    try:
        orjson.dumps(value, default=_nothing_if_plain)
    except TypeError:
        return _plain(value)
    return value


def _fraction(text: str) -> Decimal:
    if "e" not in text and "E" not in text:
        return Decimal(text)
    try:
        number = JsonNumber(text)
    except InvalidOperation:
        raise JsonError("a number has too large an exponent") from None
    if abs(number.adjusted()) > _LARGEST_EXPONENT:
        raise JsonError("a number has too large an exponent")
    return number


def _integer(text: str) -> int | Decimal:
    return JsonNumber(text) if text == "-0" else int(text)


def _refuse(constant: str) -> Json:
    raise JsonError(f"{constant} is no JSON value")


_DECODER = msgspec.json.Decoder(float_hook=_fraction)
_MINUS_ZERO_DECODER = json.JSONDecoder(parse_float=_fraction, parse_int=_integer, parse_constant=_refuse)


def is_deeper(value: object, limit: int) -> bool:
    """Whether containers are nested deeper than the limit: level by level, so without recursion."""
    level: list[Any] = [value]
    for _ in range(limit + 1):
        level = [item for item in level if isinstance(item, (dict, list))]
        if not level:
            return False
        level = [item for box in level for item in (box.values() if isinstance(box, dict) else box)]
    return True


def _print(value: Json) -> str:
    """What `dumps` gives, the slow way, for values its fast way refuses."""
    if isinstance(value, str):
        return _UNPRINTED.sub(_escape, json.dumps(_without_surrogates(value), ensure_ascii=False))
    if isinstance(value, dict):
        return "{" + ",".join(f"{_print(key)}:{_print(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_print, value)) + "]"
    if isinstance(value, Decimal):
        return _spelling(value)
    return str(value) if type(value) is int else orjson.dumps(value).decode()


def _nothing_if_plain(value: object) -> None:
    if type(value) is not Decimal:
        raise TypeError


def _plain(value: Json) -> Json:
    if isinstance(value, JsonNumber):
        return Decimal(value)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


def _fragment(value: object) -> orjson.Fragment:
    if isinstance(value, Decimal):
        return orjson.Fragment(_spelling(value))
    raise TypeError(f"{type(value).__name__} is no JSON value")


def _spelling(number: Decimal) -> str:
    return number.text if isinstance(number, JsonNumber) else format(number, "f")


def _without_surrogates(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _escape(character: re.Match[str]) -> str:
    return f"\\u{ord(character[0]):04x}"
