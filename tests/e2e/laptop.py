"""A whole platform in a temporary folder, run by the commands a user would run."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from snowmelt.demo.processes import running, snowmelt, wait_until_healthy
from snowmelt.environment import clean_environment
from snowmelt.workspace import Workspace

CHAIN = ("load_events", "check_events", "build_models", "refresh_dashboard")


@dataclass(frozen=True, slots=True)
class Laptop:
    """One state folder, one time zone, one port each for the collector and its metrics."""

    home: Path
    project: Path
    timezone: str
    port: int
    metrics_port: int

    @property
    def workspace(self) -> Workspace:
        return Workspace(self.home)

    @property
    def environ(self) -> dict[str, str]:
        return clean_environment(os.environ) | {
            "SNOWMELT_HOME": str(self.home),
            "SNOWMELT_COLLECTOR_PORT": str(self.port),
            "SNOWMELT_COLLECTOR_METRICS__PORT": str(self.metrics_port),
            "TZ": self.timezone,
        }

    @contextmanager
    def collector(self) -> Iterator[str]:
        """The address of a running collector that writes this laptop's log."""
        self.workspace.prepare()
        address = f"http://127.0.0.1:{self.port}"
        log = self.workspace.run_logs / "collector.log"
        with running("the collector", snowmelt("collector"), self.environ, log, f"{address}/health"):
            yield address

    @contextmanager
    def collector_process(self) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
        """The address and the process of a collector that the test is going to kill."""
        self.workspace.prepare()
        address = f"http://127.0.0.1:{self.port}"
        log = self.workspace.run_logs / "collector.log"
        with log.open("wb") as sink, subprocess.Popen(snowmelt("collector"), env=self.environ, stderr=sink) as process:
            wait_until_healthy("the collector", process, log, f"{address}/health", 30)
            yield address, process
            process.kill()

    def run(self, *arguments: str, code: int = 0) -> str:
        """One of our verbs; gives what it printed, and fails the test when it ends otherwise than with ``code``."""
        return self._run(snowmelt(*arguments), code)

    def chain(self, *dags: str, code: int = 0) -> str:
        """DAGs run one after the other through Airflow."""
        return self._run([sys.executable, str(self.project / "plugins" / "run_chain.py"), *(dags or CHAIN)], code)

    def books(self) -> list[dict[str, Any]]:
        """The lines of the books, which must balance."""
        return list(json.loads(self.run("books", "--json"))["lines"])

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of the published copy, which people read."""
        with duckdb.connect(str(self.workspace.published), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def _run(self, command: Sequence[str], code: int) -> str:
        done = subprocess.run(command, env=self.environ, capture_output=True, text=True, check=False, timeout=240)
        assert done.returncode == code, f"{command} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout
