"""The work of two DAGs without Airflow: judge and release the loaded runs, or publish and render the dashboard."""

import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from snowmelt.loader.duckdb import DuckDbWarehouse
from snowmelt.loader.manifest import Manifest, State
from snowmelt.workspace import Workspace

PROJECT = Path(__file__).parents[2]
sys.path.insert(0, str(PROJECT / "plugins"))


def check(workspace: Workspace) -> None:
    """What check_events does."""
    import suites

    with DuckDbWarehouse(workspace.warehouse) as warehouse:
        manifest = Manifest(warehouse, PROJECT / "include" / "sql" / "duckdb", lambda: datetime.now(UTC))
        runs = [run for run in manifest.list_runs() if run.state is State.LOADED]
    for run in runs:
        for suite in map(suites.read, ("run_counts", "atomic_events")):
            with duckdb.connect(workspace.warehouse) as connection:
                frame = connection.execute(suite.query, {"load_tstamp": run.load_tstamp.replace(tzinfo=None)}).df()
            failed = suites.failed(suites.judge(suite, frame), suites.Severity.STOP)
            if failed:
                sys.exit(f"{run.run}: {failed}")
        with DuckDbWarehouse(workspace.warehouse) as warehouse:
            manifest = Manifest(warehouse, PROJECT / "include" / "sql" / "duckdb", lambda: datetime.now(UTC))
            manifest.release(run.base)


def dashboard(workspace: Workspace) -> None:
    """What publish_copy and refresh_dashboard do."""
    import dashboard_page

    shutil.copyfile(workspace.warehouse, workspace.published)
    parameters = {"backend": "duckdb", "database": str(workspace.published)}
    dashboard_page.render(dashboard_page.FOLDER / "dashboard.py", workspace.reports / "dashboard.html", parameters)


if __name__ == "__main__":
    {"check": check, "dashboard": dashboard}[sys.argv[1]](Workspace.from_environment())
