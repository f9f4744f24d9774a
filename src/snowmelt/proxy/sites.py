"""Nginx' configuration from the settings: one site before the collector, one before the registry."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import indent

from snowmelt.collector.settings import CollectorSettings, Networking
from snowmelt.iglu.server.settings import IgluSettings
from snowmelt.proxy.template import render
from snowmelt.settings import seconds

_ROOM = 1024
"""Bytes around what the collector counts: a method and a version, a header's name."""
_ANY = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - where to reach an application that listens on every address
_UNWRITABLE = re.compile(r'["$\\;{}\0-\x1f]')


class SiteError(ValueError):
    """A configuration that cannot be written; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Site:
    """One application behind Nginx."""

    name: str
    upstream: str
    """Host and port."""
    health: str
    """Path of its health page."""
    tls_port: int
    plain_port: int
    body_limit: int
    """Bytes."""
    header_buffers: str
    """Number and size, as Nginx writes them."""
    read_timeout: int
    """Seconds a client may take to send one request."""
    idle_timeout: int
    """Seconds a client's quiet connection is kept …"""
    upstream_timeout: int
    """… and one to the application, which has to be less than the application keeps it."""
    metrics: str | None = None
    """Host and port of its Prometheus page."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What the sites of one machine share."""

    folder: Path
    """Nginx' own: configuration, pid, temporary files."""
    project: Path
    """The folder that holds infra/ and web/."""
    certificate: Path
    key: Path
    interface: str = "127.0.0.1"
    user: str | None = None
    """Whom the workers run as, where the master process is root."""
    may_see_metrics: tuple[str, ...] = ("127.0.0.1", "::1")


def collector_site(settings: CollectorSettings, tls_port: int, plain_port: int) -> Site:
    """The collector's site: whatever the collector takes passes, and what is refused here it would refuse too.

    Raises SiteError for a collector whose port nobody knows before it has started.
    """
    networking, metrics = settings.networking, settings.metrics
    return Site(
        name="collector",
        upstream=upstream(settings.interface, settings.port, "SNOWMELT_COLLECTOR_PORT"),
        health="/health",
        tls_port=tls_port,
        plain_port=plain_port,
        body_limit=networking.drop_payload_size,
        header_buffers=header_buffers(networking),
        read_timeout=math.ceil(seconds(networking.response_header_timeout)),
        idle_timeout=math.ceil(seconds(networking.idle_timeout)),
        upstream_timeout=_shorter(networking.idle_timeout),
        metrics=upstream(metrics.interface, metrics.port, "SNOWMELT_COLLECTOR_METRICS__PORT")
        if metrics.enabled
        else None,
    )


def iglu_site(settings: IgluSettings, tls_port: int, plain_port: int) -> Site:
    """The registry's site. Of headers it takes what the collector takes by default.

    Raises SiteError for a registry whose port nobody knows before it has started.
    """
    server, networking = settings.repo_server, Networking()
    return Site(
        name="iglu",
        upstream=upstream(server.interface, server.port, "SNOWMELT_IGLU_REPO_SERVER__PORT"),
        health="/api/meta/health",
        tls_port=tls_port,
        plain_port=plain_port,
        body_limit=server.max_payload_size,
        header_buffers=header_buffers(networking),
        read_timeout=math.ceil(seconds(networking.response_header_timeout)),
        idle_timeout=math.ceil(seconds(networking.idle_timeout)),
        upstream_timeout=_shorter(server.idle_timeout),
    )


def _shorter(idle_timeout: str) -> int:
    """Seconds to keep a quiet connection to an application that itself keeps it for so long."""
    return max(1, min(60, int(seconds(idle_timeout) / 2)))


def upstream(interface: str, port: int, setting: str) -> str:
    """Host and port at which an application is reached. Raises SiteError for port 0, which stands for any."""
    if port == 0:
        raise SiteError(f"{setting} is 0, so Nginx cannot know where to pass requests: set a port")
    return f"{_ANY.get(interface, interface)}:{port}"


def header_buffers(networking: Networking) -> str:
    """``NUMBER SIZE`` of Nginx' buffers that hold every request line and all headers the collector takes.

    A line lies in one buffer, whole; what is left of a buffer is lost to a header that does not fit into it.
    """
    longest = max(networking.max_request_line_length, networking.max_header_value_length)
    size = longest + 2 * _ROOM
    filled = size - networking.max_header_value_length - _ROOM
    return f"{1 + math.ceil(networking.max_headers_length / filled)} {size}"


def write(machine: Machine, sites: Sequence[Site]) -> Path:
    """Writes the configuration of a machine into its folder and gives the file Nginx starts from.

    Raises SiteError, TemplateError and OSError.
    """
    (machine.folder / "sites").mkdir(parents=True, exist_ok=True)
    (machine.folder / "temporary").mkdir(exist_ok=True)
    for site in sites:
        (machine.folder / "sites" / f"{site.name}.conf").write_text(_site(machine, site), encoding="utf-8")
    main = machine.folder / "nginx.conf"
    values = {
        "folder": _path(machine.folder),
        "error_log": "stderr notice",
        "user": f"user {machine.user};" if machine.user else "",
    }
    main.write_text(_rendered(machine, "nginx", values), encoding="utf-8")
    return main


def _site(machine: Machine, site: Site) -> str:
    values: dict[str, str | int] = {
        "name": site.name,
        "upstream": site.upstream,
        "health": site.health,
        "interface": machine.interface,
        "plain_port": site.plain_port,
        "tls_port": site.tls_port,
        "public_port": "" if site.tls_port == 443 else f":{site.tls_port}",
        "certificate": _path(machine.certificate),
        "key": _path(machine.key),
        "body_limit": site.body_limit,
        "header_buffers": site.header_buffers,
        "read_timeout": site.read_timeout,
        "idle_timeout": site.idle_timeout,
        "upstream_timeout": site.upstream_timeout,
    }
    locations = [_rendered(machine, "console", {"name": site.name, "web": _path(machine.project / "web")})]
    if site.metrics:
        allowed = "\n    ".join(f"allow {address};" for address in machine.may_see_metrics)
        locations.append(_rendered(machine, "metrics", {"metrics": site.metrics, "allowed": allowed}))
    values["locations"] = indent("\n".join(locations), "    ").strip()
    return _rendered(machine, "site", values)


def _rendered(machine: Machine, name: str, values: Mapping[str, str | int]) -> str:
    file = machine.project / "infra" / "nginx" / f"{name}.conf.template"
    return render(file.name, file.read_text(encoding="utf-8"), values)


def _path(path: Path) -> str:
    """An absolute path that stands between quotes. Raises SiteError for one that would be read as something else."""
    text = str(path.absolute())
    if found := _UNWRITABLE.search(text):
        raise SiteError(f"the folder {text!r} holds {found[0]!r}, which Nginx' configuration cannot: choose another")
    return text
