"""Others are told of what was published, and nothing they do holds it up."""

import http.server
import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from tests.iglu.server.harness import Told

from snowmelt.iglu.server.settings import SchemaPublished
from snowmelt.iglu.server.webhooks import Send, Webhooks, post
from snowmelt.protocol.schema_key import SchemaKey, SchemaVer

KEY = SchemaKey("com.acme.shop", "thing", "jsonschema", SchemaVer(1, 0, 0))
ALL = SchemaPublished(uri="http://all")
TARGETS = (
    ALL,
    SchemaPublished(uri="http://acme", vendor_prefixes=("com.other", "com.acme")),
    SchemaPublished(uri="http://acm", vendor_prefixes=("com.acm",)),
    SchemaPublished(uri=""),
)


def tell(targets: tuple[SchemaPublished, ...], send: Send, times: int = 1) -> None:
    """Publishes, and waits until all are told."""
    webhooks = Webhooks(targets, send)
    for _ in range(times):
        webhooks.published(KEY, False)
    webhooks._worker.submit(lambda: None).result(30)
    webhooks.close()


def test_those_are_told_who_asked_for_the_vendor() -> None:
    told = Told()
    tell(TARGETS, told)
    assert [uri for uri, _ in told.messages] == ["http://all", "http://acme"]
    assert told.messages[0][1] == {
        "schema": "iglu:com.snowplowanalytics.iglu/schema_published_event/jsonschema/1-0-0",
        "data": {"schemaKey": KEY.uri, "updated": False},
    }


def test_an_unwilling_one_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    tell((ALL,), Told(status=500))
    assert f"told of {KEY.uri} and answered 500" in caplog.text


def test_an_unreachable_one_is_logged_without_its_address(caplog: pytest.LogCaptureFixture) -> None:
    def fail(uri: str, body: bytes) -> int:
        raise httpx.ConnectError(f"{uri} is away")

    tell((SchemaPublished(uri="http://user:secret@host"),), fail)
    assert f"not told of {KEY.uri}: ConnectError" in caplog.text
    assert "secret" not in caplog.text


def test_nobody_waits_for_a_slow_one(caplog: pytest.LogCaptureFixture) -> None:
    """What does not fit in the queue is dropped, and said."""
    proceed = threading.Event()

    def wait(uri: str, body: bytes) -> int:
        proceed.wait(30)
        return 200

    webhooks = Webhooks((ALL,), wait)
    for _ in range(1010):
        webhooks.published(KEY, False)
    proceed.set()
    webhooks.close()
    assert "1000 others wait" in caplog.text


@contextmanager
def receiver() -> Iterator[tuple[str, list[bytes]]]:
    """A server that takes one message, and what it took."""
    taken: list[bytes] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/", taken
        thread.join(30)


def test_it_is_sent_over_http(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    with receiver() as (uri, taken):
        tell((SchemaPublished(uri=uri),), post)
    assert json.loads(taken[0])["data"]["schemaKey"] == KEY.uri
    assert caplog.text == ""
