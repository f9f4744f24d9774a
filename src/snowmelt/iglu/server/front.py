"""What every request passes on its way to a route: HEAD, slashes, limits, headers, and the access log."""

import logging
import re
import time
from collections.abc import Callable, MutableMapping
from typing import Any, Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from snowmelt.iglu.server.answers import Refused

log = logging.getLogger("snowmelt.iglu.access")

_KEY: Final = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_SHOWN: Final = 200  # characters of a path

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "frame-ancestors 'none'"
)
"""For the page of the API, whose only own script is in it."""


class Front:
    """An ASGI application around another. `monotonic` is seconds from any moment."""

    def __init__(
        self, app: ASGIApp, max_body: int, hsts_seconds: int | None, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._app = app
        self._max_body = max_body
        self._monotonic = monotonic
        self._headers = {
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        }
        if hsts_seconds is not None:
            self._headers["Strict-Transport-Security"] = f"max-age={hsts_seconds}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = self._monotonic(), 500
        is_head = scope["method"] == "HEAD"

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._add_headers(message)
            elif is_head:
                message = {**message, "body": b""}
            await send(message)

        try:
            await self._app(_asked(scope), _limited(receive, self._max_body), answer)
        finally:
            milliseconds = (self._monotonic() - began) * 1000
            log.info("%s %s %d %.0f ms", scope["method"], _path(scope), status, milliseconds)

    def _add_headers(self, message: MutableMapping[str, Any]) -> None:
        MutableHeaders(scope=message).update(self._headers)


def _asked(scope: Scope) -> Scope:
    """The request as routes know it: GET for HEAD, no slash at the end."""
    method = "GET" if scope["method"] == "HEAD" else scope["method"]
    return {**scope, "method": method, "path": scope["path"].rstrip("/") or "/"}


def _limited(receive: Receive, limit: int) -> Receive:
    """The body of a request, refused as soon as it is larger than the limit."""
    size = 0

    async def limited() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > limit:
            raise Refused(413, f"The request body is larger than {limit} bytes")
        return message

    return limited


def _path(scope: Scope) -> str:
    """The path as it was sent, without its query, and without anything that may be a key."""
    sent: bytes = scope.get("raw_path") or scope["path"].encode("ascii", "replace")
    return _KEY.sub("<key>", sent.partition(b"?")[0][:_SHOWN].decode("ascii", "replace"))
