"""Where Nginx listens."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import msgspec

from snowmelt.settings import Settings

Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]
"""0, for any free one, makes no sense here: who is told to come to a port has to know it before."""

FIRST_UNPRIVILEGED = Path("/proc/sys/net/ipv4/ip_unprivileged_port_start")


class CollectorPorts(Settings, frozen=True):
    """Nginx before the collector."""

    tls_port: Port | None = None
    """None: 443 where this user may listen on it, else 8443."""
    plain_port: Port | None = None
    """Redirects to the port above. None: 80 where this user may listen on it, else 8081."""


class IgluPorts(Settings, frozen=True):
    """Nginx before the registry."""

    tls_port: Port = 8444
    plain_port: Port = 8091


class ProxySettings(Settings, frozen=True):
    """Everything the proxy can be told. What a client may send follows from the collector's settings."""

    interface: str = "127.0.0.1"
    collector: CollectorPorts = CollectorPorts()
    iglu: IgluPorts = IgluPorts()

    def resolved(self, allowed: Callable[[int], bool] | None = None) -> "ProxySettings":
        """The settings with each port named; ``allowed`` tells whether this user may listen on one."""
        may = allowed or may_listen
        tls_port, plain_port = self.collector.tls_port, self.collector.plain_port
        ports = CollectorPorts(
            tls_port=(443 if may(443) else 8443) if tls_port is None else tls_port,
            plain_port=(80 if may(80) else 8081) if plain_port is None else plain_port,
        )
        return msgspec.structs.replace(self, collector=ports)


def may_listen(port: int) -> bool:
    """Whether this user may listen on a port of this machine, should nobody else do."""
    return port >= first_port()


def first_port(effective_user: int | None = None, limit: Path = FIRST_UNPRIVILEGED) -> int:
    """The lowest port that a user may listen on: all are root's, and Linux can be told to open more to everybody."""
    user = os.geteuid() if effective_user is None else effective_user
    if user == 0:
        return 1
    try:
        return int(limit.read_text(encoding="ascii"))
    except (OSError, ValueError):  # macOS, where the low ports are open on all addresses together, not on loopback
        return 1024
