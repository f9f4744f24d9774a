"""What browsers are told about every answer: whom the page may talk to, and that nothing is kept without asking."""

from collections.abc import Sequence

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from snowmelt.page.settings import HOST


def host_of(scope: Scope) -> str:
    """The name by which the server was asked, without the port."""
    host = HTTPConnection(scope).url.hostname or "localhost"
    return f"[{host}]" if ":" in host else host


def collectors(addresses: Sequence[str], host: str) -> list[str]:
    """The collectors as a page of this host sees them."""
    return [address.replace(HOST, host) for address in addresses]


class Policy:
    """Adds the headers to the answers of an application."""

    def __init__(self, app: ASGIApp, collectors: Sequence[str]) -> None:
        """``collectors`` are the addresses in the settings; any port of the page's own host is allowed as well."""
        self._app = app
        self._collectors = collectors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers as the application does."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = self._content_security_policy(host_of(scope))
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Cache-Control"] = "no-cache"
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _content_security_policy(self, host: str) -> str:
        reachable = ["'self'", f"http://{host}:*", f"https://{host}:*", *collectors(self._collectors, host)]
        return "; ".join(
            (
                "default-src 'none'",
                "script-src 'self'",
                "style-src 'self'",
                "img-src 'self' data:",
                f"connect-src {' '.join(dict.fromkeys(reachable))}",
                "base-uri 'none'",
                "form-action 'none'",
                "frame-ancestors 'none'",
            )
        )
