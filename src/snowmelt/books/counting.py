"""Asks every stage what it counted, against the way of an event.

So what moves on meanwhile is found waiting further up and not missing further down, and the books of a platform at work
balance as those of one at rest do. The models are those of the published copy: they all come from one build.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from snowmelt.books.balance import Counts, Pending
from snowmelt.books.models import ModelCounts, model_counts
from snowmelt.books.senders import read_sent
from snowmelt.lake.counts import LakeCounts, read_sidecars
from snowmelt.lake.run_folder import Positions
from snowmelt.lake.store import LakeError, LocalStore
from snowmelt.loader.counts import warehouse_counts
from snowmelt.loader.duckdb import PATIENCE_SECONDS, DuckDbWarehouse
from snowmelt.loader.errors import LoaderError
from snowmelt.loader.manifest import Manifest, Run, State
from snowmelt.loader.statements import Statements
from snowmelt.streams.log import BAD_PREFIX, StreamError
from snowmelt.streams.segments import SegmentReader
from snowmelt.workspace import Workspace, WorkspaceError

BOOK_ERRORS = (LoaderError, StreamError, LakeError, WorkspaceError, OSError)
"""What keeps the books from being read; each is one sentence."""

_PUBLISHED = "published"


def read_counts(workspace: Workspace, project: Path, patience_s: float = PATIENCE_SECONDS) -> Counts:
    """What each stage of a workspace says. Raises one of BOOK_ERRORS when a stage cannot be asked."""
    sql = project / "include" / "sql" / "duckdb"
    with DuckDbWarehouse(workspace.warehouse, read_only=True, patience_s=patience_s) as warehouse:
        models = _published_models(warehouse, workspace.published, sql)
        loaded = warehouse_counts(warehouse, sql)
        runs = Manifest(warehouse, sql, _utc_now).list_runs()
        unfinished = _rows_of_unfinished(Statements(sql, warehouse), runs)
    sidecars = read_sidecars(LocalStore(workspace.lake))
    logged, waiting = count_log(workspace, _reached(sidecars))
    return Counts(
        sent=read_sent(workspace.sent),
        logged=logged,
        lake=LakeCounts.of(sidecars.values()),
        warehouse=loaded,
        models=models,
        pending=_pending(waiting, sidecars, runs, unfinished),
    )


def count_log(workspace: Workspace, reached: Mapping[str, str]) -> tuple[int, int]:
    """The records in the log and that of the collector's own bad rows: all, and those behind what was reached.

    ``reached`` has the position that run folders go up to, by partition. Raises StreamError.
    """
    logged = waiting = 0
    for prefix, folder in (("", workspace.log), (BAD_PREFIX, workspace.bad)):
        reader = SegmentReader(folder)
        for partition in reader.partitions():
            last = reached.get(f"{prefix}{partition}", "")
            for position in reader.positions(partition):
                logged += 1
                waiting += position > last
    return logged, waiting


def _published_models(warehouse: DuckDbWarehouse, published: Path, sql: Path) -> ModelCounts:
    if not published.exists():
        return ModelCounts()
    warehouse.attach(published, _PUBLISHED)
    return model_counts(warehouse, sql, _PUBLISHED)


def _rows_of_unfinished(statements: Statements, runs: list[Run]) -> tuple[int, int]:
    """Events and bad rows of runs that a killed loader left half loaded: they are in their tables already."""
    found = [
        statements.run("count_run", {"load_tstamp": run.load_tstamp})[0] for run in runs if run.state is State.LOADING
    ]
    return sum(int(str(good)) for good, _ in found), sum(int(str(bad)) for _, bad in found)


def _reached(sidecars: Mapping[str, Positions]) -> dict[str, str]:
    reached: dict[str, str] = {}
    for sidecar in sidecars.values():
        for partition, position in sidecar.reached.items():
            reached[partition] = max(position, reached.get(partition, ""))
    return reached


def _pending(waiting: int, sidecars: Mapping[str, Positions], runs: list[Run], unfinished: tuple[int, int]) -> Pending:
    done = {run.run for run in runs if run.state is not State.LOADING}
    new = [sidecar for name, sidecar in sidecars.items() if name not in done]
    good, bad = sum(sidecar.good for sidecar in new), sum(sidecar.bad for sidecar in new)
    return Pending(waiting, good - unfinished[0], bad - unfinished[1])


def _utc_now() -> datetime:
    return datetime.now(UTC)
