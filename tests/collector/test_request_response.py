"""Facts about Snowplow's collector, one request each."""

import base64
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.collector.harness import Reply, collecting, request

from snowmelt.collector.settings import CollectorSettings

CASES = json.loads((Path(__file__).parent / "cases" / "request_response_cases.json").read_text())["cases"]
FIELDS = {
    "path": "path",
    "querystring": "querystring",
    "body": "body",
    "networkUserId": "network_user_id",
    "ipAddress": "ip_address",
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case: dict[str, Any]) -> None:
    asked = case["request"]
    body = b"x" * asked["body_bytes"] if "body_bytes" in asked else asked.get("body", "").encode()
    headers = list(asked.get("headers", {}).items())
    raw = request(asked["method"], asked["path"], headers, body if asked["method"] == "POST" else None)
    with collecting(msgspec.convert(case["config"], CollectorSettings)) as running:
        reply = running.ask(raw)
        check_reply(case["expect"], reply)
        stored = case.get("expect_stored")
        payloads = running.payloads()
        if isinstance(stored, int):
            assert len(payloads) == stored
        elif isinstance(stored, dict):
            (payload,) = payloads
            for name, value in stored.items():
                if name == "headers_absent":
                    assert not {line.partition(":")[0] for line in payload.headers} & set(value)
                else:
                    assert getattr(payload, FIELDS[name]) == value


def check_reply(expected: dict[str, Any], reply: Reply) -> None:
    cookie = reply.get("Set-Cookie")
    for name, value in expected.items():
        match name:
            case "status":
                assert reply.status == value
            case "body":
                assert reply.body.decode() == value
            case "body_ci":
                assert reply.body.decode().lower() == value
            case "body_prefix":
                assert reply.body.decode().startswith(value)
            case "body_base64_in":
                assert base64.b64encode(reply.body).decode() in value
            case "content_type":
                assert reply.get("Content-Type") == value
            case "headers":
                assert {header: reply.get(header) for header in value} == value
            case "location_contains":
                assert value in (reply.get("Location") or "")
            case "no_set_cookie":
                assert (cookie is None) == value
            case "set_cookie_value":
                assert cookie
                assert cookie.startswith(f"sp={value};")
            case "cookie_attrs":
                assert cookie
                attributes = dict(part.partition("=")[::2] for part in cookie.split("; "))
                assert {attribute: attributes.get(attribute) for attribute in value} == value
            case _:
                raise AssertionError(f"nothing checks {name}")
