"""Tells others of schemas that were published, behind the back of whoever published them."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Semaphore
from typing import Final

import httpx

from snowmelt.iglu.server.permissions import covers
from snowmelt.iglu.server.settings import SchemaPublished
from snowmelt.protocol.json_text import dumps
from snowmelt.protocol.schema_key import SchemaKey, SchemaVer
from snowmelt.protocol.self_describing import SelfDescribing

log = logging.getLogger(__name__)

_EVENT: Final = SchemaKey("com.snowplowanalytics.iglu", "schema_published_event", "jsonschema", SchemaVer(1, 0, 0))
_TIMEOUT_SECONDS: Final = 5.0
_WAITING: Final = 1000

Send = Callable[[str, bytes], int]
"""Posts JSON to an address and gives the status. Raises httpx.HTTPError."""


def post(uri: str, body: bytes) -> int:
    """The `Send` over HTTP; a redirect is not followed."""
    headers = {"Content-Type": "application/json"}
    return httpx.post(uri, content=body, headers=headers, timeout=_TIMEOUT_SECONDS).status_code


class Webhooks:
    """A queue and the one thread that works it off. What does not arrive is logged and not tried again."""

    def __init__(self, targets: tuple[SchemaPublished, ...], send: Send = post) -> None:
        self._targets = targets
        self._send = send
        self._worker = ThreadPoolExecutor(1, "webhooks")
        self._places = Semaphore(_WAITING)

    def published(self, key: SchemaKey, updated: bool) -> None:
        """Tells everybody who asked for this vendor; returns at once."""
        told = [target for target in self._targets if _wants(target, key.vendor)]
        body = dumps(SelfDescribing(_EVENT, {"schemaKey": key.uri, "updated": updated}).to_json()).encode()
        for target in told:
            if self._places.acquire(blocking=False):
                self._worker.submit(self._tell, target.uri, body, key)
            else:
                log.warning("a webhook is not told of %s: %d others wait", key.uri, _WAITING)

    def close(self) -> None:
        """Ends after the message that is under way."""
        self._worker.shutdown(wait=True, cancel_futures=True)

    def _tell(self, uri: str, body: bytes, key: SchemaKey) -> None:
        self._places.release()
        try:
            status = self._send(uri, body)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            log.warning("a webhook was not told of %s: %s", key.uri, type(error).__name__)
        else:
            if not 200 <= status < 300:
                log.warning("a webhook was told of %s and answered %d", key.uri, status)


def _wants(target: SchemaPublished, vendor: str) -> bool:
    prefixes = target.vendor_prefixes
    return bool(target.uri) and (not prefixes or any(covers(prefix, vendor) for prefix in prefixes))
