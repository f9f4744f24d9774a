"""What the pages of a browser send, are answered and complain of."""

from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response

_LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}
_NO_NETWORK = {"data", "blob", "about"}


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and the status of its answer."""

    method: str
    url: str
    status: int


@dataclass(frozen=True, slots=True)
class Traffic:
    """Everything since ``of`` was called."""

    requested: list[str] = field(default_factory=list)
    """Addresses."""
    answered: list[Exchange] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    """Errors in the console, exceptions that nobody caught, requests that came to nothing."""

    @classmethod
    def of(cls, context: BrowserContext) -> Self:
        """The traffic of all pages of a context, those still to be opened included."""
        traffic = cls()

        def answered(response: Response) -> None:
            traffic.answered.append(Exchange(response.request.method, response.url, response.status))

        def said(message: ConsoleMessage) -> None:
            if message.type == "error":
                traffic.complaints.append(message.text)

        def failed(request: Request) -> None:
            traffic.complaints.append(f"{request.url}: {request.failure}")

        context.on("request", lambda request: traffic.requested.append(request.url))
        context.on("response", answered)
        context.on("requestfailed", failed)
        context.on("console", said)
        context.on("weberror", lambda error: traffic.complaints.append(str(error.error)))
        return traffic

    @property
    def outside(self) -> list[str]:
        """Addresses on other machines that were asked for."""
        parts = [(address, urlsplit(address)) for address in self.requested]
        return [
            address
            for address, found in parts
            if found.scheme not in _NO_NETWORK and found.netloc.rsplit(":", 1)[0] not in _LOOPBACK
        ]
