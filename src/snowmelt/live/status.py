"""What is up, how fresh each stage is, which runs are held, and what the books say. Asking disturbs nobody."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from snowmelt.books.balance import Line, lines
from snowmelt.books.counting import BOOK_ERRORS, read_counts
from snowmelt.live.freshness import Newest, held, newest
from snowmelt.live.record import Noted, read_record
from snowmelt.loader.duckdb import DuckDbWarehouse, WarehouseBusyError
from snowmelt.loader.errors import LoaderError
from snowmelt.loader.manifest import Manifest, Run
from snowmelt.workspace import Workspace

PATIENCE_SECONDS = 5.0
"""How long one waits for a task to give the warehouse free."""


@dataclass(frozen=True, slots=True)
class StageStatus:
    """Whether a stage is ``up``, ``starting``, ``silent`` (there, but not answering) or ``down``."""

    name: str
    state: str
    address: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Books:
    """What the books say: their lines, or why they cannot be read now."""

    lines: tuple[Line, ...] = ()
    problem: str = ""
    busy: bool = False
    """Whether the problem is only that a task has the warehouse open."""

    @property
    def off(self) -> list[str]:
        """The names of the lines that do not balance."""
        return [line.name for line in self.lines if not line.balanced]


@dataclass(frozen=True, slots=True)
class Status:
    """Everything there is to tell. ``as_published`` says that the runs are as old as the published copy."""

    stages: tuple[StageStatus, ...]
    newest: tuple[Newest, ...]
    held: tuple[Run, ...]
    books: Books
    as_published: bool = False

    @property
    def is_well(self) -> bool:
        """Whether all stages are up and nothing is known to be wrong with the books."""
        books_well = not self.books.off and (self.books.busy or not self.books.problem)
        return all(stage.state == "up" for stage in self.stages) and books_well


def read_status(workspace: Workspace, project: Path, expected: Sequence[str], patience_s: float) -> Status:
    """The status of a workspace, with a line for each stage that is expected."""
    books = Books()
    runs: tuple[Run, ...] = ()
    as_published = False
    if workspace.warehouse.exists():
        books = _read_books(workspace, project, patience_s)
        runs, as_published = _read_runs(workspace, project, 0 if books.busy else patience_s)
    return Status(
        stages=tuple(_stages(workspace, expected)),
        newest=tuple(newest(workspace, runs)),
        held=tuple(held(runs)),
        books=books,
        as_published=as_published,
    )


def _read_books(workspace: Workspace, project: Path, patience_s: float) -> Books:
    try:
        return Books(tuple(lines(read_counts(workspace, project, patience_s))))
    except WarehouseBusyError:
        return Books(problem="busy: a task has the warehouse open; ask again in a moment", busy=True)
    except BOOK_ERRORS as error:
        return Books(problem=str(error).partition("\n")[0])


def _read_runs(workspace: Workspace, project: Path, patience_s: float) -> tuple[tuple[Run, ...], bool]:
    """The runs of the warehouse, or those of the published copy, and whether it was the latter."""
    sql = project / "include" / "sql" / "duckdb"
    for file, is_copy in ((workspace.warehouse, False), (workspace.published, True)):
        try:
            with DuckDbWarehouse(file, read_only=True, patience_s=patience_s) as warehouse:
                return tuple(Manifest(warehouse, sql, datetime.now).list_runs()), is_copy
        except LoaderError:
            continue
    return (), False


def _stages(workspace: Workspace, expected: Sequence[str]) -> list[StageStatus]:
    record = read_record(workspace.live)
    noted = {stage.name: stage for stage in record.stages} if record else {}
    with ThreadPoolExecutor(max_workers=len(expected)) as asked:
        states = asked.map(_state, [noted.get(name) for name in expected])
        return [
            StageStatus(name, state, *((noted[name].address, noted[name].since) if state != "down" else ()))
            for name, state in zip(expected, states, strict=True)
        ]


def _state(stage: Noted | None) -> str:
    if stage is None or not psutil.pid_exists(stage.process):
        return "down"
    if not stage.ready:
        return "starting"
    return "up" if stage.health is None or stage.health.holds() else "silent"
