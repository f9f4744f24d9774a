"""Records to feed to enrich."""

import json
from typing import Any

from snowmelt.protocol.collector_payload import CollectorPayload, encode

SNOWPLOW = "iglu:com.snowplowanalytics.snowplow"
EID = "6f771edc-5e26-4608-a3a8-7a20e2d3aa2f"
COLLECTED = 1_700_000_000_000  # 2023-11-14 22:13:20


def payload(**changes: Any) -> CollectorPayload:
    """A GET of the pixel without anything special, with these fields changed."""
    fields = {
        "ip_address": "203.0.113.9",
        "timestamp": COLLECTED,
        "encoding": "UTF-8",
        "collector": "snowmelt-collector-0.1.0-log",
        "path": "/i",
        "hostname": "collector.example.com",
    }
    return CollectorPayload(**(fields | changes))


def get(querystring: str, **changes: Any) -> bytes:
    """The record of a GET of the pixel."""
    return encode(payload(querystring=querystring, **changes))


def post(*events: dict[str, Any], **changes: Any) -> bytes:
    """The record of a POST of events; what every event must have is added where it is not given."""
    data = [{"e": "pv", "p": "web", "tv": "test-1", "eid": EID} | event for event in events]
    body = json.dumps({"schema": f"{SNOWPLOW}/payload_data/jsonschema/1-0-4", "data": data})
    fields = {"path": "/com.snowplowanalytics.snowplow/tp2", "body": body, "content_type": "application/json"}
    return encode(payload(**(fields | changes)))


def wrapped(wrapper: str, data: Any, version: str = "1-0-0") -> str:
    """The text of a wrapper of entities ("contexts") or of an event ("unstruct_event")."""
    return json.dumps({"schema": f"{SNOWPLOW}/{wrapper}/jsonschema/{version}", "data": data})


def entity(name: str, data: Any) -> dict[str, Any]:
    """Self-describing JSON of one of the schemas of the cases."""
    return {"schema": f"iglu:com.patrickcloud/{name}/jsonschema/1-0-0", "data": data}
