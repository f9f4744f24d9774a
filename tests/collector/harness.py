"""A collector in a thread, a log in memory, and a client that writes bytes."""

import asyncio
import base64
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import msgspec
import uvloop

from snowmelt.collector.app import Collector
from snowmelt.collector.settings import CollectorSettings, Metrics
from snowmelt.collector.sinks import Sink
from snowmelt.protocol.collector_payload import CollectorPayload, decode
from snowmelt.streams.log import Appended, Record, Refused, Result

TIMEOUT = 20.0


class MemoryWriter:
    """Keeps records in a list. ``failure`` is raised, ``refusal`` answered; a shut gate holds everything up."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.batches: list[int] = []
        self.gate = threading.Event()
        self.gate.set()
        self.waiting = threading.Event()
        self.failure: Exception | None = None
        self.refusal: str | None = None
        self.closed = False

    def append(self, records: Sequence[Record]) -> list[Result]:
        self.waiting.set()
        assert self.gate.wait(TIMEOUT)
        if self.failure is not None:
            raise self.failure
        if self.refusal is not None:
            return [Refused(self.refusal)] * len(records)
        self.batches.append(len(records))
        self.records += records
        return [Appended(f"{position:020d}") for position in range(len(self.records))][-len(records) :]

    def close(self) -> None:
        self.closed = True


@dataclass
class Reply:
    """A response as a client sees it."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def get(self, name: str) -> str | None:
        return next((value for header, value in self.headers if header.lower() == name.lower()), None)


@dataclass
class Running:
    """A collector that listens."""

    collector: Collector
    loop: asyncio.AbstractEventLoop
    port: int
    metrics_port: int | None
    good: MemoryWriter = field(default_factory=MemoryWriter)
    bad: MemoryWriter = field(default_factory=MemoryWriter)

    def connect(self, port: int | None = None) -> socket.socket:
        return socket.create_connection(("127.0.0.1", port or self.port), TIMEOUT)

    def ask(self, raw: bytes) -> Reply:
        """The response to one request, sent alone on a connection."""
        with self.connect() as client:
            client.sendall(raw)
            return read_reply(client, raw.partition(b" ")[0].decode("latin-1"))

    def payloads(self) -> list[CollectorPayload]:
        return [decode(record.data) for record in self.good.records]

    def bad_rows(self) -> list[dict]:
        return [msgspec.json.decode(record.data) for record in self.bad.records]

    def on_loop(self, call: Callable[[], object]) -> None:
        """Runs a call on the collector's event loop and waits for it."""
        done = threading.Event()
        self.loop.call_soon_threadsafe(lambda: (call(), done.set()))
        assert done.wait(TIMEOUT)


@contextmanager
def collecting(
    settings: CollectorSettings | None = None, clock: Callable[[], float] = lambda: 1_800_000_000.25
) -> Iterator[Running]:
    """A collector over memory writers on free ports, stopped in good order at the end."""
    settings = settings or CollectorSettings()
    settings = msgspec.structs.replace(settings, port=0, metrics=Metrics(port=0))
    good, bad = MemoryWriter(), MemoryWriter()
    ready: list[Running] = []
    started = threading.Event()
    stopping: list[asyncio.Event] = []

    async def serve() -> None:
        stop = asyncio.Event()
        stopping.append(stop)
        collector = Collector(settings, Sink("memory", good, bad), clock)
        port, metrics_port = await collector.start()
        ready.append(Running(collector, asyncio.get_running_loop(), port, metrics_port, good, bad))
        started.set()
        await stop.wait()
        await collector.stop()

    thread = threading.Thread(target=lambda: uvloop.run(serve()))
    thread.start()
    assert started.wait(TIMEOUT)
    running = ready[0]
    try:
        yield running
    finally:
        good.gate.set()
        bad.gate.set()
        running.loop.call_soon_threadsafe(stopping[0].set)
        thread.join(TIMEOUT)
        assert not thread.is_alive()
        assert good.closed
        assert bad.closed


def read_reply(client: socket.socket, method: str = "GET") -> Reply:
    """The next response on a connection, and not a byte more."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = client.recv(1)
        assert byte, f"the connection ended after {head!r}"
        head += byte
    status_line, *lines = head[:-4].decode("utf-8").split("\r\n")
    headers = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    reply = Reply(int(status_line.split()[1]), headers, b"")
    size = int(reply.get("Content-Length") or 0) if method != "HEAD" else 0
    while len(reply.body) < size:
        reply.body += client.recv(size - len(reply.body)) or b"?" * size
    return reply


def request(
    method: str,
    target: str,
    headers: Sequence[tuple[str, str]] = (),
    body: bytes | None = None,
    *,
    version: str = "1.1",
    host: str | None = "collector.acme.com",
) -> bytes:
    """The bytes of a request; a Content-Length is added for a body."""
    lines = [f"{method} {target} HTTP/{version}"]
    lines += [f"Host: {host}"] if host is not None else []
    lines += [f"{name}: {value}" for name, value in headers]
    lines += [f"Content-Length: {len(body)}"] if body is not None else []
    return "\r\n".join([*lines, "", ""]).encode() + (body or b"")


def event(**values: str) -> bytes:
    """A POST body with one event."""
    data = {"e": "pv", "p": "web", "tv": "t-0.1", **values}
    return msgspec.json.encode(
        {"schema": "iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4", "data": [data]}
    )


def post(
    body: bytes = b"", headers: Sequence[tuple[str, str]] = (), target: str = "/com.snowplowanalytics.snowplow/tp2"
) -> bytes:
    """A POST of events."""
    return request("POST", target, [("Content-Type", "application/json; charset=UTF-8"), *headers], body)


def unbase64(text: str) -> bytes:
    return base64.b64decode(text)
