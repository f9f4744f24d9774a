"""A bad row as one line of a table, and the id that makes the same failure the same line."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from snowmelt.protocol import json_text
from snowmelt.protocol.bad_rows.rows import BadRow
from snowmelt.protocol.json_text import Json, JsonError


@dataclass(frozen=True, slots=True)
class FlatBadRow:
    """The columns of `atomic.bad_rows` that a bad row itself gives.

    `schema` is an Iglu URI; `vendor` the adapter's; `payload` the payload itself where it is text, else its JSON.
    """

    schema: str
    kind: str
    failure_tstamp: datetime | None
    vendor: str | None
    app_id: str | None
    first_message: str | None
    processor: str
    payload: str


def bad_row_id(position: str, index: int | None, kind: str) -> str:
    """The id of what became of one event: 32 hex digits of position, index in the record (None: all of it) and type."""
    seed = f"{position}\n{'' if index is None else index}\n{kind}"
    return hashlib.sha256(seed.encode()).hexdigest()[:32]


def flatten(row: BadRow) -> FlatBadRow:
    """The row for the warehouse."""
    payload = row.payload
    parts = payload if isinstance(payload, dict) else {}
    raw = parts.get("raw", parts)
    return FlatBadRow(
        schema=row.schema.uri,
        kind=row.kind,
        failure_tstamp=_moment(row.failure),
        vendor=_text(_member(raw, "vendor")),
        app_id=_app_id(parts),
        first_message=_text(first_message(row.failure)),
        processor=str(row.processor),
        payload=payload if isinstance(payload, str) else json_text.dumps(payload),
    )


def first_message(failure: Json) -> str | None:
    """One sentence for people: the first thing the failure says."""
    if isinstance(failure, str):
        return failure
    if isinstance(failure, list):
        return first_message(failure[0]) if failure else None
    if not isinstance(failure, dict):
        return None
    match failure:
        case (
            {"messages": [first, *_]}
            | {"errors": [first, *_]}
            | {"dataReports": [first, *_]}
            | {"schemaIssues": [first, *_]}
        ):
            return first_message(first)
        case {"field": str(name), "error": str(what)} | {"field": str(name), "expectation": str(what)}:
            return f"{name}: {what}"
        case {"payloadField": str(name), "expectation": str(what)}:
            return f"{name}: {what}"
        case {"schemaKey": str(key), "schemaCriterion": str(criterion)}:
            return f"{key} instead of {criterion}"
        case {"schemaKey": str(key), "expected": str(expected)}:
            return f"{key}: expected {expected}"
        case {"schemaKey": str(key), "error": {"lookupHistory": _}}:
            return f"{key} is in no registry"
        case {"schemaKey": str(key), "error": error} | {"schemaKey": str(key), "message": error}:
            return f"{key}: {first_message(error)}"
        case {"message": what} | {"error": what} | {"expectation": what} | {"type": what}:
            return first_message(what)
    return None


def _moment(failure: Json) -> datetime | None:
    text = _member(failure, "timestamp")
    return datetime.fromisoformat(text) if isinstance(text, str) else None


def _app_id(payload: dict[str, Json]) -> str | None:
    """The application: the event's column, else parameter `aid`, else that of the first event in the body."""
    columns = payload.get("enriched", payload)
    raw = payload.get("raw", payload)
    candidates = [_member(columns, "app_id"), _parameter(raw, "parameters"), _parameter(raw, "querystring")]
    found = next((text for text in candidates if isinstance(text, str)), None)
    return found if found is not None else _in_body(_member(raw, "body"))


def _parameter(raw: Json, group: str) -> Json:
    pairs = _member(raw, group)
    for pair in pairs if isinstance(pairs, list) else []:
        if _member(pair, "name") == "aid":
            return _member(pair, "value")
    return None


def _in_body(body: Json) -> str | None:
    try:
        envelope: Any = json_text.loads(body) if isinstance(body, str) else None
    except JsonError:
        return None
    match envelope:
        case {"data": [{"aid": str(app_id)}, *_]}:
            return app_id
    return None


def _member(value: Json, name: str) -> Json:
    return value.get(name) if isinstance(value, dict) else None


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None
