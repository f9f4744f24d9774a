"""HTTP/1.1 on one connection: requests out of bytes, responses in the order of their requests.

Framing only. What is stored and answered is decided behind the ``Service``, which may answer at once or later.
"""

import asyncio
import re
from collections import deque
from typing import Protocol, cast

import httptools

from snowmelt.collector.addresses import UNKNOWN, spelling
from snowmelt.collector.limits import (
    BAD_VERSION,
    HEADERS_TOO_LARGE,
    MALFORMED,
    TIMED_OUT,
    TOO_LARGE,
    TOO_MANY_CONNECTIONS,
    TOO_MANY_HEADERS,
    UNKNOWN_METHOD,
    URI_TOO_LONG,
    Limits,
)
from snowmelt.collector.messages import Request, Response

_CLOSE = b"Connection: close\r\n"
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_VERSION_ERRORS = {"Expected HTTP/, RTSP/ or ICE/", "Invalid HTTP version", "Pause on PRI/Upgrade"}
_MAX_PIPELINED = 64
_LINGER_SECONDS = 5


class Service(Protocol):
    """What every connection shares."""

    limits: Limits
    date: bytes
    """A whole Date line."""
    now: float
    """Seconds on some clock, moved on about once a second."""
    closing: bool
    """Whether connections are to end with their next response."""

    def add(self, connection: "Connection") -> bool:
        """Takes a new connection; False when there are too many."""
        ...

    def remove(self, connection: "Connection") -> None:
        """Forgets a connection that has ended."""
        ...

    def handle(self, request: Request, exchange: "Exchange") -> None:
        """Answers the exchange, now or later."""
        ...

    def received(self, size: int) -> None:
        """Counts bytes that came."""
        ...

    def refused(self, response: Response) -> None:
        """Counts a request that could not be read."""
        ...


class Exchange:
    """One request's place in the row of responses."""

    __slots__ = ("_connection", "last", "response")

    def __init__(self, connection: "Connection", *, last: bool) -> None:
        self._connection = connection
        self.last = last
        self.response: Response | None = None

    def answer(self, response: Response) -> None:
        """Sends the response as soon as all before it are sent."""
        self.response = response
        self._connection.send_answers()


