"""The collector as a process: how it starts, how it ends, and that being killed loses nothing it acknowledged."""

import base64
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import msgspec
import pytest
from tests.collector.harness import event, post, read_reply, request

from snowmelt.collector.main import open_log
from snowmelt.collector.settings import Log
from snowmelt.protocol.collector_payload import decode
from snowmelt.streams.log import Appended, Record, Refused
from snowmelt.streams.offsets import SqliteOffsets
from snowmelt.streams.segments import SegmentReader, SegmentWriter
from snowmelt.streams.segments.writer import SEGMENT_BYTES

COMMAND = [sys.executable, "-m", "snowmelt.collector.main", "--port", "0", "--metrics-port", "0"]


@contextmanager
def started(arguments: list[str], folder: Path, **environment: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A collector process that listens, and its port. It is killed at the end if it still runs."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SNOWMELT")}
    with subprocess.Popen(
        [*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder, env=clean | environment
    ) as process:
        assert process.stderr
        try:
            for line in process.stderr:
                if match := re.search(rb" listening on 127\.0\.0\.1:(\d+)", line):
                    yield process, int(match[1])
                    break
            else:
                raise AssertionError("it did not start")
        finally:
            process.kill()


class Load:
    """Clients that send numbered events until the collector goes away, and remember which were acknowledged."""

    def __init__(self, port: int, clients: int = 8) -> None:
        self._port = port
        self._lock = threading.Condition()
        self.acknowledged: list[str] = []
        self._threads = [threading.Thread(target=self._send, args=(number,)) for number in range(clients)]
        for thread in self._threads:
            thread.start()

    def wait_for(self, count: int) -> None:
        with self._lock:
            assert self._lock.wait_for(lambda: len(self.acknowledged) >= count, 30)

    def end(self) -> list[str]:
        for thread in self._threads:
            thread.join(30)
            assert not thread.is_alive()
        return self.acknowledged

    def _send(self, client: int) -> None:
        count = 0
        try:
            with socket.create_connection(("127.0.0.1", self._port), 20) as connection:
                while True:
                    name = f"{client}-{count}"
                    connection.sendall(post(event(eid=name)))
                    if read_reply(connection).status != 200:
                        return
                    with self._lock:
                        self.acknowledged.append(name)
                        self._lock.notify_all()
                    count += 1
        except (OSError, AssertionError):
            return


def stored(folder: Path) -> Counter[str]:
    """How often each event is in the log, read as a consumer would after the next start."""
    SegmentWriter.open(folder).close()
    reader = SegmentReader(folder)
    names: Counter[str] = Counter()
    position = None
    while entries := reader.read("0", position, 1000, 10_000_000):
        position = entries[-1].position
        for entry in entries:
            names[msgspec.json.decode(decode(entry.data).body or "")["data"][0]["eid"]] += 1
    return names


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL, signal.SIGKILL, signal.SIGKILL])
def test_what_was_acknowledged_is_in_the_log_once(tmp_path: Path, ending: signal.Signals) -> None:
    folder = tmp_path / "log"
    with started(["--log-dir", str(folder)], tmp_path) as (process, port):
        load = Load(port)
        load.wait_for(400)
        process.send_signal(ending)
        acknowledged = load.end()
        code = process.wait(20)
    assert code == (-signal.SIGKILL if ending == signal.SIGKILL else 0)
    names = stored(folder)
    assert [name for name in acknowledged if names[name] != 1] == []
    assert set(names.values()) == {1}


def test_a_log_is_carried_on(tmp_path: Path) -> None:
    folder = tmp_path / "log"
    for name in ("1", "2"):
        with started(["--log-dir", str(folder)], tmp_path) as (process, port):
            with socket.create_connection(("127.0.0.1", port), 20) as client:
                client.sendall(post(event(eid=name)))
                assert read_reply(client).status == 200
            process.kill()
            process.wait(20)
    assert stored(folder) == {"1": 1, "2": 1}


def test_a_request_being_sent_at_the_end_is_finished(tmp_path: Path) -> None:
    folder = tmp_path / "log"
    raw = post(event(eid="1"))
    with started(["--log-dir", str(folder)], tmp_path) as (process, port):
        with socket.create_connection(("127.0.0.1", port), 20) as client:
            client.sendall(request("GET", "/health") + raw[:-5])
            assert read_reply(client).status == 200
            process.send_signal(signal.SIGTERM)
            assert process.stderr
            assert any(b"stopping" in line for line in process.stderr)
            client.sendall(raw[-5:])
            reply = read_reply(client)
            assert (reply.status, reply.get("Connection")) == (200, "close")
        assert process.wait(20) == 0
    assert stored(folder) == {"1": 1}


