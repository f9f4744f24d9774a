"""The tracker page's settings."""

import re

from snowmelt.settings import Port, Settings

HOST = "{host}"
"""Stands in a collector's address for the name by which the page was asked."""

_ADDRESS = re.compile(r"https?://(?:\{host\}|[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?")
_NAME = re.compile(r"[A-Za-z0-9.-]+")


class PageSettings(Settings, frozen=True):
    """Everything the page's server can be told."""

    interface: str = "127.0.0.1"
    port: Port = 8083
    """0 takes any free port; the log says which."""
    hosts: tuple[str, ...] = ()
    """Names it answers to besides localhost; any other is refused, so that no foreign page can read through it."""
    collectors: tuple[str, ...] = ("https://{host}:8443", "http://{host}:8080")
    """Where the page sends events: the first that the browser can reach. ``{host}`` is the page's own name.

    Page and collector have to share it, or the browser keeps the collector's cookie from it.
    """

    def __post_init__(self) -> None:
        """Refuses what is no address or no name: both stand in the page's security policy."""
        for address in self.collectors:
            if not _ADDRESS.fullmatch(address):
                raise ValueError(f"{address!r} is no collector, write it as 'https://{{host}}:8443'")
        for name in self.hosts:
            if not _NAME.fullmatch(name):
                raise ValueError(f"{name!r} is no host name, write it without scheme and port")
        if not self.collectors:
            raise ValueError("collectors is empty: name at least one")
