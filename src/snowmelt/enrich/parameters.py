"""The parameters of one event read into atomic columns (Snowplow tracker protocol).

Nothing that cannot be read is dropped: each such parameter gives an error that names it.
"""

import binascii
from collections.abc import Callable, Mapping, MutableSequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from snowmelt.enrich import query_strings, values
from snowmelt.enrich.values import Refused
from snowmelt.protocol import json_text
from snowmelt.protocol.atomic import INDEX
from snowmelt.protocol.bad_rows import InputData
from snowmelt.protocol.enriched import clean
from snowmelt.protocol.json_text import Json, JsonError
from snowmelt.protocol.tracker import PARAMETERS, ParameterKind

Parameters: TypeAlias = Mapping[str, str | None]
"""Name -> text of one event; None for a name without a value, which counts as absent."""

MAX_JSON_DEPTH: Final = 500
"""Deeper JSON is refused as unreadable. What schemas may admit is less and is checked later."""

_Reader: TypeAlias = Callable[[str], str | Refused | None]


@dataclass(frozen=True, slots=True)
class Embedded:
    """The JSON that parameters carry for the columns contexts and unstruct_event; ABSENT where there is none."""

    contexts: "Json | Absent"
    unstruct_event: "Json | Absent"


class Absent:
    """No JSON, which is something else than the JSON null."""


ABSENT: Final = Absent()

_READERS: Final[Mapping[ParameterKind, _Reader]] = {
    ParameterKind.EVENT: values.event,
    ParameterKind.PLATFORM: values.platform,
    ParameterKind.TEXT: clean,
    ParameterKind.IP_ADDRESS: values.ip_address,
    ParameterKind.UUID: values.uuid,
    ParameterKind.TIMESTAMP: values.timestamp,
    ParameterKind.INTEGER: values.integer,
    ParameterKind.DECIMAL: values.decimal,
    ParameterKind.FLAG: values.flag,
}

_YIELDS_TO: Final = {
    "co": "cx",
    "ue_pr": "ue_px",
    "nuid": "tnuid",
    "ti_na": "ti_nm",
    "ev_ca": "se_ca",
    "ev_ac": "se_ac",
    "ev_la": "se_la",
    "ev_pr": "se_pr",
    "ev_va": "se_va",
}
"""Of two parameters for one column, the first yields to the second where both are present."""


_PLANS: Final[Mapping[str, tuple[int, _Reader, str | None]]] = {
    parameter.name: (INDEX[parameter.column], _READERS[parameter.kind], _YIELDS_TO.get(parameter.name))
    for parameter in PARAMETERS.values()
    if parameter.kind in _READERS
}
"""The column of a parameter, how its text is read, and the parameter it yields to."""

_DIMENSIONS: Final[Mapping[str, tuple[int, int]]] = {
    parameter.name: (INDEX[parameter.column], INDEX[parameter.second_column])
    for parameter in PARAMETERS.values()
    if parameter.second_column is not None
}
"""The columns of width and height."""


def read(parameters: Parameters, fields: MutableSequence[str | None]) -> list[InputData]:
    """Sets the columns that parameters have a text for, and gives what cannot be read.

    `fields` are the columns of the event in wire order; those of contexts and unstruct_event stay as they are.
    """
    errors: list[InputData] = []
    plan_of = _PLANS.get
    for name, text in parameters.items():
        if text is None:
            continue
        plan = plan_of(name)
        if plan is not None:
            column, reader, yields_to = plan
            if reader is clean and text and text.isprintable():
                value: str | None = text  # as `clean` leaves it; most texts are printable
            elif isinstance(outcome := reader(text), Refused):
                errors.append(InputData(name, text, outcome.expectation))
                continue
            else:
                value = outcome
            if yields_to is None or parameters.get(yields_to) is None:
                fields[column] = value
        elif name in _DIMENSIONS:
            size = values.dimensions(text)
            if isinstance(size, Refused):
                errors.append(InputData(name, text, size.expectation))
            else:
                width, height = _DIMENSIONS[name]
                fields[width], fields[height] = size
    return errors


def embedded(parameters: Parameters, errors: list[InputData]) -> Embedded:
    """The JSON among the parameters; what cannot be read is added to the errors."""
    return Embedded(_json(parameters, "co", "cx", errors), _json(parameters, "ue_pr", "ue_px", errors))


def _json(parameters: Parameters, plain: str, base64: str, errors: list[InputData]) -> "Json | Absent":
    """The JSON of a parameter that may come plain or in base64; both are read, base64 wins."""
    value: Json | Absent = ABSENT
    for name, decode in ((plain, None), (base64, decoded_base64)):
        text = parameters.get(name)
        if text is None:
            continue
        try:
            value = json_text.loads(decode(text) if decode else text, max_depth=MAX_JSON_DEPTH)
        except JsonError as error:
            errors.append(InputData(name, text, f"invalid json: {error}"))
    return value


_URL_SAFE: Final = bytes.maketrans(b"-_", b"+/")
_ALPHABET: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_OTHERS: Final = bytes(set(range(256)) - set(_ALPHABET))


def decoded_base64(text: str) -> str:
    """The text in base64 of either alphabet, up to the first `=`; other characters and a lonely last one are skipped.

    Never fails: bytes that are not UTF-8 become U+FFFD. Trackers and tag managers send all of these.
    """
    data = text.encode("utf-8", "replace").partition(b"=")[0]
    if b"-" in data or b"_" in data:  # the two are seldom in encoded ASCII, and to look for them is quick
        data = data.translate(_URL_SAFE)
    try:
        decoded = binascii.a2b_base64(data + b"==")
    except binascii.Error:
        data = data.translate(None, _OTHERS)
        decoded = binascii.a2b_base64(data[: len(data) - 1] + b"==")
    return query_strings.text_of_utf8(decoded)
