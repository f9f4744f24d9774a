"""What a bad row shows of the data that failed: the collector payload, or the half-made event beside it.

Texts are cut to the limits of the schemas. Nothing is lost by that: the values a tracker makes long (contexts, URLs)
also stand uncut in the event, in `body` or in the message's `value`, and the record itself stays in the raw stream.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Final
from urllib.parse import parse_qsl

from snowmelt.protocol import json_text, timestamps
from snowmelt.protocol.atomic import COLUMNS, Column, Kind
from snowmelt.protocol.bad_rows import limits
from snowmelt.protocol.bad_rows.limits import cut
from snowmelt.protocol.collector_payload import CollectorPayload
from snowmelt.protocol.enriched import EnrichedEvent
from snowmelt.protocol.json_text import Json, JsonError

Pairs = Sequence[tuple[str, str | None]]

_UUID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_NUMBERS: Final = frozenset({"geo_latitude", "geo_longitude"})  # se_value and the decimals stand as text
_LOADER_LENGTHS: Final[Mapping[str, int]] = MappingProxyType({"se_label": 1000})
"""Where the schemas of the loader's bad rows are stricter than the atomic one."""


def collector_payload_object(
    payload: CollectorPayload, vendor: str, version: str, querystring: Pairs | None = None
) -> dict[str, Json]:
    """The payload of adapter_failures and tracker_protocol_violations.

    Vendor and version are those of the path. `querystring` are its decoded pairs; without them it is decoded leniently.
    """
    if querystring is None:
        querystring = parse_qsl((payload.querystring or "").replace(";", "&"), keep_blank_values=True)
    return {
        "vendor": cut(vendor, limits.VENDOR),
        "version": cut(version, limits.VERSION),
        "querystring": _pairs(querystring),
        "contentType": cut(payload.content_type, limits.CONTENT_TYPE),
        "body": payload.body,
        "collector": cut(payload.collector, limits.COLLECTOR),
        **_request(payload),
        "networkUserId": _uuid(payload.network_user_id),
    }


def enrichment_payload_object(
    event: EnrichedEvent, payload: CollectorPayload, vendor: str, version: str, parameters: Pairs
) -> dict[str, Json]:
    """The payload of schema_violations and enrichment_failures: the event as far as it got, and the raw event."""
    return {
        "enriched": partial_event_object(event),
        "raw": {
            "vendor": cut(vendor, limits.VENDOR),
            "version": cut(version, limits.VERSION),
            "parameters": _pairs(parameters),
            "contentType": cut(payload.content_type, limits.CONTENT_TYPE),
            "loaderName": cut(payload.collector, limits.COLLECTOR),
            **_request(payload),
            "userId": _uuid(payload.network_user_id),
        },
    }


def partial_event_object(event: EnrichedEvent) -> dict[str, Json]:
    """The 131 columns of an unfinished event: numbers where the schema has them, texts elsewhere."""
    return {column.name: _partial(column, text) for column, text in zip(COLUMNS, event.fields, strict=True)}


def event_object(event: EnrichedEvent) -> dict[str, Json]:
    """The 131 columns of a finished event, typed as the loader bad rows have them: JSON columns are objects.

    What cannot be read is null; a required column is then empty, or the first moment of 1970, since the schemas insist.
    """
    return {
        column.name: _READERS[column.kind](column, text) for column, text in zip(COLUMNS, event.fields, strict=True)
    }


def _request(payload: CollectorPayload) -> dict[str, Json]:
    return {
        "encoding": cut(payload.encoding, limits.ENCODING),
        "hostname": cut(payload.hostname, limits.HOSTNAME),
        "timestamp": timestamps.iso_from_epoch_ms(payload.timestamp),
        "ipAddress": cut(payload.ip_address, limits.IP_ADDRESS) or None,
        "useragent": cut(payload.user_agent, limits.USER_AGENT),
        "refererUri": cut(payload.referer_uri, limits.REFERER),
        "headers": [cut(header, limits.HEADER) for header in payload.headers],
    }


def _pairs(pairs: Iterable[tuple[str, str | None]]) -> list[Json]:
    limit = limits.PARAMETER
    return [{"name": cut(name, limit), "value": cut(value, limit)} for name, value in pairs]


def _uuid(text: str | None) -> str | None:
    """The id if it is one: the schemas admit no other, and what is no id has its own bad row."""
    return text if text is not None and _UUID.fullmatch(text) else None


def _partial(column: Column, text: str | None) -> Json:
    is_number = column.kind in (Kind.INTEGER, Kind.BOOLEAN) or column.name in _NUMBERS
    return _number(column, text) if is_number else text


def _text(column: Column, text: str | None) -> Json:
    limit = _LOADER_LENGTHS.get(column.name, column.max_length)
    text = "" if text is None and column.required else text
    return text if limit is None else cut(text, limit)


def _number(column: Column, text: str | None) -> Json:
    number = _json(text)
    kinds = (int,) if column.kind in (Kind.INTEGER, Kind.BOOLEAN) else (int, Decimal)
    return number if isinstance(number, kinds) and not isinstance(number, bool) else None


def _boolean(_: Column, text: str | None) -> Json:
    return None if text is None else text == "1"


def _timestamp(column: Column, text: str | None) -> Json:
    moment = None if text is None else timestamps.parse(text)
    if moment is None:
        return timestamps.iso_from_epoch_ms(0) if column.required else None
    return timestamps.iso(moment)


def _object(_: Column, text: str | None) -> Json:
    value = _json(text)
    return value if isinstance(value, dict) else None


def _json(text: str | None) -> Json:
    try:
        return None if text is None else json_text.loads(text)
    except JsonError:
        return None


_READERS: Final[Mapping[Kind, Callable[[Column, str | None], Json]]] = MappingProxyType(
    {
        Kind.STRING: _text,
        Kind.INTEGER: _number,
        Kind.DOUBLE: _number,
        Kind.DECIMAL: _number,
        Kind.BOOLEAN: _boolean,
        Kind.TIMESTAMP: _timestamp,
        Kind.JSON: _object,
    }
)
