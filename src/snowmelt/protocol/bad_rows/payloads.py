"""What a bad row shows of the data that failed: the collector payload, or the half-made event beside it.

Texts are cut to the limits of the schemas. Nothing is lost by that: the values a tracker makes long (contexts, URLs)
also stand uncut in the event, in `body` or in the message's `value`, and the record itself stays in the raw stream.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Final
from urllib.parse import parse_qsl

from snowmelt.protocol import json_text, timestamps
from snowmelt.protocol.atomic import COLUMNS, Column, Kind
from snowmelt.protocol.bad_rows.limits import cut
from snowmelt.protocol.collector_payload import CollectorPayload
from snowmelt.protocol.enriched import EnrichedEvent
from snowmelt.protocol.json_text import Json, JsonError

Pairs = Sequence[tuple[str, str | None]]

_UUID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_NUMBERS: Final = frozenset({"geo_latitude", "geo_longitude"})  # se_value and the decimals stand as text
_LOADER_LENGTHS: Final[Mapping[str, int]] = MappingProxyType(
    {"se_label": 1000}
)  # where the loader schemas are stricter


def collector_payload_object(
    payload: CollectorPayload, vendor: str, version: str, querystring: Pairs | None = None
) -> dict[str, Json]:
    """The payload of adapter_failures and tracker_protocol_violations.

    Vendor and version are those of the path. `querystring` are its decoded pairs; without them it is decoded leniently.
    """
    if querystring is None:
        querystring = parse_qsl((payload.querystring or "").replace(";", "&"), keep_blank_values=True)
    return {
        "vendor": cut(vendor, 64),
        "version": cut(version, 16),
        "querystring": _pairs(querystring),
        "contentType": cut(payload.content_type, 256),
        "body": payload.body,
        "collector": cut(payload.collector, 32),
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
            "vendor": cut(vendor, 64),
            "version": cut(version, 16),
            "parameters": _pairs(parameters),
            "contentType": cut(payload.content_type, 256),
            "loaderName": cut(payload.collector, 32),
            **_request(payload),
            "userId": _uuid(payload.network_user_id),
        },
    }


def partial_event_object(event: EnrichedEvent) -> dict[str, Json]:
    """The 131 columns of an unfinished event: numbers where the schema has them, texts elsewhere."""
    return {column.name: _partial(column, text) for column, text in zip(COLUMNS, event.fields, strict=True)}


def event_object(event: EnrichedEvent) -> dict[str, Json]:
    """The 131 columns of a finished event, typed as the loader bad rows have them: JSON columns are objects."""
    return {
        column.name: _READERS[column.kind](column, text) for column, text in zip(COLUMNS, event.fields, strict=True)
    }


def _request(payload: CollectorPayload) -> dict[str, Json]:
    return {
        "encoding": cut(payload.encoding, 32),
        "hostname": cut(payload.hostname, 8192),
        "timestamp": timestamps.iso_from_epoch_ms(payload.timestamp),
        "ipAddress": cut(payload.ip_address, 128) or None,
        "useragent": cut(payload.user_agent, 4096),
        "refererUri": cut(payload.referer_uri, 8192),
        "headers": [cut(header, 8192) for header in payload.headers],
    }


def _pairs(pairs: Iterable[tuple[str, str | None]]) -> list[Json]:
    return [{"name": cut(name, 512), "value": cut(value, 512)} for name, value in pairs]


def _uuid(text: str | None) -> str | None:
    """The id if it is one: the schemas admit no other, and what is no id has its own bad row."""
    return text if text is not None and _UUID.fullmatch(text) else None


def _partial(column: Column, text: str | None) -> Json:
    if column.kind in (Kind.INTEGER, Kind.BOOLEAN):
        return _integer(column, text)
    return _number(column, text) if column.name in _NUMBERS else text


def _text(column: Column, text: str | None) -> Json:
    limit = _LOADER_LENGTHS.get(column.name, column.max_length)
    text = "" if text is None and column.required else text
    return text if limit is None else cut(text, limit)


def _integer(_: Column, text: str | None) -> Json:
    try:
        return None if text is None else int(text)
    except ValueError:
        return None


def _number(_: Column, text: str | None) -> Json:
    try:
        number = None if text is None else Decimal(text)
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None


def _boolean(_: Column, text: str | None) -> Json:
    return None if text is None else text == "1"


def _timestamp(column: Column, text: str | None) -> Json:
    moment = None if text is None else timestamps.parse(text)
    if moment is None:
        return timestamps.iso_from_epoch_ms(0) if column.required else None
    return timestamps.iso(moment)


def _object(_: Column, text: str | None) -> Json:
    try:
        value = None if text is None else json_text.loads(text)
    except JsonError:
        return None
    return value if isinstance(value, dict) else None


_READERS: Final[Mapping[Kind, Callable[[Column, str | None], Json]]] = MappingProxyType(
    {
        Kind.STRING: _text,
        Kind.INTEGER: _integer,
        Kind.DOUBLE: _number,
        Kind.DECIMAL: _number,
        Kind.BOOLEAN: _boolean,
        Kind.TIMESTAMP: _timestamp,
        Kind.JSON: _object,
    }
)