def test_stdout_is_one_record_a_line(tmp_path: Path) -> None:
    with started(["--sink", "stdout"], tmp_path) as (process, port):
        with socket.create_connection(("127.0.0.1", port), 20) as client:
            client.sendall(post(event(eid="1")) + request("GET", "/i?e=pv"))
            assert [read_reply(client).status for _ in range(2)] == [200, 200]
        process.send_signal(signal.SIGTERM)
        assert process.stdout
        payloads = [decode(base64.b64decode(line)) for line in process.stdout]
    assert [payload.path for payload in payloads] == ["/com.snowplowanalytics.snowplow/tp2", "/i"]
    assert payloads[0].collector == "snowmelt-collector-0.1.0-stdout"


def test_the_default_log_is_in_the_workspace(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with started([], tmp_path, SNOWMELT_HOME=str(home)) as (process, port):
        with socket.create_connection(("127.0.0.1", port), 20) as client:
            client.sendall(post(event(eid="1")))
            assert read_reply(client).status == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    assert stored(home / "log") == {"1": 1}


def refused(arguments: list[str], folder: Path, **environment: str) -> str:
    """What a collector that cannot start says last."""
    command = [*COMMAND, *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=30, env=os.environ | environment)
    assert done.returncode == 2, done.stderr
    (line,) = done.stderr.decode().splitlines()
    return line


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        log = ["--log-dir", str(tmp_path / "log")]
        for option, variable in (("--port", "PORT"), ("--metrics-port", "METRICS__PORT")):
            line = refused([*log, option, port], tmp_path)
            assert f"ERROR snowmelt.collector cannot start: 127.0.0.1:{port} cannot be listened on: " in line
            assert line.endswith(f"in use; free that port or set another one in SNOWMELT_COLLECTOR_{variable}")


@pytest.mark.parametrize("port", ["-1", "65536", "http"])
def test_a_port_that_is_none(tmp_path: Path, port: str) -> None:
    done = subprocess.run([*COMMAND, "--port", port], cwd=tmp_path, capture_output=True, timeout=30)
    assert done.returncode == 2
    assert f"{port!r} is no port, which is a number from 0 to 65535" in done.stderr.decode()


def test_positions_of_bad_rows_stay_above_what_was_read_of_them(tmp_path: Path) -> None:
    """Else enrich, which has got that far, would never look at the new ones."""
    offsets = SqliteOffsets(tmp_path / "offsets.sqlite")
    offsets.commit("enrich", "bad-0", f"{4096:020d}")
    offsets.close()
    with ExitStack() as resources:
        (result,) = open_log(tmp_path / "log", Log(), resources).bad.append([Record("", b"{}")])
    assert isinstance(result, Appended)
    assert result.position > f"{4096:020d}"


def test_what_was_read_makes_room(tmp_path: Path) -> None:
    """Two segments fill the budget; the log goes on once enrich has read the first of them."""
    batch = [Record("", bytes(1 << 20))] * 60
    kept = Log(disk_budget=2 * SEGMENT_BYTES, retention="0 s")
    with ExitStack() as resources:
        log = open_log(tmp_path / "log", kept, resources).good
        assert all(isinstance(result, Appended) for result in log.append(batch))
        (*_, last) = log.append(batch)
        assert isinstance(last, Appended)
        (refused,) = {type(result) for result in log.append(batch)[10:]}
        assert refused is Refused
        with closing(SqliteOffsets(tmp_path / "offsets.sqlite")) as offsets:
            offsets.commit("enrich", "0", last.position)
        assert all(isinstance(result, Appended) for result in log.append(batch))


def test_a_log_in_use(tmp_path: Path) -> None:
    log = ["--log-dir", str(tmp_path / "log")]
    with started(log, tmp_path):
        assert "cannot start" in refused(log, tmp_path)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ('{"cookie": {"nam": "x"}}', "nam"),
        ('{"cookie": {"expiration": "soon"}}', "soon"),
        ('{"port": 70000}', "port"),
        ('{"paths": {"/a": "/b/c"}}', "two segments"),
        ('{"doNotTrackCookie": {"value": "("}}', "regular expression"),
        ("{", "not valid"),
    ],
)
def test_settings_that_cannot_be_used(tmp_path: Path, text: str, word: str) -> None:
    file = tmp_path / "collector.json"
    file.write_text(text)
    assert word in refused(["--config", str(file)], tmp_path)


def test_settings_from_file_and_environment(tmp_path: Path) -> None:
    file = tmp_path / "collector.toml"
    file.write_text('[cookie]\nname = "own"\n')
    arguments = ["--config", str(file), "--sink", "stdout"]
    with (
        started(arguments, tmp_path, SNOWMELT_COLLECTOR_COOKIE__SECURE="false") as (_, port),
        socket.create_connection(("127.0.0.1", port), 20) as client,
    ):
        client.sendall(request("GET", "/i"))
        cookie = read_reply(client).get("Set-Cookie")
        assert cookie
        assert cookie.startswith("own=")
        assert "Secure" not in cookie
