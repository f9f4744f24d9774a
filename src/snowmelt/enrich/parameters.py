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

_Reader: TypeAlias = Callable[[str], str | tuple[str, str] | Refused | None]


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
    ParameterKind.DIMENSIONS: values.dimensions,
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


_TEXTS: Final = {
    parameter.name: INDEX[parameter.column]
    for parameter in PARAMETERS.values()
    if parameter.kind is ParameterKind.TEXT and parameter.name not in _YIELDS_TO
}
"""The parameters that are nothing but text for one column, which are most of what trackers send."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is done with any other parameter: how it is read, the columns it sets, the parameter it yields to."""

    read: _Reader
    column: int
    second_column: int
    yields_to: str | None


_PLANS: Final = {
    parameter.name: _Plan(
        _READERS[parameter.kind],
        INDEX[parameter.column],
        INDEX[parameter.second_column or parameter.column],
        _YIELDS_TO.get(parameter.name),
    )
    for parameter in PARAMETERS.values()
    if parameter.kind in _READERS and parameter.name not in _TEXTS
}


def read(parameters: Parameters, fields: MutableSequence[str | None]) -> tuple[Embedded, list[InputData]]:
    """Sets the columns that parameters have a text for, and gives the JSON among them and what cannot be read.

    `fields` are the columns of the event in wire order; those of contexts and unstruct_event stay as they are.
    """
    errors: list[InputData] = []
    for name, text in parameters.items():
        if text is None:
            continue
        column = _TEXTS.get(name)
        if column is not None:
            fields[column] = clean(text)
            continue
        plan = _PLANS.get(name)
        if plan is None:
            continue
        value = plan.read(text)
        if isinstance(value, Refused):
            errors.append(InputData(name, text, value.expectation))
        elif plan.yields_to is not None and parameters.get(plan.yields_to) is not None:
            continue
        elif isinstance(value, tuple):
            fields[plan.column], fields[plan.second_column] = value
        else:
            fields[plan.column] = value
    contexts = _json(parameters, "co", "cx", errors)
    unstruct_event = _json(parameters, "ue_pr", "ue_px", errors)
    return Embedded(contexts, unstruct_event), errors


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
    data = text.encode("utf-8", "replace").partition(b"=")[0].translate(_URL_SAFE)
    try:
        decoded = binascii.a2b_base64(data + b"==")
    except binascii.Error:
        data = data.translate(None, _OTHERS)
        decoded = binascii.a2b_base64(data[: len(data) - 1] + b"==")
    return query_strings.text_of_utf8(decoded)
