"""Bytes on a socket: framing, order, limits, slow and rude clients."""

import asyncio
import socket
import threading
from typing import cast

import pytest
from tests.collector.harness import Running, collecting, event, post, read_reply, request

from snowmelt.collector.settings import CollectorSettings, Networking, Streams

PIXEL = request("GET", "/i?e=pv&p=web&tv=x")


def closes(client: socket.socket) -> bool:
    """Whether the other end says no more."""
    return client.recv(1000) == b""


def test_keep_alive() -> None:
    with collecting() as running, running.connect() as client:
        for number in range(3):
            client.sendall(post(event(eid=str(number))))
            assert read_reply(client).status == 200
        assert len(running.good.records) == 3


def test_connection_close() -> None:
    with collecting() as running, running.connect() as client:
        client.sendall(request("GET", "/i", [("Connection", "close")]) + PIXEL)
        reply = read_reply(client)
        assert (reply.status, reply.get("Connection")) == (200, "close")
        assert closes(client)
        assert len(running.good.records) == 1


def test_http_10() -> None:
    with collecting() as running, running.connect() as client:
        client.sendall(request("GET", "/i", version="1.0"))
        assert read_reply(client).status == 200
        assert closes(client)


def test_pipelined_requests_are_answered_in_order() -> None:
    """Those that need no record would be ready first."""
    targets = ["/i?e=pv", "/health", "/i?e=pp", "/nothing", "/robots.txt", "/i?e=se"] * 40
    with collecting() as running, running.connect() as client:
        client.sendall(b"".join(request("GET", target) for target in targets))
        client.shutdown(socket.SHUT_WR)
        received = b""
        while chunk := client.recv(65536):
            received += chunk
        kinds = [part.split(b"\r\n\r\n")[1][:3] for part in received.split(b"HTTP/1.1 ")[1:]]
        assert kinds == [b"GIF", b"OK", b"GIF", b"404", b"Use", b"GIF"] * 40
        assert [payload.querystring for payload in running.payloads()] == ["e=pv", "e=pp", "e=se"] * 40


@pytest.mark.parametrize("size", [1, 7, 100])
def test_a_request_in_pieces(size: int) -> None:
    raw = post(event(page="Grüße"), [("Cookie", "a=b; sp=1")])
    with collecting() as running, running.connect() as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for start in range(0, len(raw), size):
            client.sendall(raw[start : start + size])
        assert read_reply(client).status == 200
        assert running.payloads()[0].body == event(page="Grüße").decode()
        assert running.payloads()[0].network_user_id == "1"


def test_chunked_body_and_trailers() -> None:
    """A trailer is no header: it could smuggle an address past the proxy."""
    head = request("POST", "/a/b", [("Transfer-Encoding", "chunked")])
    with collecting() as running:
        reply = running.ask(head + b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nX-Forwarded-For: 203.0.113.5\r\n\r\n")
        (payload,) = running.payloads()
        assert (reply.status, payload.body) == (200, "abcde")
        assert payload.ip_address == "127.0.0.1"
        assert not any("203.0.113.5" in line for line in payload.headers)


def test_an_unwanted_upgrade_is_ignored() -> None:
    """As Java's HTTP client asks for HTTP/2 in every first request."""
    upgrade = [("Connection", "Upgrade, HTTP2-Settings"), ("Upgrade", "h2c"), ("HTTP2-Settings", "AAEAAEAA")]
    with collecting() as running, running.connect() as client:
        client.sendall(post(event(), upgrade) + post(event(eid="2")))
        assert read_reply(client).status == 200
        assert read_reply(client).status == 200
        assert [payload.body for payload in running.payloads()] == [event().decode(), event(eid="2").decode()]


def test_expect_continue() -> None:
    head, _, body = post(event(), [("Expect", "100-continue")]).partition(b"\r\n\r\n")
    with collecting() as running, running.connect() as client:
        client.sendall(head + b"\r\n\r\n")
        assert client.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(body)
        assert read_reply(client).status == 200
        assert len(running.good.records) == 1


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"GET /i?e=pv x HTTP/1.1\r\nHost: a\r\n\r\n", 505),
        (b"GET /i HTTP/3.0\r\nHost: a\r\n\r\n", 505),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
        (b"FETCH /i HTTP/1.1\r\nHost: a\r\n\r\n", 501),
        (b"CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", 501),
        (b"PROPFIND /a/b HTTP/1.1\r\nHost: a\r\n\r\n", 501),
        (b"\x16\x03\x01\x00\xa5\x01\x00\x00", 400),
        (b"GET /i?page=\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"GET /i HTTP/1.1\r\nHost : a\r\n\r\n", 400),
        (b"GET /i HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n", 400),
        (b"GET /i\r\n\r\n", 505),
        (b"POST /a/b HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", 400),
        (b"POST /a/b HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        (b"POST /a/b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
        (request("GET", "/i?" + "a" * 32_768), 414),
        (request("GET", "/i", [("A", "x" * 8_193)]), 431),
        (request("GET", "/i", [(f"A{n}", "x" * 8_000) for n in range(20)])[:-2], 431),
        (b"GET /i?" + b"a" * 400_000, 414),
        (request("GET", "/i", [(f"A{n}", "x") for n in range(100)])[:-2], 400),
        (request("GET", "/i", [(f"A{n}", "x") for n in range(64)]), 400),
        (request("POST", "/a/b", [("Content-Length", "2097153")]), 413),
        (request("POST", "/a/b", [("Transfer-Encoding", "chunked")]) + b"200001\r\n" + b"x" * 0x200001, 413),
    ],
)
def test_refused(raw: bytes, status: int) -> None:
    with collecting() as running, running.connect() as client:
        client.sendall(raw)
        reply = read_reply(client)
        assert (reply.status, reply.get("Connection")) == (status, "close") or status == 501
        assert running.good.records == []


