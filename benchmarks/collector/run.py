"""Measures the durable collector beside nginx: CPU per request, and the latency of an open loop.

    .venv/bin/python benchmarks/collector/run.py

Both servers run in turn on one core, the load generator on another; every number is the median of the rounds. CPU
is what the kernel counts for all threads of a server's processes (schedstat), so that neighbours matter little.
"""

import argparse
import contextlib
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import open_loop
import requests

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CONNECTIONS = 64
SERVER_CORE, LOAD_CORE = 0, 1


@dataclass(frozen=True)
class Server:
    """A running server."""

    name: str
    pid: int
    port: int

    def cpu_seconds(self) -> float:
        """CPU time of the process, its children and all their threads."""
        return sum(_cpu_ns(pid) for pid in [self.pid, *_children(self.pid)]) / 1e9


def main() -> int:
    """Prints the table; 2 when a tool is missing."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--rate", type=int, default=2000, help="requests a second of the open loop; 0 leaves it out")
    parser.add_argument("--folder", type=Path, help="where the log is written, on the disk that matters")
    arguments = parser.parse_args()
    missing = [tool for tool in ("nginx", "wrk") if shutil.which(tool) is None]
    if missing:
        print(
            f"not found on PATH: {' and '.join(missing)}; on Debian: apt-get install nginx-light wrk", file=sys.stderr
        )
        return 2
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder, contextlib.ExitStack() as running:
        os.sched_setaffinity(0, {LOAD_CORE % (os.cpu_count() or 1)})
        script = Path(folder) / "load.lua"
        script.write_text(requests.lua())
        servers = [running.enter_context(start(Path(folder))) for start in (nginx, collector)]
        costs: dict[str, list[float]] = {server.name: [] for server in servers}
        rates: dict[str, list[float]] = {server.name: [] for server in servers}
        for server in servers:
            _load(server, script, 1)
        for _ in range(arguments.rounds):
            for server in servers:
                before = server.cpu_seconds()
                count, elapsed = _load(server, script, arguments.seconds)
                costs[server.name].append((server.cpu_seconds() - before) / count * 1e6)
                rates[server.name].append(count / elapsed)
        unit = statistics.median(costs["nginx"])
        for name, cost in costs.items():
            middle = statistics.median(cost)
            print(
                f"{name:10} {middle:6.1f} us CPU a request ({min(cost):.1f} to {max(cost):.1f})"
                f"  {middle / unit:4.2f} N  {statistics.median(rates[name]):7.0f} requests/s"
            )
        if arguments.rate:
            print(f"one write and fdatasync of 4 kB: {_sync_milliseconds(Path(folder)):.2f} ms")
            for server in servers * 2:
                latency = open_loop.measure(server.port, arguments.rate, arguments.seconds, requests.raw(), CONNECTIONS)
                print(f"{server.name:10} at {arguments.rate}/s: p50 {latency.p50:.2f} ms, p99 {latency.p99:.2f} ms")
    return 0


@contextlib.contextmanager
def nginx(folder: Path) -> Iterator[Server]:
    """Nginx answering 200 with the same kind of headers."""
    port = _free_port()
    config = folder / "nginx.conf"
    config.write_text((HERE / "nginx.conf").read_text().replace("@FOLDER@", str(folder)).replace("@PORT@", str(port)))
    with _running(["nginx", "-p", str(folder), "-c", str(config)], folder / "nginx.log") as pid:
        _wait_for(port)
        yield Server("nginx", pid, port)


@contextlib.contextmanager
def collector(folder: Path) -> Iterator[Server]:
    """The collector with its segment log."""
    port = _free_port()
    command = [sys.executable, "-m", "snowmelt.collector.main", "--port", str(port), "--metrics-port", "0"]
    with _running([*command, "--log-dir", str(folder / "log")], folder / "collector.log") as pid:
        _wait_for(port)
        yield Server("collector", pid, port)


@contextlib.contextmanager
def _running(command: list[str], log: Path) -> Iterator[int]:
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command,
            stdout=output,
            stderr=output,
            env=environment,
            preexec_fn=lambda: os.sched_setaffinity(0, {SERVER_CORE}),
        ) as process,
    ):
        try:
            yield process.pid
        finally:
            process.terminate()


def _load(server: Server, script: Path, seconds: int) -> tuple[int, float]:
    """Requests answered in a run of wrk, and its seconds. Any answer but 200 fails the benchmark."""
    url = f"http://127.0.0.1:{server.port}/"
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(script), url]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in output or "Socket errors" in output:
        raise SystemExit(f"{server.name} did not answer everything:\n{output}")
    found = re.search(r"(\d+) requests in ([\d.]+)s", output)
    assert found, output
    return int(found[1]), float(found[2])


def _cpu_ns(pid: int) -> int:
    total = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(FileNotFoundError):
            total += int((task / "schedstat").read_text().split()[0])
    return total


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def _wait_for(port: int) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise SystemExit(f"nothing listens on port {port}")


def _sync_milliseconds(folder: Path) -> float:
    with (folder / "sync").open("w+b") as file:
        file.write(b"\0" * (1 << 20))
        file.flush()
        os.fsync(file.fileno())
        times = []
        for _ in range(200):
            started = time.perf_counter()
            os.pwrite(file.fileno(), b"x" * 4096, 0)
            os.fdatasync(file.fileno())
            times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000


if __name__ == "__main__":
    sys.exit(main())
