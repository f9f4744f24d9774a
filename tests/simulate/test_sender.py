"""The sender counts what was acknowledged, once each, and retries what a tracker would retry."""

import asyncio
from collections.abc import Callable

import pytest
from aiohttp import web

from snowmelt.simulate.sender import Report, SendError, send
from snowmelt.simulate.tracker import Request

POST = Request("POST", "/com.snowplowanalytics.snowplow/tp2", (("Content-Type", "application/json"),), b"{}", 2)


def run(
    requests: list[Request], answer: Callable[[int], int | None], attempts: int = 5, connections: int = 2
) -> tuple[Report, list[str]]:
    """What the sender reports when the n-th request it makes is answered by ``answer(n)``, or cut off by None."""
    seen: list[str] = []

    async def handle(request: web.Request) -> web.Response:
        seen.append(request.method)
        status = answer(len(seen))
        if status is None and request.transport:
            request.transport.abort()
        return web.Response(status=status or 200)

    async def main() -> Report:
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", handle)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        try:
            return await send(requests, f"http://127.0.0.1:{port}", connections=connections, attempts=attempts)
        finally:
            await runner.cleanup()

    return asyncio.run(main()), seen


def test_acknowledged_requests_and_their_events_are_counted() -> None:
    report, seen = run([POST] * 5, lambda n: 200)
    assert (report.acknowledged, report.events, report.retries, len(seen)) == (5, 10, 0, 5)


def test_a_preflight_is_sent_and_not_counted() -> None:
    report, seen = run([Request("OPTIONS", "/i", (), b"", 0), POST], lambda n: 200)
    assert report.acknowledged == 1
    assert sorted(seen) == ["OPTIONS", "POST"]


def test_an_overloaded_collector_is_asked_again() -> None:
    report, seen = run([POST], lambda n: 503 if n < 3 else 200)
    assert (report.acknowledged, report.retries, len(seen)) == (1, 2, 3)


def test_what_stays_refused_is_counted_by_status() -> None:
    report, _ = run([POST], lambda n: 503, attempts=2)
    assert (report.acknowledged, report.events, report.refused) == (0, 0, {503: 1})
    report, seen = run([POST], lambda n: 413)
    assert (report.refused, len(seen)) == ({413: 1}, 1)


def test_no_collector_is_one_sentence(unused_tcp_port: int) -> None:
    with pytest.raises(SendError, match=f"no collector answers at http://127.0.0.1:{unused_tcp_port}") as failed:
        asyncio.run(send([POST], f"http://127.0.0.1:{unused_tcp_port}"))
    assert failed.value.report == Report()


def test_what_is_no_address_is_one_sentence() -> None:
    with pytest.raises(SendError, match="no collector answers at localhost:8080"):
        asyncio.run(send([POST], "localhost:8080"))


def test_what_was_acknowledged_before_the_collector_went_away_is_told() -> None:
    """Else the books of all that comes later would be off by it."""
    with pytest.raises(SendError, match="no collector answers") as failed:
        run([POST] * 9, lambda n: 200 if n <= 3 else None, connections=1)
    assert (failed.value.report.acknowledged, failed.value.report.events) == (3, 6)
