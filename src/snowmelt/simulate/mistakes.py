"""Broken trackers: requests that a collector accepts and enrich must turn into bad rows, each of its own kind."""

from collections.abc import Callable
from random import Random

import orjson

from snowmelt.simulate.tracker import COLLECT_PATH, PAYLOAD_DATA, Request, contexts, entity, self_describing_event

Breaker = Callable[[Request], Request]


def broken(random: Random, like: Request) -> Request:
    """A request from the same browser as ``like`` that has one thing wrong with it."""
    return random.choice(BREAKERS)(like)


def _with_body(
    like: Request,
    body: bytes,
    kind: str,
    path: str = COLLECT_PATH,
    content_type: str = "application/json; charset=UTF-8",
    events: int = 0,
) -> Request:
    headers = tuple(header for header in like.headers if header[0] != "Content-Type")
    typed = (*headers, ("Content-Type", content_type))
    return Request("POST", path, typed, body, events, kind, like.sent_at)


def _one_event(like: Request, kind: str, extra: dict[str, str]) -> Request:
    event = {"e": "pv", "p": "web", "tv": "js-4.10.1", "aid": "shop", "url": "https://shop.example.com/"} | extra
    return _with_body(like, orjson.dumps({"schema": PAYLOAD_DATA, "data": [event]}), kind, events=1)


def _cut_short(like: Request) -> Request:
    return _with_body(like, b'{"schema":"iglu:com.snowplowanalytics.snowplow/payload_data/jso', "cut short")


def _numbers_for_text(like: Request) -> Request:
    body = {"schema": PAYLOAD_DATA, "data": [{"e": "pv", "p": "web", "tv": "own-1.0", "vid": 3}]}
    return _with_body(like, orjson.dumps(body), "numbers for text")


def _wrong_content_type(like: Request) -> Request:
    body = orjson.dumps({"schema": PAYLOAD_DATA, "data": [{"e": "pv", "p": "web", "tv": "own-1.0"}]})
    return _with_body(like, body, "wrong content type", content_type="text/plain")


def _unknown_adapter(like: Request) -> Request:
    return _with_body(like, b'{"ping":true}', "unknown adapter", path="/com.acme.webhook/v9")


def _not_a_number(like: Request) -> Request:
    return _one_event(like, "not a number", {"vid": "three"})


def _unknown_schema(like: Request) -> Request:
    sdj = orjson.dumps(self_describing_event("com.acme/nobody_registered_this/1-0-0", {"a": 1})).decode()
    return _one_event(like, "unknown schema", {"e": "ue", "ue_pr": sdj})


def _invalid_event(like: Request) -> Request:
    sdj = orjson.dumps(self_describing_event("com.patrickcloud/sample_input/1-0-0", {"value": 17})).decode()
    return _one_event(like, "invalid event", {"e": "ue", "ue_pr": sdj})


def _invalid_entity(like: Request) -> Request:
    wrapped = contexts([entity("com.snowplowanalytics.snowplow/web_page/1-0-0", {"id": "not-a-uuid"})])
    return _one_event(like, "invalid entity", {"co": orjson.dumps(wrapped).decode()})


def _garbled_base64(like: Request) -> Request:
    return _one_event(like, "garbled base64", {"cx": "%%%not base64%%%"})


BREAKERS: tuple[Breaker, ...] = (
    _cut_short,
    _numbers_for_text,
    _wrong_content_type,
    _unknown_adapter,
    _not_a_number,
    _unknown_schema,
    _invalid_event,
    _invalid_entity,
    _garbled_base64,
)
