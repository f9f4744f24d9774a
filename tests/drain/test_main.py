"""The command: what it refuses, and how it stands in a pipe."""

import base64
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlencode

import pyarrow.parquet as pq
import pytest
from tests.enrich.records import get, wrapped

from snowmelt.drain.main import main
from snowmelt.lake.counts import lake_counts
from snowmelt.lake.store import LocalStore
from snowmelt.streams.log import Record
from snowmelt.streams.segments import SegmentWriter
from snowmelt.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("SNOWMELT_HOME", str(tmp_path / "home"))
    made = Workspace(tmp_path / "home")
    made.prepare()
    return made


def said(capsys: pytest.CaptureFixture[str]) -> str:
    """The last line on standard error."""
    return capsys.readouterr().err.splitlines()[-1]


def test_a_second_one_on_the_same_lake_is_refused(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    unfinished = workspace.lake / "run=2026-11-24-12-00-00-abc" / "positions.json"
    unfinished.parent.mkdir()
    unfinished.touch()
    with LocalStore(workspace.lake).sole_writer():
        assert main(["--once"]) == 2
    assert said(capsys) == (
        f"snowmelt enrich: another process writes to the lake {workspace.lake}; stop it first, or write to another"
    )
    assert unfinished.exists(), "what the first one is writing is not for the second to remove"
    assert main(["--once"]) == 0
    assert not unfinished.exists()


def test_a_lake_that_cannot_tell_where_to_go_on_is_refused(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = workspace.lake / "run=2026-11-24-12-00-00-abc"
    folder.mkdir()
    (folder / "shredding_complete.json").write_text("{}")
    for _ in range(2):
        assert main(["--once"]) == 2
        assert "positions.json is missing or damaged" in said(capsys)
        (folder / "positions.json").write_text("{")


def test_a_disk_without_room_is_one_sentence(
    workspace: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with SegmentWriter.open(workspace.log, segment_bytes=1 << 16) as log:
        log.append([Record("", b"garbage")])
    with monkeypatch.context() as patched:
        patched.setattr(LocalStore, "put", full)
        assert main(["--once"]) == 2
    told = "No space left on device; nothing is lost: mend that and start it again"
    assert said(capsys) == f"snowmelt enrich: [Errno 28] {told}"
    assert main(["--once"]) == 0
    assert lake_counts(LocalStore(workspace.lake)).bad == 1


@pytest.mark.parametrize("name", ["INPUT__MAX_RECORDS", "INPUT__MAX_BYTES", "OUTPUT__MAX_EVENTS", "OUTPUT__MAX_BYTES"])
def test_nothing_is_no_amount(name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """With none at all it would read nothing, for ever."""
    monkeypatch.setenv(f"SNOWMELT_ENRICH_{name}", "0")
    assert main(["--once"]) == 2
    assert f"SNOWMELT_ENRICH_{name}: Expected `int` >= 1" in said(capsys)


COMMAND = [sys.executable, "-m", "snowmelt.cli", "enrich", "--stdin", "--json"]


def enrich(lines: bytes, *options: str, **environ: str) -> "subprocess.CompletedProcess[bytes]":
    """The command over lines, in a process of its own."""
    return subprocess.run([*COMMAND, *options], input=lines, capture_output=True, timeout=60, env=os.environ | environ)


def test_a_log_file_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    done = enrich(b"", "--log-file", str(tmp_path / "none" / "log"))
    assert done.returncode == 2
    assert done.stderr.startswith(b"snowmelt enrich: [Errno 2] No such file or directory")


def test_any_bytes_are_bad_rows_in_any_locale() -> None:
    records = ["Grüße".encode(), b"\xff\xfe", bytes(range(128, 256)), base64.b64encode(os.urandom(7_500_000))]
    done = enrich(b"\n".join(records), LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert (done.returncode, done.stderr) == (0, b"")
    outcomes = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert [(len(outcome["good"]), len(outcome["bad"])) for outcome in outcomes] == [(0, 1)] * len(records)


def test_a_reader_that_has_had_enough_is_no_error_of_ours(tmp_path: Path) -> None:
    lines = tmp_path / "lines"
    lines.write_bytes(b"Z2FyYmFnZQ==\n" * 2000)
    with lines.open("rb") as stdin, subprocess.Popen(COMMAND, stdin=stdin, stdout=-1, stderr=-1) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(30) == 141


# A registry that is down

ACME = "com.acme/page/jsonschema/1-0-0"


@pytest.fixture
def registry(tmp_path: Path, unused_tcp_port: int) -> Iterator[Callable[[], None]]:
    """A resolver configuration at resolver.json, and a call that brings the registry it names to life."""
    http = {"http": {"uri": f"http://127.0.0.1:{unused_tcp_port}"}}
    ours = {"name": "ours", "priority": 0, "vendorPrefixes": [], "connection": http}
    schema = "iglu:com.snowplowanalytics.iglu/resolver-config/jsonschema/1-0-3"
    configuration = {"schema": schema, "data": {"cacheSize": 100, "repositories": [ours]}}
    (tmp_path / "resolver.json").write_text(json.dumps(configuration))
    identity = dict(zip(("vendor", "name", "format", "version"), ACME.split("/"), strict=True))
    file = tmp_path / "registry" / "schemas" / ACME
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"self": identity, "type": "object", "properties": {"id": {"type": "string"}}}))
    servers: list[tuple[ThreadingHTTPServer, threading.Thread]] = []

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *arguments: object) -> None:
            pass

    def start() -> None:
        handler = partial(Quiet, directory=str(tmp_path / "registry"))
        server = ThreadingHTTPServer(("127.0.0.1", unused_tcp_port), handler)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        servers.append((server, thread))

    yield start
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()


def page(number: int) -> bytes:
    """The record of a page view with an entity that only the registry knows."""
    entity = {"schema": f"iglu:{ACME}", "data": {"id": str(number)}}
    return get(urlencode({"e": "pv", "p": "web", "tv": "t", "co": wrapped("contexts", [entity])}))


def fill(workspace: Workspace, records: list[bytes]) -> None:
    with SegmentWriter.open(workspace.log, segment_bytes=1 << 16) as log:
        log.append([Record("", record) for record in records])


def pages(workspace: Workspace) -> list[str]:
    """What the entities in the lake say, in its order."""
    name = "contexts_com_acme_page_1"
    tables = map(pq.read_table, sorted(workspace.lake.glob("run=*/output=good/*.parquet")))
    columns = [table[name].to_pylist() for table in tables if name in table.schema.names]
    return [entity["id"] for column in columns for entities in column if entities for entity in entities]


def test_once_gives_up_with_a_sentence_and_goes_on_at_the_next_start(
    workspace: Workspace,
    tmp_path: Path,
    registry: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("SNOWMELT_ENRICH_REGISTRY_PATIENCE", "0")
    command = ["--once", "--iglu-config", str(tmp_path / "resolver.json")]
    fill(workspace, [get("e=pv&p=web&tv=t"), page(0), page(1)])
    for _ in range(2):
        assert main(command) == 2
        told = said(capsys)
        assert told.startswith(f"snowmelt enrich: the registry 'ours' could not answer for iglu:{ACME}: http://127.")
        assert "Connection refused; after 0 seconds it waits no longer" in told
        counts = lake_counts(LocalStore(workspace.lake))
        assert (counts.records, counts.good, counts.bad) == (1, 1, 0)
    registry()
    assert main(command) == 0
    assert pages(workspace) == ["0", "1"]
    assert lake_counts(LocalStore(workspace.lake)).bad == 0


def test_over_lines_it_waits_too(tmp_path: Path, registry: Callable[[], None]) -> None:
    lines = base64.b64encode(get("e=pv&p=web&tv=t")) + b"\n" + base64.b64encode(page(0)) + b"\n"
    options = ["--iglu-config", str(tmp_path / "resolver.json")]
    done = enrich(lines, *options, SNOWMELT_ENRICH_REGISTRY_PATIENCE="0")
    assert (done.returncode, len(done.stdout.splitlines())) == (2, 1)
    assert b"it waits no longer" in done.stderr
    with subprocess.Popen([*COMMAND, *options], stdin=-1, stdout=-1, stderr=-1) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(lines)
        process.stdin.close()
        first = process.stdout.readline()
        registry()
        second = process.stdout.readline()
        assert process.wait(60) == 0
    assert [(len(json.loads(line)["good"]), json.loads(line)["bad"]) for line in (first, second)] == [(1, []), (1, [])]


def test_killed_and_stopped_while_it_waits_it_keeps_every_event_once(
    workspace: Workspace, tmp_path: Path, registry: Callable[[], None], crash_row: Callable[..., None]
) -> None:
    numbers = [str(number) for number in range(40)]
    fill(workspace, [page(int(number)) for number in numbers])
    command = [*COMMAND[:-2], "--iglu-config", str(tmp_path / "resolver.json")]
    environ = os.environ | {"SNOWMELT_HOME": str(workspace.root)}
    crashes = 0
    for number, code in ((signal.SIGKILL, -signal.SIGKILL), (signal.SIGTERM, 0), (signal.SIGKILL, -signal.SIGKILL)):
        with subprocess.Popen(command, stdout=-1, stderr=-1, env=environ) as process:
            assert process.stderr
            while b"waiting until it can go on: the registry 'ours'" not in process.stderr.readline():
                assert process.poll() is None
            process.send_signal(number)
            assert process.wait(30) == code
        crashes += number == signal.SIGKILL
    registry()
    assert subprocess.run([*command, "--once"], capture_output=True, timeout=60, env=environ).returncode == 0
    found = pages(workspace)
    lost, doubled = len(set(numbers) - set(found)), len(found) - len(set(found))
    crash_row("enrich killed while its registry is down", crashes, len(numbers), lost, doubled)
    assert found == numbers
    assert lake_counts(LocalStore(workspace.lake)).bad == 0
