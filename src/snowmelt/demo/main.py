"""The command `snowmelt demo`."""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console

from snowmelt.books.balance import Sent
from snowmelt.books.counting import BOOK_ERRORS, count_log, read_counts
from snowmelt.books.main import show, wide_console
from snowmelt.books.senders import OTHERS, append_line, read_sent, report_line, sent_by_others
from snowmelt.collector.settings import CollectorSettings
from snowmelt.demo.processes import StageError, follow, run, running, snowmelt
from snowmelt.environment import airflow_environment, clean_environment
from snowmelt.lake.counts import lake_counts
from snowmelt.lake.store import LocalStore
from snowmelt.settings import SettingsError, read
from snowmelt.workspace import Workspace, WorkspaceError

CHAIN = ("load_events", "check_events", "build_models", "refresh_dashboard")


def main(argv: Sequence[str]) -> int:
    """Runs the demonstration and gives its exit code: 0 when every stage ran and the books balance."""
    options = _parser().parse_args(argv)
    console = wide_console()
    try:
        workspace = Workspace.from_environment()
        workspace.prepare()
        project = project_folder(os.environ.get("SNOWMELT_PROJECT"))
        with workspace.sole_user("make demo"):
            _stages(console, workspace, project, options.events, options.seed)
        return _close(console, workspace, project)
    except (StageError, SettingsError, *BOOK_ERRORS) as error:
        print(f"snowmelt demo: {error}", file=sys.stderr)
        return 1


def project_folder(named: str | None) -> Path:
    """The folder that holds dags/, dbt/, include/ and plugins/: the checkout, unless SNOWMELT_PROJECT names another."""
    folder = Path(named) if named else Path(__file__).parents[3]
    if not (folder / "dags").is_dir():
        raise WorkspaceError(f"{folder} holds no dags/: run from a checkout or set SNOWMELT_PROJECT to one")
    return folder


def _stages(console: Console, workspace: Workspace, project: Path, events: int, seed: int | None) -> None:
    environ = clean_environment() | {"SNOWMELT_HOME": str(workspace.root)}
    settings = read(CollectorSettings, None, os.environ, "SNOWMELT_COLLECTOR")
    address = f"http://127.0.0.1:{settings.port}"
    logs = workspace.run_logs
    seeded = ("--seed", str(seed)) if seed is not None else ()

    def collect() -> None:
        command = snowmelt("collector", "--log-dir", str(workspace.log))
        name = f"the collector (SNOWMELT_COLLECTOR_PORT={settings.port})"
        with running(name, command, environ, logs / "collector.log", f"{address}/health"):
            simulate = ("simulate", "--collector", address, "--events", str(events), "--captures")
            run("the sender", snowmelt(*simulate, "--report", str(workspace.sent), *seeded), environ)

    def enrich() -> None:
        enrichments = str(project / "include" / "enrichments")
        command = snowmelt("enrich", "--once", "--progress", "--enrichments", enrichments)
        with console.status("  reading the log") as status:

            def told(line: str) -> None:
                status.update(f"  {json.loads(line)['records']:,} records enriched")

            follow("enrich", command, environ, logs / "enrich.log", told)
        total = (logs / "enrich.log").read_text(encoding="utf-8").splitlines()[-1].partition("snowmelt.enrich ")[2]
        console.print(f"  {total}", highlight=False)

    def count_others() -> None:
        reported, logged = read_sent(workspace.sent) or Sent(0, 0), count_log(workspace, {})[0]
        if logged > reported.requests:
            enrich()
            if others := sent_by_others(reported, logged, lake_counts(LocalStore(workspace.lake))):
                append_line(workspace.sent, report_line(others, by=OTHERS))

    def orchestrate() -> None:
        chain = [sys.executable, str(project / "plugins" / "run_chain.py"), *CHAIN]
        run("the chain of DAGs", chain, airflow_environment(workspace, project, environ))

    count_others()
    _step(console, 1, f"collect: visitors' trackers send {events:,} events to {address}", collect)
    _step(console, 2, "enrich: the log becomes run folders in the lake", enrich)
    _step(console, 3, "orchestrate: Airflow loads, checks, models and refreshes the dashboard", orchestrate)


def _step(console: Console, number: int, title: str, work: Callable[[], None]) -> None:
    console.print(f"[bold]{number}/3 {title}[/bold]", highlight=False)
    started = time.monotonic()
    work()
    console.print(f"  done in {time.monotonic() - started:.1f} s\n", highlight=False)


def _close(console: Console, workspace: Workspace, project: Path) -> int:
    if not show(read_counts(workspace, project), console):
        return 1
    dashboard = workspace.reports / "dashboard.html"
    print(f"\nDashboard: {dashboard.as_uri()}")
    print("Next: open the dashboard, or run one of")
    print("  make demo     another lot of events; the recorded requests come again and show as duplicates")
    print("  make runs     what was loaded, released or held")
    print("  make models   the models and the dashboard again, after a change in dbt/")
    print("  make chain    the four DAGs again, on whatever has come to the lake")
    print("and read docs/tutorial.md, which goes on from here.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="snowmelt demo", description="Run every stage on this machine.")
    parser.add_argument("--events", type=int, default=20_000, help="events to send over HTTP, at least")
    parser.add_argument("--seed", type=int, help="the same seed sends the same visitors")
    return parser
