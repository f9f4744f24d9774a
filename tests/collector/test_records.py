import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snowmelt.collector.records import Payload, content_type, split
from snowmelt.protocol.collector_payload import decode

SCHEMA = "iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4"


def payload(body: bytes | None) -> Payload:
    return Payload(
        ip_address=b"203.0.113.5",
        timestamp=1,
        collector=b"snowmelt-collector-0.1.0-log",
        user_agent=None,
        referer_uri=None,
        path=b"/com.snowplowanalytics.snowplow/tp2",
        querystring=None,
        body=body,
        headers=[b"Host: acme.com"],
        content_type=b"application/json",
        hostname=b"acme.com",
        network_user_id=b"1",
    )


def divided(body: bytes | None, max_bytes: int) -> tuple[list[bytes], list[str]]:
    whole = payload(body)
    records, too_large = split(whole, len(whole.encode(body)), max_bytes)
    return records, [item.expectation for item in too_large]


@given(
    st.lists(st.dictionaries(st.sampled_from(["e", "page"]), st.text(max_size=300)), max_size=12),
    st.integers(min_value=500, max_value=1500),
)
def test_no_event_is_lost_by_splitting(events: list[dict[str, str]], max_bytes: int) -> None:
    body = json.dumps({"schema": SCHEMA, "data": events}, ensure_ascii=False).encode("utf-8", "replace")
    events = json.loads(body)["data"]
    records, too_large = divided(body, max_bytes)
    parts = [json.loads(decode(record).body or "") for record in records]
    kept = [event for part in parts for event in part["data"]]
    left_out = [event for event in events if event not in kept]
    assert [event for event in events if event in kept] == kept
    assert len(kept) + len(too_large) == len(events)
    assert all(len(json.dumps(event, ensure_ascii=False).encode()) > 80 for event in left_out)
    assert all(len(record) <= max_bytes for record in records)
    assert all(part["schema"] == SCHEMA for part in parts)


def test_items_keep_their_bytes() -> None:
    long = "x" * 600
    body = b'{"schema":"%b","data":[{"a":1.10},{"b":1e3},{"c":"%b"}]}' % (SCHEMA.encode(), long.encode())
    records, _ = divided(body, len(payload(body).encode(body)) - 5)
    assert [decode(record).body for record in records] == [
        f'{{"schema":"{SCHEMA}","data":[{{"a":1.10}},{{"b":1e3}}]}}',
        f'{{"schema":"{SCHEMA}","data":[{{"c":"{long}"}}]}}',
    ]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (None, "GET requests cannot be split"),
        (b"x" * 2000, "cannot split POST requests which are not json"),
        (b"[" + b"1," * 2000 + b"1]", "cannot split POST requests which are not self-describing"),
        (b'{"schema":"a","data":"%b"}' % (b"x" * 2000), "do not contain a data array"),
        (b'{"schema":"a","data":["%b"]}' % (b"x" * 2000), "this POST request split is still too large"),
        (b'{"schema":"a","data":[1]}' + b" " * 2000, 'event without "data" field is still too big'),
    ],
)
def test_what_cannot_be_split(body: bytes | None, reason: str) -> None:
    records, reasons = divided(body, 1000 if body else 10)
    assert records == []
    assert [reason in found and found.startswith("oversized collector payload: ") for found in reasons] == [True]


def test_the_text_shows_the_fields() -> None:
    shown = payload(b"caf\xc3\xa9").text()
    assert shown.startswith(
        "CollectorPayload(schema:iglu:com.snowplowanalytics.snowplow/CollectorPayload/thrift/1-0-0, "
    )
    assert "ipAddress:203.0.113.5, timestamp:1, encoding:UTF-8, " in shown
    assert shown.endswith(
        "body:café, headers:[Host: acme.com], contentType:application/json, hostname:acme.com, networkUserId:1)"
    )


@pytest.mark.parametrize(
    ("raw", "body", "stored", "line"),
    [
        (b"application/json; charset=UTF-8", b"x", b"application/json", None),
        (b'Application/JSON;charset="utf-8"', b"x", b"application/json", None),
        (b"application/json; charset=latin1; x=Y", b"x", b"application/json; x=y", None),
        (b"text/plain; charset=UTF-8", b"x", b"text/plain; charset=utf-8", None),
        (b"application/vnd.acme.v1+json", b"x", b"application/vnd.acme.v1+json", None),
        (None, b"x", b"application/octet-stream", None),
        (None, b"", b"none/none", None),
        (b"nonsense", b"x", b"application/octet-stream", b"content-type: nonsense"),
        (b"text/\xff", b"x", b"application/octet-stream", b"content-type: text/\xef\xbf\xbd"),
    ],
)
def test_content_type(raw: bytes | None, body: bytes, stored: bytes, line: bytes | None) -> None:
    assert content_type(raw, body) == (stored, line)


def test_a_record_is_thrift() -> None:
    record = payload(b"{}").encode(b"{}")
    assert base64.b64encode(record).startswith(b"CwBk")
