"""The status tells what is up, what is not, and what it could not ask; it waits for nobody long and changes nothing."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from snowmelt.books.balance import Line
from snowmelt.live.freshness import Newest
from snowmelt.live.main import status as status_command
from snowmelt.live.record import Noted, Record
from snowmelt.live.report import as_json, show
from snowmelt.live.stage import Health
from snowmelt.live.status import Books, StageStatus, Status, read_status
from snowmelt.loader.duckdb import DuckDbWarehouse
from snowmelt.loader.load import prepare
from snowmelt.loader.manifest import Run, State
from snowmelt.workspace import Workspace

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
OFF = Line("loaded", (("good events in the lake", 2),), (("in atomic.events", 1),))
EVEN = Line("loaded", (("good events in the lake", 1),), (("in atomic.events", 1),))
HELD = Run("file:///r/", "run=r", State.HELD, NOW, 1, 0, "null [app_id]", NOW, None)
UP = StageStatus("collector", "up", "http://127.0.0.1:8080", NOW)


def status(*stages: StageStatus, books: Books = Books((EVEN,)), held: tuple[Run, ...] = ()) -> Status:  # noqa: B008
    return Status(stages, (Newest("run loaded", NOW), Newest("dashboard", None)), held, books)


@pytest.fixture
def warehouse(workspace: Workspace, root: Path) -> Path:
    with DuckDbWarehouse(workspace.warehouse) as opened:
        prepare(opened, root / "include" / "sql" / "duckdb")
    return workspace.warehouse


@pytest.fixture
def busy(warehouse: Path) -> Iterator[None]:
    """Another process has the warehouse open."""
    hold = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print(flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", hold, str(warehouse)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdin
        assert other.stdout
        other.stdout.readline()
        yield
        other.stdin.close()


def test_without_a_platform_all_is_down(workspace: Workspace, root: Path) -> None:
    found = read_status(workspace, root, ["collector", "enrich"], 0)
    assert [(stage.name, stage.state) for stage in found.stages] == [("collector", "down"), ("enrich", "down")]
    assert found.books == Books()
    assert not found.is_well
    assert not workspace.warehouse.exists()


def test_each_state_of_a_stage(workspace: Workspace, root: Path, unused_tcp_port: int) -> None:
    silent = Health(f"http://127.0.0.1:{unused_tcp_port}/health")
    Record.of_this_process(
        (
            Noted("up", os.getpid(), NOW, True, "here", None),
            Noted("starting", os.getpid(), NOW, False, "", silent),
            Noted("silent", os.getpid(), NOW, True, "", silent),
            Noted("dead", 2**22 + 1, NOW, True, "", None),
        )
    ).write(workspace.live)
    found = read_status(workspace, root, ["up", "starting", "silent", "dead", "never"], 0)
    assert [stage.state for stage in found.stages] == ["up", "starting", "silent", "down", "down"]
    assert found.stages[0] == StageStatus("up", "up", "here", NOW)


def test_the_books_of_an_empty_warehouse_balance(workspace: Workspace, root: Path, warehouse: Path) -> None:
    before = warehouse.stat().st_mtime_ns
    found = read_status(workspace, root, ["collector"], 0)
    assert found.books.lines
    assert found.books.off == []
    assert warehouse.stat().st_mtime_ns == before


def test_a_warehouse_in_use_is_busy_and_no_failure(workspace: Workspace, root: Path, busy: None) -> None:
    found = read_status(workspace, root, ["collector"], 0)
    assert found.books.busy
    assert "busy" in found.books.problem


def test_a_warehouse_in_use_is_told_of_by_the_published_copy(workspace: Workspace, root: Path, warehouse: Path) -> None:
    shutil.copyfile(warehouse, workspace.published)
    warehouse.write_bytes(b"x" * 5000)
    found = read_status(workspace, root, ["collector"], 0)
    assert found.as_published
    assert "cannot be opened" in found.books.problem
    assert not found.books.busy


@pytest.mark.parametrize(
    ("found", "well"),
    [
        (status(UP), True),
        (status(UP, StageStatus("enrich", "silent")), False),
        (status(UP, StageStatus("enrich", "starting")), False),
        (status(UP, books=Books((OFF,))), False),
        (status(UP, books=Books(problem="busy", busy=True)), True),
        (status(UP, books=Books(problem="damaged")), False),
        (status(UP, held=(HELD,)), True),
    ],
)
def test_when_all_is_well(found: Status, well: bool) -> None:
    assert found.is_well is well
    assert as_json(found)["well"] is well


@pytest.mark.parametrize(
    ("books", "words"),
    [
        (Books((EVEN,)), "Books balance"),
        (Books((OFF, EVEN)), "Books do not balance: loaded; `make books` shows the counts"),
        (Books(problem="busy: [ask] again", busy=True), "Books busy: [ask] again"),
        (Books(), "Books nothing is loaded yet"),
    ],
)
def test_a_pipe_gets_plain_words(books: Books, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    show(status(UP, StageStatus("enrich", "down"), books=books, held=(HELD,)), Console(width=100), NOW)
    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert words in lines
    assert "held run=r: null [app_id]" in lines
    assert any(line.split() == ["collector", "up", "http://127.0.0.1:8080", "0", "s", "ago"] for line in lines)
    assert any(line.split() == ["dashboard", "never"] for line in lines)


def test_the_command(
    workspace: Workspace, root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SNOWMELT_HOME", str(workspace.root))
    monkeypatch.setenv("SNOWMELT_PROJECT", str(root))
    assert status_command(["--json"]) == 1
    assert {stage["state"] for stage in json.loads(capsys.readouterr().out)["stages"]} == {"down"}
    (workspace.lake / "run=2026-11-24-12-00-00-abc").mkdir()
    (workspace.lake / "run=2026-11-24-12-00-00-abc" / "shredding_complete.json").touch()
    assert status_command([]) == 2
    assert "positions.json is missing or damaged" in capsys.readouterr().err
    monkeypatch.setenv("SNOWMELT_HOME", str(workspace.root / "none"))
    assert status_command([]) == 2
    assert "make up" in capsys.readouterr().err
