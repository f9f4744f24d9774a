"""A listening socket and its connections: their common clock, their slow clients, their orderly end."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from snowmelt.collector.connection import Connection, Exchange
from snowmelt.collector.limits import Limits
from snowmelt.collector.messages import Request, Response
from snowmelt.collector.replies import http_date
from snowmelt.listening import BACKLOG, taken

_TICK_SECONDS = 1.0


class Server:
    """The ``Service`` of one port. ``handle`` answers requests, ``clock`` is seconds since 1970."""

    def __init__(
        self,
        limits: Limits,
        clock: Callable[[], float],
        handle: Callable[[Request, Exchange], None],
        received: Callable[[int], None],
        refused: Callable[[Response], None],
    ) -> None:
        self.limits = limits
        self.handle = handle
        """Answers an exchange, now or later."""
        self.received = received
        """Counts bytes that came."""
        self.refused = refused
        """Counts a request that could not be read."""
        self.connections: set[Connection] = set()
        self.opened = 0
        """Connections accepted so far."""
        self.closing = False
        self._deserted = asyncio.Event()
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._listening: asyncio.Server | None = None
        self._timer: asyncio.TimerHandle | None = None
        self.tick()

    def add(self, connection: Connection) -> bool:
        """Takes a new connection; False when there are too many."""
        self.opened += 1
        self.connections.add(connection)
        return len(self.connections) <= self.limits.connections

    def remove(self, connection: Connection) -> None:
        """Forgets a connection that has ended."""
        self.connections.discard(connection)
        if self.closing and not self.connections:
            self._deserted.set()

    def tick(self) -> None:
        """Moves the time on and ends connections that have been slow or quiet for too long."""
        self.now = self._loop.time()
        self.date = b"Date: %b\r\n" % http_date(int(self._clock()))
        for connection in list(self.connections):
            connection.watch()

    async def listen(self, interface: str, port: int, setting: str) -> int:
        """Accepts connections and gives the port, which the system chose if it was 0.

        Raises ListenError, which names ``setting``.
        """
        try:
            self._listening = await self._loop.create_server(
                partial(Connection, self), interface, port, backlog=BACKLOG
            )
        except OSError as error:
            raise taken(interface, port, setting, error) from None
        self._keep_time()
        return int(self._listening.sockets[0].getsockname()[1])

    async def close(self, deadline: float) -> None:
        """Accepts no more, lets open requests finish for at most ``deadline`` seconds, then ends what is left."""
        self.closing = True
        if self._listening is not None:
            self._listening.close()
        if self._timer is not None:
            self._timer.cancel()
        for connection in list(self.connections):
            connection.stop()
        if not self.connections:
            self._deserted.set()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._deserted.wait(), deadline)
        for connection in list(self.connections):
            connection.abort()

    def _keep_time(self) -> None:
        self.tick()
        self._timer = self._loop.call_later(_TICK_SECONDS, self._keep_time)
