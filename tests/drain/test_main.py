"""The command: what it refuses, and how it stands in a pipe."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

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
