"""Latency under a fixed rate: each request is timed from when it was due, so that waiting counts too."""

import asyncio
import statistics
import time
from dataclasses import dataclass

import uvloop


@dataclass(frozen=True)
class Latency:
    """Milliseconds."""

    p50: float
    p99: float


def measure(port: int, rate: int, seconds: float, messages: list[bytes], connections: int) -> Latency:
    """The latency of ``rate`` requests a second, sent in turn over so many connections."""
    times = uvloop.run(_measure(port, rate, seconds, messages, connections))
    cuts = statistics.quantiles(times, n=100)
    return Latency(cuts[49] * 1000, cuts[98] * 1000)


class _Client(asyncio.Protocol):
    def __init__(self, times: list[float]) -> None:
        self._times = times
        self._due: list[float] = []
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]

    def send(self, message: bytes, due: float) -> None:
        self._due.append(due)
        self.transport.write(message)

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter()
        for _ in range(data.count(b"HTTP/1.1 200")):
            self._times.append(now - self._due.pop(0))


async def _measure(port: int, rate: int, seconds: float, messages: list[bytes], connections: int) -> list[float]:
    loop = asyncio.get_running_loop()
    times: list[float] = []
    clients = [(await loop.create_connection(lambda: _Client(times), "127.0.0.1", port))[1] for _ in range(connections)]
    start, count = time.perf_counter(), int(rate * seconds)
    sent = 0
    while sent < count:
        due_now = int((time.perf_counter() - start) * rate)
        while sent < min(due_now, count):
            clients[sent % connections].send(messages[sent % len(messages)], start + sent / rate)
            sent += 1
        await asyncio.sleep(0)  # timers are too coarse: this process has a core of its own
    for _ in range(500):
        if len(times) >= count:
            break
        await asyncio.sleep(0.01)
    for client in clients:
        client.transport.close()
    if len(times) < count:
        raise SystemExit(f"{count - len(times)} requests were not answered with 200")
    return times
