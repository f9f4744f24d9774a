"""The books of a platform at work balance at every moment: what moves is pending, and only what is lost is off."""

import shutil
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from snowmelt.books.balance import Pending, lines
from snowmelt.books.counting import read_counts
from snowmelt.books.models import ModelCounts
from snowmelt.collector.main import open_log
from snowmelt.collector.settings import Log
from snowmelt.drain.main import main as enrich
from snowmelt.lake.store import LocalStore
from snowmelt.loader.duckdb import DuckDbWarehouse
from snowmelt.loader.load import load, prepare
from snowmelt.protocol.collector_payload import CollectorPayload, encode
from snowmelt.streams.log import Record
from snowmelt.workspace import Workspace

GOOD = CollectorPayload("127.0.0.1", 1_795_500_000_000, "UTF-8", "c", path="/i", querystring="e=pv&p=web&tv=t-1")
BAD = CollectorPayload("127.0.0.1", 1_795_500_000_000, "UTF-8", "c", path="/i", querystring="e=pv&p=web&tv=t-1&tid=x")


@pytest.fixture
def workspace(tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A prepared workspace with an empty warehouse."""
    monkeypatch.setenv("SNOWMELT_HOME", str(tmp_path))
    made = Workspace(tmp_path)
    made.prepare()
    with DuckDbWarehouse(made.warehouse) as warehouse:
        prepare(warehouse, root / "include" / "sql" / "duckdb")
    return made


@pytest.fixture
def collect(workspace: Workspace) -> Callable[..., None]:
    """Writes requests into the log, and one bad row into that of the collector's own."""

    def write(*payloads: CollectorPayload) -> None:
        with ExitStack() as resources:
            sink = open_log(workspace.log, Log(), resources)
            sink.good.append([Record("", encode(payload)) for payload in payloads])
            sink.bad.append([Record("", b"no bad row")])

    return write


@pytest.fixture
def load_one(workspace: Workspace, root: Path) -> Callable[[], None]:
    def run() -> None:
        with DuckDbWarehouse(workspace.warehouse) as warehouse:
            load(LocalStore(workspace.lake), warehouse, root / "include" / "sql" / "duckdb", lambda: datetime.now(UTC))

    return run


def test_what_moves_is_pending(
    workspace: Workspace, root: Path, collect: Callable[..., None], load_one: Callable[[], None]
) -> None:
    found = []

    def look() -> None:
        counts = read_counts(workspace, root)
        assert [line.name for line in lines(counts) if not line.balanced] == []
        found.append((counts.logged, counts.pending))

    look()
    collect(GOOD, GOOD, BAD)
    look()
    assert enrich(["--once"]) == 0
    look()
    load_one()
    look()
    collect(GOOD)
    assert enrich(["--once"]) == 0
    collect(GOOD, BAD)
    look()
    assert found == [
        (0, Pending()),
        (4, Pending(records=4)),
        (4, Pending(good=2, bad=2)),
        (4, Pending()),
        (9, Pending(records=3, good=1, bad=1)),
    ]


def test_a_load_that_was_killed_half_way_is_off_in_no_line(
    workspace: Workspace, root: Path, collect: Callable[..., None], load_one: Callable[[], None]
) -> None:
    collect(GOOD, BAD)
    assert enrich(["--once"]) == 0
    load_one()
    with DuckDbWarehouse(workspace.warehouse) as warehouse:
        warehouse.execute("update atomic.load_manifest set state = 'loading'", {})
        warehouse.execute("delete from atomic.bad_rows", {})
    counts = read_counts(workspace, root)
    assert counts.pending == Pending(good=0, bad=2)
    assert all(line.balanced for line in lines(counts))


def test_a_lost_folder_and_lost_rows_are_off(
    workspace: Workspace, root: Path, collect: Callable[..., None], load_one: Callable[[], None]
) -> None:
    for _ in range(2):
        collect(GOOD)
        assert enrich(["--once"]) == 0
    load_one()
    with DuckDbWarehouse(workspace.warehouse) as warehouse:
        warehouse.execute("delete from atomic.events", {})
    shutil.rmtree(sorted(workspace.lake.glob("run=*"))[0])
    off = {line.name: line.difference for line in lines(read_counts(workspace, root)) if not line.balanced}
    assert off == {"enriched": 2, "loaded": 1, "kept": -1}


def test_models_are_those_of_the_published_copy(
    workspace: Workspace, root: Path, collect: Callable[..., None], load_one: Callable[[], None]
) -> None:
    collect(GOOD)
    assert enrich(["--once"]) == 0
    load_one()
    release = "update atomic.load_manifest set state = 'released', released_tstamp = $at where state = 'loaded'"
    with DuckDbWarehouse(workspace.warehouse) as warehouse:
        warehouse.execute(release, {"at": datetime(2026, 11, 24, tzinfo=UTC)})
        for statement in (
            "create schema derived",
            "create table derived.stg_events as select released_tstamp from atomic.load_manifest",
            "create table derived.event_quality as select 1 as events, 0 as duplicate_rows",
        ):
            warehouse.execute(statement, {})
    shutil.copyfile(workspace.warehouse, workspace.published)
    collect(GOOD, GOOD)
    assert enrich(["--once"]) == 0
    load_one()
    with DuckDbWarehouse(workspace.warehouse) as warehouse:
        warehouse.execute(release, {"at": datetime(2026, 11, 24, tzinfo=UTC) + timedelta(hours=1)})
        warehouse.execute("delete from derived.event_quality", {})  # as in the middle of a build
    counts = read_counts(workspace, root)
    assert counts.models == ModelCounts(1, 0, 1, 2, (("event_quality", 1),))
    assert all(line.balanced for line in lines(counts))
