"""Delivers requests to a collector over HTTP and counts what it acknowledged."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import aiohttp
from yarl import URL

from snowmelt.simulate.tracker import Request

RETRIED = frozenset({408, 429, 500, 502, 503, 504})
"""Answers after which a tracker keeps the event and sends it again."""


@dataclass(slots=True)
class Report:
    """What was sent and how it was answered. ``acknowledged`` counts tracking requests answered 200, once each."""

    acknowledged: int = 0
    events: int = 0
    retries: int = 0
    refused: Counter[int] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)


class SendError(RuntimeError):
    """The collector could not be reached; the message says where, ``report`` what it had acknowledged by then."""

    def __init__(self, message: str, report: Report) -> None:
        super().__init__(message)
        self.report = report


async def send(
    requests: Iterable[Request],
    collector: str,
    *,
    connections: int = 32,
    attempts: int = 5,
    progress: Callable[[Report], None] = lambda report: None,
) -> Report:
    """Sends every request to ``collector`` (scheme, host, port), ``connections`` at a time.

    A request answered 503 or the like is sent again up to ``attempts`` times, as trackers do. Preflights are sent and
    not counted. Raises SendError when the collector cannot be reached.
    """
    report = Report()
    failures: list[str] = []
    waiting: Iterator[Request] = iter(requests)
    base = URL(collector)
    timeout = aiohttp.ClientTimeout(total=60)
    connector = aiohttp.TCPConnector(limit=connections)
    jar = aiohttp.DummyCookieJar()  # each simulated browser brings its own cookies
    async with aiohttp.ClientSession(connector=connector, timeout=timeout, cookie_jar=jar) as session:

        async def work() -> None:
            for request in waiting:
                if failures:  # what is under way is still answered, and counted
                    return
                try:
                    await _deliver(session, base, request, attempts, report)
                except (aiohttp.ClientError, TimeoutError) as error:
                    failures.append(str(error) or "it took too long")
                progress(report)

        async with asyncio.TaskGroup() as group:
            for _ in range(connections):
                group.create_task(work())
    if failures:
        raise SendError(f"no collector answers at {collector}: {failures[0]}", report)
    return report


async def _deliver(session: aiohttp.ClientSession, base: URL, request: Request, attempts: int, report: Report) -> None:
    url = URL(f"{str(base).rstrip('/')}{request.path}", encoded=True)
    for attempt in range(attempts):
        async with session.request(
            request.method, url, data=request.body or None, headers=list(request.headers), allow_redirects=False
        ) as answer:
            await answer.read()
        if answer.status not in RETRIED:
            break
        report.retries += 1
        await asyncio.sleep(0.05 * 2**attempt)
    if request.method == "OPTIONS":
        return
    if answer.status == 200:
        report.acknowledged += 1
        report.events += request.events
        report.kinds[request.kind] += 1
    else:
        report.refused[answer.status] += 1
