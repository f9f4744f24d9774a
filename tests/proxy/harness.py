"""Nginx on free ports with the configuration that `snowmelt proxy` writes."""

import http.client
import os
import shutil
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
from tests.browsers.machine import absent, free_ports

from snowmelt.collector.settings import CollectorSettings, Metrics
from snowmelt.iglu.server.settings import IgluSettings, RepoServer
from snowmelt.proxy import binary, sites
from snowmelt.proxy.binary import Nginx
from snowmelt.proxy.certificate import Certificate
from snowmelt.proxy.foreground import Line
from snowmelt.proxy.sites import Machine

ROOT = Path(__file__).parents[2]
TIMEOUT = 20.0


@dataclass(frozen=True, slots=True)
class Answer:
    """A response; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Proxy:
    """A running Nginx. ``tls`` and ``plain`` are the collector's ports."""

    machine: Machine
    tls: int
    plain: int
    iglu_tls: int
    iglu_plain: int

    def context(self) -> ssl.SSLContext:
        """Trusts this machine's certificate and no other."""
        return ssl.create_default_context(cafile=str(self.machine.certificate))

    def ask(self, method: str, target: str, body: bytes | None = None, /, port: int = 0, **headers: str) -> Answer:
        """The answer over TLS; underscores in header names stand for hyphens."""
        connection = http.client.HTTPSConnection("localhost", port or self.tls, timeout=TIMEOUT, context=self.context())
        return exchange(connection, method, target, body, headers)

    def ask_plainly(
        self, method: str, target: str, body: bytes | None = None, /, port: int = 0, **headers: str
    ) -> Answer:
        """The answer without TLS."""
        connection = http.client.HTTPConnection("localhost", port or self.plain, timeout=TIMEOUT)
        return exchange(connection, method, target, body, headers)


def exchange(
    connection: http.client.HTTPConnection, method: str, target: str, body: bytes | None, headers: Mapping[str, str]
) -> Answer:
    """The answer to one request; underscores in header names stand for hyphens."""
    try:
        spelled = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, target, body, spelled)
        answer = connection.getresponse()
        content = answer.read()
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, content)
    finally:
        connection.close()


def nginx() -> Nginx:
    """The installed Nginx; without one the test is skipped."""
    return binary.find(Path("/nowhere")) or absent(f"there is no nginx on this machine: {binary.advice()}")


def configured(
    folder: Path,
    collector: CollectorSettings | None = None,
    *,
    port: int = 9,
    metrics_port: int = 9,
    iglu_port: int = 9,
    change: Callable[[Machine], Machine] = lambda machine: machine,
) -> tuple[Proxy, Path]:
    """The configuration of a proxy before applications on those ports (9 discards: nobody listens), and its file."""
    settings = msgspec.structs.replace(collector or CollectorSettings(), port=port, metrics=Metrics(port=metrics_port))
    registry = IgluSettings(repo_server=RepoServer(port=iglu_port))
    certificate = Certificate(folder / "tls")
    certificate.ensure()
    user = "root" if os.geteuid() == 0 else None
    machine = change(Machine(folder / "nginx", ROOT, certificate.file, certificate.key, user=user))
    ports = free_ports(4)
    both = (sites.collector_site(settings, *ports[:2]), sites.iglu_site(registry, *ports[2:]))
    return Proxy(machine, *ports), sites.write(machine, both)


@contextmanager
def running(program: Nginx, main: Path, **options: str) -> Iterator[None]:
    """Nginx for the time of a ``with`` block; its exit code must be 0."""
    command = [program.program, "-p", main.parent, "-c", main, "-g", "daemon off;"]
    with subprocess.Popen(
        command, env=program.environment(), stderr=subprocess.PIPE, text=True, errors="replace", **options
    ) as process:
        assert process.stderr
        try:
            said = []
            for raw in process.stderr:
                said.append(raw)
                if Line.read(raw).listening:
                    break
            else:
                raise AssertionError("".join(said))
            reader = threading.Thread(target=process.stderr.read)  # or it would stop when the pipe is full
            reader.start()
            yield
        finally:
            process.terminate()
        assert process.wait(TIMEOUT) == 0
        reader.join(TIMEOUT)


@contextmanager
def proxying(folder: Path, collector: CollectorSettings | None = None, **ports: int) -> Iterator[Proxy]:
    """A running proxy in a folder whose name has a space."""
    program = nginx()
    proxy, main = configured(folder / "a folder", collector, **ports)
    with running(program, main):
        yield proxy


def gixy() -> str:
    """The program that looks for mistakes in Nginx' configuration."""
    found = shutil.which("gixy", path=str(Path(os.sys.executable).parent))
    assert found
    return found
