"""A request and a response, between the wire and the rules."""

from http import HTTPStatus

import msgspec

PHRASES = {status.value: status.phrase.encode() for status in HTTPStatus}
PHRASES |= {413: b"Payload Too Large", 414: b"URI Too Long"}
TEXT = b"Content-Type: text/plain; charset=UTF-8\r\n"


class Request(msgspec.Struct, frozen=True, gc=False):
    """One whole HTTP request as it came."""

    method: bytes
    target: bytes
    headers: list[tuple[bytes, bytes]]
    body: bytes
    peer: bytes
    """Address of the other end of the connection."""


class Response(msgspec.Struct, frozen=True, gc=False):
    """One HTTP response. ``head`` holds the status line and the header lines, but nothing about the connection."""

    status: int
    head: bytes
    body: bytes = b""


def response(status: int, headers: bytes = b"", body: bytes = b"", *, without_body: bool = False) -> Response:
    """A response of ``status``; ``headers`` are whole lines. A HEAD request is answered ``without_body``."""
    head = b"HTTP/1.1 %d %b\r\n%bContent-Length: %d\r\n" % (status, PHRASES[status], headers, len(body))
    return Response(status, head, b"" if without_body else body)


def text(status: int, body: str) -> Response:
    """A plain text of ``status``."""
    return response(status, TEXT, body.encode())
