"""Serving an ASGI application until the process is told to stop."""

import asyncio
import logging
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from starlette.types import ASGIApp

LAST_REQUESTS_SECONDS = 10
"""How long open requests may take to finish at the end."""


def serve(application: ASGIApp, listening: socket.socket, log: logging.Logger, **options: Any) -> None:  # noqa: ANN401
    """Answers until SIGTERM or SIGINT, then lets open requests finish. ``options`` are uvicorn's own.

    Says in ``log`` when it answers and when it has stopped.
    """
    config = uvicorn.Config(
        application,
        access_log=False,
        log_config=None,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        ws="none",
        timeout_graceful_shutdown=LAST_REQUESTS_SECONDS,
        **options,
    )
    asyncio.run(_Server(config, log).serve([listening]))


class _Server(uvicorn.Server):
    """Uvicorn with the log lines of every server here, and an exit code of its own choice."""

    def __init__(self, config: uvicorn.Config, log: logging.Logger) -> None:
        super().__init__(config)
        self._log = log

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Says when it answers."""
        await super().startup(sockets)
        for one in sockets or ():
            self._log.info("listening on %s:%d", *one.getsockname()[:2])

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Ends in order by a signal, and does not, as uvicorn does, die of it after that."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop)
        yield
        self._log.info("stopped")

    def _stop(self) -> None:
        self._log.info("stopping: open requests finish first")
        self.should_exit = True