@pytest.mark.parametrize(
    "raw",
    [
        request("GET", "/i?" + "a" * 32_700),
        request("GET", "/i", [("A", "x" * 8_192)]),
        request("GET", "/i", [(f"A{n}", "x") for n in range(63)]),
        request("POST", "/a/b", (), b"x" * (2 * 1024 * 1024)),
    ],
)
def test_just_allowed(raw: bytes) -> None:
    with collecting(CollectorSettings(streams=Streams(max_bytes=10_000_000))) as running:
        assert running.ask(raw).status == 200
        assert len(running.good.records) == 1


def test_a_refusal_waits_for_the_answers_before_it() -> None:
    with collecting() as running, running.connect() as client:
        client.sendall(PIXEL + b"nonsense\r\n\r\n")
        assert read_reply(client).status == 200
        assert read_reply(client).status == 501


def test_a_client_that_half_closes_is_answered() -> None:
    with collecting() as running, running.connect() as client:
        running.good.gate.clear()
        client.sendall(post(event()))
        client.shutdown(socket.SHUT_WR)
        assert running.good.waiting.wait(10)
        running.good.gate.set()
        assert read_reply(client).status == 200
        assert closes(client)


def test_a_client_that_goes_in_the_middle_leaves_nothing() -> None:
    raw = post(event())
    with collecting() as running:
        with running.connect() as client:
            client.sendall(raw[:-10])
            client.shutdown(socket.SHUT_WR)
            assert closes(client)
        assert running.ask(PIXEL).status == 200
        assert len(running.good.records) == 1


def test_a_client_that_goes_before_the_answer_is_stored() -> None:
    with collecting() as running:
        running.good.gate.clear()
        with running.connect() as client:
            client.sendall(post(event()))
            assert running.good.waiting.wait(10)
        running.good.gate.set()
        assert running.ask(PIXEL).status == 200
        assert len(running.good.records) == 2


def later(running: Running, seconds: float) -> None:
    """Lets the collector's connections believe that time has passed."""

    def move() -> None:
        server = running.collector.server
        server.now += seconds
        for connection in list(server.connections):
            connection.watch()

    running.on_loop(move)


def seen(running: Running, size: int) -> None:
    """Waits until the collector has received so many bytes."""
    done = threading.Event()

    def look() -> None:
        if running.collector.meters.received_bytes >= size:
            done.set()
        else:
            running.loop.call_later(0.001, look)

    running.loop.call_soon_threadsafe(look)
    assert done.wait(10)


@pytest.mark.parametrize("part", [b"GET /i", post(event())[:-5]])
def test_a_slow_request_times_out(part: bytes) -> None:
    with collecting() as running, running.connect() as client:
        client.sendall(part)
        seen(running, len(part))
        later(running, 31)
        assert read_reply(client).status == 408
        assert closes(client)
        later(running, 6)


def test_a_drip_of_bytes_does_not_win_time() -> None:
    with collecting() as running, running.connect() as client:
        for count, byte in enumerate(b"GET /i?aaaa", start=1):
            client.sendall(bytes([byte]))
            seen(running, count)
            later(running, 3)
        assert read_reply(client).status == 408


def test_a_quiet_connection_is_kept_and_then_closed() -> None:
    with collecting() as running, running.connect() as client:
        client.sendall(PIXEL)
        assert read_reply(client).status == 200
        later(running, 600)
        client.sendall(PIXEL)
        assert read_reply(client).status == 200
        later(running, 611)
        assert closes(client)


def test_a_slow_log_is_not_the_clients_fault() -> None:
    with collecting() as running, running.connect() as client:
        running.good.gate.clear()
        client.sendall(PIXEL)
        assert running.good.waiting.wait(10)
        later(running, 10_000)
        running.good.gate.set()
        assert read_reply(client).status == 200


def test_too_many_connections() -> None:
    with collecting(CollectorSettings(networking=Networking(max_connections=1))) as running, running.connect() as first:
        first.sendall(PIXEL)
        assert read_reply(first).status == 200
        with running.connect() as second:
            assert read_reply(second).status == 503
        first.sendall(PIXEL)
        assert read_reply(first).status == 200


def test_a_client_that_reads_nothing_is_not_read_either() -> None:
    """The responses it does not fetch must not fill the memory."""
    with collecting() as running, running.connect() as client:
        client.setblocking(False)
        sent = 0
        bunch = request("GET", "/health") * 1000
        with pytest.raises(BlockingIOError):
            for _ in range(2000):
                sent += client.send(bunch)
        assert sent < 2000 * len(bunch)
        assert running.ask(PIXEL).status == 200


def test_a_client_that_never_reads_does_not_keep_its_place() -> None:
    """What it was sent will not go out, however long one waits."""
    with collecting() as running, running.connect() as client:
        client.sendall(PIXEL)
        assert read_reply(client).status == 200
        (connection,) = running.collector.server.connections
        running.on_loop(lambda: cast(asyncio.Transport, connection._transport).write(bytes(64 << 20)))
        for quiet in (611, 0, 0):
            later(running, quiet)
        assert not running.collector.server.connections
