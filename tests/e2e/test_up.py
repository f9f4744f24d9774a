"""The whole platform by one command: an event sent by HTTP gets into a mart; nothing is left when it stops."""

import json
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

import duckdb
import psutil
import pytest

from snowmelt.demo.processes import snowmelt
from snowmelt.environment import clean_environment
from snowmelt.workspace import Workspace

PORTS = (
    "COLLECTOR_PORT",
    "COLLECTOR_METRICS__PORT",
    "IGLU_REPO_SERVER__PORT",
    "PAGE_PORT",
    "PROXY_COLLECTOR__TLS_PORT",
    "PROXY_COLLECTOR__PLAIN_PORT",
    "PROXY_IGLU__TLS_PORT",
    "PROXY_IGLU__PLAIN_PORT",
    "AIRFLOW_PORT",
)
SAMPLE_INPUT = "iglu:com.patrickcloud/sample_input/jsonschema/1-0-0"
READY_SECONDS, IN_A_MART_SECONDS, STOPPED_SECONDS = 420, 420, 60
"""Bounds for a machine that has other things to do. What it took is printed."""


class Platform:
    """`snowmelt up` on one state folder, every port a free one."""

    def __init__(self, home: Path, project: Path) -> None:
        self.workspace = Workspace(home)
        self.output = home.parent / "up.out"
        with ExitStack() as probes:
            sockets = [probes.enter_context(socket.socket()) for _ in PORTS]
            for probe in sockets:
                probe.bind(("127.0.0.1", 0))
            self.ports = {name: probe.getsockname()[1] for name, probe in zip(PORTS, sockets, strict=True)}
        self.environ = {
            **clean_environment(),
            **{f"SNOWMELT_{name}": str(port) for name, port in self.ports.items()},
            "SNOWMELT_HOME": str(home),
            "SNOWMELT_PROJECT": str(project),
        }

    @contextmanager
    def up(self, end: signal.Signals) -> Iterator[None]:
        """Everything runs for the time of a ``with`` block, which ``end`` ends. Prints how long both ways took."""
        with (
            self.output.open("wb") as output,
            subprocess.Popen(snowmelt("up"), env=self.environ, stdout=output, stderr=output) as process,
        ):
            try:
                print(f"ready after {self.wait('ready', READY_SECONDS, lambda: self.is_ready(process)):.0f} s")
                yield
                process.send_signal(end)
                print(f"stopped after {self.wait('stopped', STOPPED_SECONDS, lambda: process.poll() == 0):.0f} s")
            finally:
                process.kill()
        assert self.processes() == []

    def wait(self, what: str, seconds: float, done: Callable[[], bool]) -> float:
        """Seconds until ``done``. Fails with what the platform said when it takes longer than ``seconds``."""
        started = time.monotonic()
        while not done():
            if time.monotonic() - started > seconds:
                pytest.fail(f"not {what} after {seconds} s:\n{self.output.read_text()}\n{self.status()}")
            time.sleep(0.5)
        return time.monotonic() - started

    def is_ready(self, process: "subprocess.Popen[bytes]") -> bool:
        said = self.output.read_text()
        assert process.poll() is None, said
        return "Everything is up" in said or "Up, without" in said

    def status(self) -> dict[str, object]:
        done = subprocess.run(
            snowmelt("status", "--json"), env=self.environ, capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode in (0, 1), done.stderr
        return json.loads(done.stdout) | {"code": done.returncode}

    def send(self, value: str) -> None:
        """One Sample Input, as a tracker posts it."""
        event = {
            "schema": "iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0",
            "data": {"schema": SAMPLE_INPUT, "data": {"value": value}},
        }
        fields = {"e": "ue", "p": "web", "tv": "test-1", "aid": "up", "eid": str(uuid4()), "ue_pr": json.dumps(event)}
        body = {"schema": "iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4", "data": [fields]}
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.ports['COLLECTOR_PORT']}/com.snowplowanalytics.snowplow/tp2",
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            assert answer.status == 200

    def holds(self, value: str) -> bool:
        """Whether the mart that people read has it."""
        if not self.workspace.published.exists():
            return False
        with duckdb.connect(str(self.workspace.published), read_only=True) as connection:
            found = connection.execute(
                "select count(*) from derived.sample_inputs where sample_input_value = $value", {"value": value}
            )
            return found.fetchall() == [(1,)]

    def processes(self) -> list[str]:
        """Whatever still runs on the state folder, found by environment and by command line."""
        home, found = str(self.workspace.root), []
        for process in psutil.process_iter():
            try:
                if process.environ().get("SNOWMELT_HOME") == home or home in " ".join(process.cmdline()):
                    found.append(" ".join(process.cmdline()))
            except psutil.Error:
                continue
        return found


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_an_event_is_in_a_mart_nothing_is_left_and_it_starts_again(tmp_path: Path, root: Path) -> None:
    platform = Platform(tmp_path / "state", root)
    with platform.up(end=signal.SIGINT):
        platform.send("first")
        took = platform.wait("in a mart", IN_A_MART_SECONDS, lambda: platform.holds("first"))
        print(f"an event was in a published mart after {took:.0f} s")
        dashboard = platform.workspace.reports / "dashboard.html"
        platform.wait("on the dashboard", IN_A_MART_SECONDS, dashboard.exists)
        status = platform.status()
        assert (status["code"], status["well"]) == (0, True), status
        assert {stage["state"] for stage in status["stages"]} == {"up"}  # type: ignore[attr-defined]
        assert None not in status["newest"].values()  # type: ignore[attr-defined]
        refused = subprocess.run(snowmelt("up"), env=platform.environ, capture_output=True, text=True, check=False)
        assert (refused.returncode, "`make up` (process" in refused.stderr) == (2, True)
    assert {stage["state"] for stage in platform.status()["stages"]} == {"down"}  # type: ignore[attr-defined]
    with platform.up(end=signal.SIGTERM):
        platform.send("second")
        platform.wait("in a mart", IN_A_MART_SECONDS, lambda: platform.holds("second"))
        assert platform.holds("first")
    books = subprocess.run(snowmelt("books"), env=platform.environ, capture_output=True, text=True, check=False)
    assert books.returncode == 0, books.stdout
    assert "2 from senders that do not count" in books.stdout
