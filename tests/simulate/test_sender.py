"""The sender counts what was acknowledged, once each, and retries what a tracker would retry."""

import asyncio
from collections.abc import Callable

import pytest
from aiohttp import web

from snowmelt.simulate.sender import Report, SendError, send
from snowmelt.simulate.tracker import Request

POST = Request("POST", "/com.snowplowanalytics.snowplow/tp2", (("Content-Type", "application/json"),), b"{}", 2)


def run(requests: list[Request], answer: Callable[[int], int], attempts: int = 5) -> tuple[Report, list[str]]:
    """What the sender reports when the n-th request it makes is answered by ``answer(n)``."""
    seen: list[str] = []

    async def handle(request: web.Request) -> web.Response:
        seen.append(request.method)
        return web.Response(status=answer(len(seen)))

    async def main() -> Report:
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", handle)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        report = await send(requests, f"http://127.0.0.1:{port}", connections=2, attempts=attempts)
        await runner.cleanup()
        return report

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
    with pytest.raises(SendError, match=f"no collector answers at http://127.0.0.1:{unused_tcp_port}"):
        asyncio.run(send([POST], f"http://127.0.0.1:{unused_tcp_port}"))
