"""Requests that another implementation answered, sent to ours: the same answers and records, or a named difference."""

import base64
import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.collector.harness import Reply, Running, collecting

from snowmelt.collector.settings import CollectorSettings
from snowmelt.protocol.collector_payload import CollectorPayload, decode

CASES = Path(__file__).parent / "cases"
COMPARED_HEADERS = (
    "Location",
    "Cache-Control",
    "P3P",
    "Access-Control-Allow-Origin",
    "Access-Control-Allow-Credentials",
    "Access-Control-Allow-Headers",
    "Access-Control-Max-Age",
    "Content-Type",
    "Content-Length",
)


def recordings() -> list[dict[str, Any]]:
    lines: list[str] = []
    for name in ("golden", "golden_edge"):
        lines += gzip.decompress((CASES / f"{name}.jsonl.gz").read_bytes()).decode().splitlines()
    return [json.loads(line) for line in lines]


def raw_request(recorded: dict[str, Any]) -> bytes:
    if "raw_b64" in recorded:
        return base64.b64decode(recorded["raw_b64"])
    body = base64.b64decode(recorded["body_b64"]) if "body_b64" in recorded else (recorded.get("body") or "").encode()
    if "body_note" in recorded:
        body = b"x" * 9_000_210
    head = [f"{recorded['method']} {recorded['raw_path']} HTTP/{recorded['http_version']}"]
    head += [f"{name}: {value}" for name, value in recorded["headers"]]
    return "\r\n".join([*head, "", ""]).encode() + body


def differences(case: dict[str, Any], reply: Reply, payloads: list[CollectorPayload], bad: list[dict]) -> Iterator[str]:
    """The names of the parts that are not as recorded."""
    expected = case["response"]
    if reply.status != expected["status"]:
        yield "status"
    if reply.status >= 400 and expected["status"] >= 400 and expected["status"] != 404:
        return  # the wording of a refusal is its own
    recorded = Reply(expected["status"], [(name, value) for name, value in expected["headers"]], b"")
    for name in COMPARED_HEADERS:
        if reply.get(name) != recorded.get(name):
            yield name
    if (cookie := without_clock(reply.get("Set-Cookie"))) != without_clock(recorded.get("Set-Cookie")):
        theirs = without_clock(recorded.get("Set-Cookie"))
        if not (cookie and theirs and is_random(case) and cookie[1:] == theirs[1:]):
            yield "Set-Cookie"
    body = base64.b64decode(expected["body_b64"]) if "body_b64" in expected else (expected["body"] or "").encode()
    if reply.body != body:
        yield "body"
    yield from record_differences(case, reply, payloads)
    if [reason(row) for row in bad] != [reason(row) for row in case.get("bad") or []]:
        yield "bad rows"


def record_differences(case: dict[str, Any], reply: Reply, payloads: list[CollectorPayload]) -> Iterator[str]:
    theirs = [decode(base64.b64decode(record)) for record in case["thrift_b64"]]
    if len(theirs) != len(payloads):
        yield "records"
        return
    for ours, other in zip(payloads, theirs, strict=True):
        for name in CollectorPayload.__slots__:
            mine, their = getattr(ours, name), getattr(other, name)
            if name == "headers":
                their = tuple(line for line in their if not line.startswith("Timeout-Access"))
            elif name in ("timestamp", "collector"):
                continue
            elif name == "network_user_id" and is_random(case):
                cookie = without_clock(reply.get("Set-Cookie"))
                assert cookie
                their = cookie[0].partition("=")[2]
            if mine != their:
                yield f"payload {name}"


def is_random(case: dict[str, Any]) -> bool:
    """Whether the network user id is a fresh one: neither cookie nor parameter nor anonymity."""
    request = case["request"]
    headers = {name.lower(): value for name, value in request["headers"]}
    if "sp-anonymous" in headers or re.search(r"[?&]nuid=", request["raw_path"]):
        return False
    return not re.search(r"(?:^|; )sp=", headers.get("cookie", ""))


def without_clock(cookie: str | None) -> list[str] | None:
    return [part for part in cookie.split("; ") if not part.startswith("Expires")] if cookie else None


def reason(row: dict) -> tuple[str, int, str]:
    failure = row["data"]["failure"]
    words = failure["expectation"].split()
    return row["schema"], failure["maximumAllowedSizeBytes"], " ".join(words[:9])


def test_recordings(capsys: pytest.CaptureFixture[str]) -> None:
    """Every difference is named in cases/golden_differences.json with its reason, and every named one is there."""
    settings = json.loads((CASES / "golden_settings.json").read_text())
    named = json.loads((CASES / "golden_differences.json").read_text())
    allowed = {(case, part): entry["reason"] for entry in named for case in entry["cases"] for part in entry["parts"]}
    found: dict[tuple[str, str], None] = {}
    by_settings = defaultdict(list)
    for case in recordings():
        by_settings[case["config"]].append(case)
    count = 0
    for name, cases in by_settings.items():
        with collecting(msgspec.convert(settings[name], CollectorSettings)) as running:
            for case in cases:
                count += 1
                for part in differences(case, *answered(running, case)):
                    found[case["id"], part] = None
    identical = count - len({case for case, _ in found})
    with capsys.disabled():
        print(f"\ncollector conformance: {identical} of {count} recorded requests identical, ", end="")
        print(f"{count - identical} with {len(set(allowed.values()))} kinds of named differences")
    assert sorted(found) == sorted(allowed)


def answered(running: Running, case: dict[str, Any]) -> tuple[Reply, list[CollectorPayload], list[dict]]:
    running.good.records.clear()
    running.bad.records.clear()
    reply = running.ask(raw_request(case["request"]))
    return reply, running.payloads(), running.bad_rows()
