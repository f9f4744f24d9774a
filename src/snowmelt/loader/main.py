"""The commands `snowmelt load` and `snowmelt runs`."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from snowmelt.iglu.registry import RegistryFailure
from snowmelt.lake.store import LocalStore
from snowmelt.loader.duckdb import DuckDbWarehouse
from snowmelt.loader.errors import LoaderError
from snowmelt.loader.load import load, prepare
from snowmelt.loader.manifest import Manifest, Run
from snowmelt.workspace import Workspace, WorkspaceError


def main(argv: Sequence[str]) -> int:
    """Loads new run folders and gives the exit code: 0, or 2 with the reason when it cannot."""
    parser = argparse.ArgumentParser(
        prog="snowmelt load", description="Load the lake's new run folders into the warehouse, each once."
    )
    parser.add_argument("--lake", type=Path, help="folder of the lake; default: the workspace's")
    _add_warehouse(parser)
    options = parser.parse_args(argv)

    def work(warehouse: DuckDbWarehouse) -> None:
        lake = options.lake or Workspace.from_environment().lake
        if not lake.is_dir():
            raise LoaderError(f"there is no lake at {lake}; name its folder with --lake")
        found = load(LocalStore(lake), warehouse, options.sql, _utc_now)
        for run in found:
            print(f"{run.run}: {run.good} events, {run.bad} bad rows")
        print(f"{len(found)} run folders loaded")

    return _on_warehouse("load", options.warehouse, work)


def runs(argv: Sequence[str]) -> int:
    """Lists runs, or releases or drops one that is held; the exit code is 0, or 2 with the reason."""
    parser = argparse.ArgumentParser(prog="snowmelt runs", description="What the warehouse knows of run folders.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    _add_warehouse(verbs.add_parser("list", help="every run and its state, oldest first"))
    for verb, purpose in (
        ("release", "let the models read a run that was held, or not checked"),
        ("drop", "remove the events of a run that is held, for good"),
    ):
        changing = verbs.add_parser(verb, help=purpose)
        changing.add_argument("base", metavar="BASE", help="the run folder: its URI or its name")
        _add_warehouse(changing)
    options = parser.parse_args(argv)

    def work(warehouse: DuckDbWarehouse) -> None:
        prepare(warehouse, options.sql)
        manifest = Manifest(warehouse, options.sql, _utc_now)
        match options.verb:
            case "list":
                found = manifest.list_runs()
            case "release":
                found = [manifest.release(options.base)]
            case _:
                found = [manifest.drop(options.base)]
        for run in found:
            print(_line(run))

    return _on_warehouse("runs", options.warehouse, work)


def _add_warehouse(parser: argparse.ArgumentParser) -> None:
    project = Path(os.environ.get("SNOWMELT_PROJECT", "."))
    parser.add_argument("--warehouse", type=Path, help="DuckDB file; default: the workspace's")
    parser.add_argument(
        "--sql",
        type=Path,
        default=project / "include" / "sql" / "duckdb",
        help="folder of statements; default: include/sql/duckdb of the project",
    )


def _on_warehouse(verb: str, file: Path | None, work: Callable[[DuckDbWarehouse], None]) -> int:
    try:
        workspace = Workspace.from_environment()
        if file is None:
            workspace.prepare()
        with DuckDbWarehouse(file or workspace.warehouse) as warehouse:
            work(warehouse)
    except (LoaderError, RegistryFailure, WorkspaceError, OSError) as error:
        print(f"snowmelt {verb}: {error}", file=sys.stderr)
        return 2
    return 0


def _line(run: Run) -> str:
    reason = f": {run.reason}" if run.reason else ""
    loaded = f"{run.load_tstamp:%Y-%m-%d %H:%M:%S.%f}"
    return f"{run.run}  {run.state.value:<8}  {loaded}  {run.count_good} events, {run.count_bad} bad rows{reason}"


def _utc_now() -> datetime:
    return datetime.now(UTC)
