"""Refuses to start on ports that others listen on, before anything runs."""

import errno
import socket
from collections.abc import Iterable
from contextlib import suppress

from snowmelt.demo.processes import StageError
from snowmelt.live.stage import Stage

LOOPBACK = "127.0.0.1"


def refuse_taken(stages: Iterable[Stage]) -> None:
    """Raises StageError that names every port that cannot be had, whose it would be and what sets another."""
    wanted: dict[int, str] = {}
    found = []
    for stage in stages:
        for port in stage.ports:
            if port.number in wanted:
                problem: str | None = f"{wanted[port.number]} is to listen there too"
            else:
                problem = _problem(port.number)
            wanted[port.number] = stage.name
            if problem:
                found.append(
                    f"{stage.name} cannot listen on port {port.number}: {problem}; free it or choose by {port.setting}"
                )
    if found:
        raise StageError("\n".join(found))


def _problem(number: int) -> str | None:
    """Why nobody of ours could listen on the port, None when one could."""
    with suppress(OSError), socket.create_connection((LOOPBACK, number), timeout=1):
        return "another program does (it answers)"
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # so that one just given free is free
        try:
            probe.bind((LOOPBACK, number))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return "another program does"
            return (error.strerror or str(error)).lower()
    return None