class Connection(asyncio.Protocol):
    """One client. The methods ``on_…`` are called by the parser, the rest by the event loop and the service."""

    __slots__ = (
        "_body",
        "_chunk_size",
        "_discarding",
        "_ended",
        "_exchanges",
        "_first_size",
        "_head_complete",
        "_headers",
        "_later_size",
        "_lingering",
        "_looked_ahead",
        "_parser",
        "_partial",
        "_peer",
        "_refused",
        "_service",
        "_since",
        "_target",
        "_transport",
        "_write_paused",
    )

    _transport: asyncio.Transport | None

    def __init__(self, service: Service) -> None:
        self._service = service
        self._parser = httptools.HttpRequestParser(self)
        self._exchanges: deque[Exchange] = deque()
        self._discarding = False  # nothing the client still sends is looked at
        self._refused = False  # because it sent something that could not be read
        self._lingering = False  # the last response is out, waiting for the client to see it
        self._ended = False  # the client sends no more
        self._write_paused = False
        self._chunk_size = 0  # bytes that came last
        self._first_size = 0  # size of the chunk in which the current request began
        self._later_size = 0  # bytes that came behind that chunk
        self._since = service.now  # when the connection became idle, or its incomplete request began
        self._clear()

    def _clear(self) -> None:
        """Forgets what belongs to one request."""
        self._target = b""
        self._headers: list[tuple[bytes, bytes]] = []
        self._body: bytes | bytearray = b""
        self._head_complete = False
        self._partial = False
        self._looked_ahead = False

    # ---- event loop

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greets a client, or sends it away when there are too many."""
        self._transport = cast(asyncio.Transport, transport)
        name = transport.get_extra_info("peername")
        host = name[0].encode() if name else b""
        self._peer = spelling(host) or UNKNOWN
        if not self._service.add(self):
            self._refuse(TOO_MANY_CONNECTIONS)

    def data_received(self, data: bytes) -> None:
        """Parses what came."""
        if self._discarding:
            return
        size = len(data)
        self._service.received(size)
        self._chunk_size = size
        self._later_size += size
        self._feed(data)
        if self._partial and not self._discarding:
            self._wait_for_more()

    def eof_received(self) -> bool:
        """Keeps a half-closed connection open as long as it waits for answers."""
        self._ended = True
        return bool(self._exchanges)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forgets the client. What it sent is stored all the same."""
        self._transport = None
        self._discarding = True
        self._service.remove(self)

    def pause_writing(self) -> None:
        """The client does not read its responses: takes no more requests."""
        self._write_paused = True
        self._regulate()

    def resume_writing(self) -> None:
        """The client reads again."""
        self._write_paused = False
        self._regulate()

    # ---- parser

    def on_message_begin(self) -> None:
        """The first byte of a request."""
        self._partial = True
        self._first_size = self._chunk_size
        self._later_size = 0
        self._since = self._service.now

    def on_url(self, url: bytes) -> None:
        """A piece of the request target."""
        self._target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header, or a trailer behind a chunked body, which is not looked at."""
        if not self._head_complete:
            self._headers.append((name, value))

    def on_headers_complete(self) -> None:
        """The end of the head."""
        self._head_complete = True
        limits = self._service.limits
        if len(self._headers) > limits.headers:
            self._refuse(TOO_MANY_HEADERS)
        elif self._first_size + self._later_size > limits.header_value:
            if len(self._target) > limits.target:
                self._refuse(URI_TOO_LONG)
            elif (
                self._head_size() > limits.head
                or max((len(value) for _, value in self._headers), default=0) > limits.header_value
            ):
                self._refuse(HEADERS_TOO_LARGE)

    def on_body(self, body: bytes) -> None:
        """A piece of the body."""
        if self._body:
            self._body = bytearray(self._body) if isinstance(self._body, bytes) else self._body
            self._body += body
        else:
            self._body = body
        if len(self._body) > self._service.limits.body:
            self._refuse(TOO_LARGE)

    def on_message_complete(self) -> None:
        """The end of a request."""
        parser = self._parser
        if self._discarding or parser.should_upgrade():
            return
        keep_alive = parser.should_keep_alive()
        if not keep_alive and parser.get_http_version() not in ("1.0", "1.1"):
            self._refuse(BAD_VERSION)
            return
        request = Request(parser.get_method(), self._target, self._headers, bytes(self._body), self._peer)
        self._clear()
        self._discarding = not keep_alive
        exchange = Exchange(self, last=not keep_alive)
        self._exchanges.append(exchange)
        self._service.handle(request, exchange)
        if len(self._exchanges) >= _MAX_PIPELINED:
            self._regulate()

    # ---- service

    def send_answers(self) -> None:
        """Sends the responses that are ready and have nothing unanswered before them."""
        exchanges = self._exchanges
        service = self._service
        crowded = len(exchanges) >= _MAX_PIPELINED
        while exchanges and (response := exchanges[0].response) is not None:
            last = exchanges.popleft().last or (service.closing and not exchanges and not self._partial)
            if self._transport is None:
                continue
            close = _CLOSE if last else b""
            self._transport.write(b"".join((response.head, service.date, close, b"\r\n", response.body)))
            if last:
                self._hang_up()
                return
        if not exchanges:
            self._since = service.now
            if self._ended and self._transport is not None:
                self._transport.close()
        if crowded:
            self._regulate()

    def watch(self) -> None:
        """Ends the connection if it has been slow or quiet for too long. Called about once a second."""
        if self._transport is None:
            return
        quiet = self._service.now - self._since
        if self._lingering:
            if quiet > _LINGER_SECONDS:
                self._transport.abort()
        elif self._exchanges:
            pass
        elif self._partial:
            if quiet > self._service.limits.request:
                self._refuse(TIMED_OUT)
        elif quiet > self._service.limits.idle:
            (self._transport.abort if self._write_paused else self._transport.close)()

    def stop(self) -> None:
        """Ends an idle connection; a busy one ends with its last response."""
        if self._transport is not None and (self._lingering or not (self._exchanges or self._partial)):
            self._transport.close()

    def abort(self) -> None:
        """Ends the connection, whatever it is doing."""
        if self._transport is not None:
            self._transport.abort()

    # ---- inside

    def _feed(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._go_on_without_upgrade(data[upgrade.args[0] :])
        except httptools.HttpParserError as error:
            self._refuse(self._what_is_wrong(error, data))

    def _go_on_without_upgrade(self, rest: bytes) -> None:
        """Reads a request once more as if it had not asked to change the protocol, which a server may ignore.

        The parser stops before the body of such a request. HTTP clients that would rather speak HTTP/2 send them.
        """
        method = self._parser.get_method()
        if method == b"CONNECT":
            self._refuse(UNKNOWN_METHOD)
            return
        lines = [name + b": " + value for name, value in self._headers if name.lower() != b"upgrade"]
        head = b"\r\n".join([method + b" " + self._target + b" HTTP/1.1", *lines, b"", b""])
        self._clear()
        self._parser = httptools.HttpRequestParser(self)
        self._feed(head + rest)

    def _wait_for_more(self) -> None:
        """Looks whether the rest of an incomplete request is worth waiting for."""
        limits = self._service.limits
        if not self._head_complete:
            if len(self._target) > limits.target:
                self._refuse(URI_TOO_LONG)
            elif len(self._headers) > limits.headers:
                self._refuse(TOO_MANY_HEADERS)
            elif max(self._head_size(), self._later_size - len(self._target)) > limits.head:
                self._refuse(HEADERS_TOO_LARGE)
        elif not self._looked_ahead:
            self._looked_ahead = True
            self._look_ahead()

    def _head_size(self) -> int:
        """Bytes of the headers so far."""
        return sum(len(name) + len(value) + 4 for name, value in self._headers)

    def _look_ahead(self) -> None:
        """Refuses a body that is announced as too large, and asks for one that waits to be asked for."""
        announced = {name.lower(): value for name, value in self._headers}
        if int(announced.get(b"content-length", b"0")) > self._service.limits.body:
            self._refuse(TOO_LARGE)
        elif announced.get(b"expect", b"").lower() == b"100-continue" and not self._exchanges and self._transport:
            self._transport.write(_CONTINUE)

    def _refuse(self, response: Response) -> None:
        """Answers what cannot be read on, in its turn, and looks at nothing more from this client."""
        if self._discarding:
            return
        self._discarding = self._refused = True
        exchange = Exchange(self, last=True)
        self._exchanges.append(exchange)
        self._service.refused(response)
        exchange.answer(response)

    def _what_is_wrong(self, error: httptools.HttpParserError, data: bytes) -> Response:
        if isinstance(error, httptools.HttpParserInvalidMethodError):
            return UNKNOWN_METHOD if re.match(rb"[A-Za-z]+ ", data) else MALFORMED
        return BAD_VERSION if str(error) in _VERSION_ERRORS else MALFORMED

    def _hang_up(self) -> None:
        """Ends the connection behind the last response; gently where the client may still be sending."""
        assert self._transport is not None
        self._discarding = True
        self._exchanges.clear()
        if self._ended or not self._refused:
            self._transport.close()
            return
        self._lingering = True
        self._since = self._service.now
        self._transport.write_eof()

    def _regulate(self) -> None:
        """Reads on only while responses go out."""
        if self._transport is None or self._transport.is_closing():
            return
        if self._write_paused or len(self._exchanges) >= _MAX_PIPELINED:
            self._transport.pause_reading()
        else:
            self._transport.resume_reading()
