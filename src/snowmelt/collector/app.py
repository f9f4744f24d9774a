"""The running collector: rules, group commit and connections joined, from start to a shutdown that loses nothing."""

import asyncio
import logging
import os
import signal
import time
from collections.abc import Callable
from functools import partial

import uvloop

from snowmelt import __version__
from snowmelt.collector.commit import GroupCommit
from snowmelt.collector.connection import Exchange
from snowmelt.collector.identity import Ids
from snowmelt.collector.limits import Limits
from snowmelt.collector.messages import Request, Response, text
from snowmelt.collector.metrics import Meters, Page, State
from snowmelt.collector.pages import UNAVAILABLE, Pages
from snowmelt.collector.rules import METHODS, NOT_FOUND, Decision, Rules
from snowmelt.collector.server import Server
from snowmelt.collector.settings import CollectorSettings
from snowmelt.collector.sinks import Sink
from snowmelt.protocol.bad_rows import Processor
from snowmelt.settings import seconds

log = logging.getLogger(__name__)

NAME = "snowmelt-collector"
FAILED = text(500, "internal server error")


class Collector:
    """One collector on the running event loop. ``clock`` is seconds since 1970, ``entropy`` gives random bytes."""

    def __init__(
        self,
        settings: CollectorSettings,
        sink: Sink,
        clock: Callable[[], float] = time.time,
        entropy: Callable[[int], bytes] = os.urandom,
    ) -> None:
        loop = asyncio.get_running_loop()
        self._settings = settings
        self._clock = clock
        self._terminating = False
        self._started = False
        self.meters = Meters()
        self._commit = GroupCommit(sink, settings.streams.queue, self.meters, loop.call_soon, loop.call_soon_threadsafe)
        pages = Pages(settings, lambda: not self._terminating, lambda: self._commit.healthy)
        self._rules = Rules(settings, pages, Processor(NAME, __version__), sink.name, Ids(entropy))
        limits = Limits.of(settings.networking)
        self.server = Server(limits, clock, self._handle, self._received, self._refused)
        self.metrics = Server(limits, clock, self._show_metrics, lambda _: None, lambda _: None)
        self._page = Page(self.meters, self._state)

    async def start(self) -> tuple[int, int | None]:
        """Listens; gives the port for trackers and the one of the metrics page. Raises ListenError."""
        settings = self._settings
        port = await self.server.listen(settings.interface, settings.port, "SNOWMELT_COLLECTOR_PORT")
        metrics_port = None
        if settings.metrics.enabled:
            metrics_port = await self.metrics.listen(
                settings.metrics.interface, settings.metrics.port, "SNOWMELT_COLLECTOR_METRICS__PORT"
            )
        self._started = True
        return port, metrics_port

    async def stop(self) -> None:
        """Ends: unhealthy first, then no new connections, then every open request answered, then the sink closed."""
        self._terminating = True
        if self._started:
            await asyncio.sleep(seconds(self._settings.pre_termination_period))
        await self.server.close(seconds(self._settings.termination_deadline))
        await self.metrics.close(0)
        await asyncio.to_thread(self._commit.close)

    def _handle(self, request: Request, exchange: Exchange) -> None:
        try:
            decision = self._rules.decide(request, int(self._clock() * 1000))
        except Exception:
            log.exception("a request could not be handled")
            decision = Decision("failed", FAILED)
        if not decision.good and not decision.bad:
            self._answer(request.method, decision, exchange, True)
            return
        settle = partial(self._answer, request.method, decision, exchange)
        if not self._commit.submit(decision.good, decision.bad, settle):
            settle(False)

    def _answer(self, method: bytes, decision: Decision, exchange: Exchange, durable: bool) -> None:
        response = decision.response if durable else UNAVAILABLE
        self.meters.requests[method if method in METHODS else b"other", decision.route, response.status] += 1
        exchange.answer(response)

    def _received(self, size: int) -> None:
        self.meters.received_bytes += size

    def _refused(self, response: Response) -> None:
        self.meters.requests[b"other", "unreadable", response.status] += 1

    def _state(self) -> State:
        server, commit = self.server, self._commit
        return State(
            connections=len(server.connections),
            connections_opened=server.opened,
            queued_records=commit.queued_records,
            queued_bytes=commit.queued_bytes,
            sink_healthy=commit.healthy,
        )

    def _show_metrics(self, request: Request, exchange: Exchange) -> None:
        known = request.method == b"GET" and request.target in (b"/", b"/metrics")
        exchange.answer(self._page.response() if known else NOT_FOUND)


def run(settings: CollectorSettings, sink: Sink) -> None:
    """Collects until SIGTERM or SIGINT, then finishes what was begun. Raises ListenError."""
    uvloop.run(_run(settings, sink))


async def _run(settings: CollectorSettings, sink: Sink) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    collector = Collector(settings, sink)
    try:
        port, metrics_port = await collector.start()
        if metrics_port is not None:
            log.info("metrics on %s:%d", settings.metrics.interface, metrics_port)
        log.info("listening on %s:%d", settings.interface, port)
        await stop.wait()
        log.info("stopping: open requests finish first")
    finally:
        await collector.stop()
    log.info("stopped")
