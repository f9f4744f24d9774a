"""Every server of a laptop on free ports: what browsers and other trackers send to."""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from tests.browsers.machine import free_ports
from tests.e2e.laptop import Laptop

from snowmelt.demo.processes import StageError, last_words, snowmelt

PATIENCE_S = 60


@dataclass(frozen=True, slots=True)
class Installation:
    """A laptop, with Nginx before its collector and its registry, and the tracker page."""

    laptop: Laptop
    tls_port: int
    plain_port: int
    page_port: int
    iglu_port: int
    iglu_tls_port: int
    iglu_plain_port: int

    @classmethod
    def on_free_ports(cls, home: Path, project: Path) -> "Installation":
        """One whose state is in ``home``; nothing runs yet."""
        collector, metrics, *others = free_ports(8)
        return cls(Laptop(home, project, "UTC", collector, metrics), *others)

    @property
    def collector(self) -> str:
        """The collector as browsers and trackers know it: Nginx, HTTPS, a certificate signed by itself."""
        return f"https://localhost:{self.tls_port}"

    @property
    def page(self) -> str:
        """The server of the tracker page, under the name of the collector, so that its cookies are kept."""
        return f"http://localhost:{self.page_port}"

    @property
    def tracker_page(self) -> str:
        """The tracker page, sending to ``collector``."""
        return f"{self.page}/?collector={self.collector}"

    @property
    def registry(self) -> str:
        """The registry behind Nginx."""
        return f"https://localhost:{self.iglu_tls_port}"

    @property
    def certificate(self) -> Path:
        """What a careful client trusts."""
        return self.laptop.home / "tls" / "certificate.pem"

    @property
    def environ(self) -> dict[str, str]:
        return self.laptop.environ | {
            "SNOWMELT_PROJECT": str(self.laptop.project),
            "SNOWMELT_PAGE_PORT": str(self.page_port),
            "SNOWMELT_PAGE_COLLECTORS": json.dumps([f"https://{{host}}:{self.tls_port}"]),
            "SNOWMELT_PROXY_COLLECTOR__TLS_PORT": str(self.tls_port),
            "SNOWMELT_PROXY_COLLECTOR__PLAIN_PORT": str(self.plain_port),
            "SNOWMELT_PROXY_IGLU__TLS_PORT": str(self.iglu_tls_port),
            "SNOWMELT_PROXY_IGLU__PLAIN_PORT": str(self.iglu_plain_port),
            "SNOWMELT_IGLU_REPO_SERVER__PORT": str(self.iglu_port),
        }

    def build_page(self) -> None:
        """Builds the tracker page, which ``page`` serves."""
        build = [str(self.laptop.project / "scripts" / "build_page.sh")]
        done = subprocess.run(build, env=self.environ, capture_output=True, text=True, check=False, timeout=240)
        assert done.returncode == 0, done.stderr

    @contextmanager
    def serving(self, *stages: str) -> Iterator[None]:
        """The servers named, and before them the collector, for the time of a ``with`` block."""
        health = {
            "iglu": f"http://127.0.0.1:{self.iglu_port}/api/meta/health",
            "page": f"{self.page}/health",
            "proxy": f"{self.collector}/health",
        }
        with ExitStack() as running, self.laptop.collector():
            for stage in stages:
                running.enter_context(self._server(stage, health[stage]))
            yield

    @contextmanager
    def _server(self, stage: str, health: str) -> Iterator[None]:
        """One server until the end of the block; it must end with exit code 0."""
        log = self.laptop.workspace.run_logs / f"{stage}.log"
        with log.open("wb") as sink, subprocess.Popen(snowmelt(stage), env=self.environ, stderr=sink) as process:
            try:
                _wait_until_healthy(stage, process, health, log)
                yield
            finally:
                process.terminate()
                code = process.wait(PATIENCE_S)
        if code:
            raise StageError(f"{stage} ended with exit code {code}:\n{last_words(log)}")


def _wait_until_healthy(stage: str, process: "subprocess.Popen[bytes]", health: str, log: Path) -> None:
    """Returns once ``health`` answers 200. The certificate is not looked at: who must trust it, looks."""
    deadline = time.monotonic() + PATIENCE_S
    with httpx.Client(verify=False, timeout=2) as client:
        while process.poll() is None and time.monotonic() < deadline:
            try:
                if client.get(health).status_code == httpx.codes.OK:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
    raise StageError(f"{stage} does not answer at {health}:\n{last_words(log)}")
