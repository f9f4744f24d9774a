"""The commands `snowmelt up`, `snowmelt status` and `snowmelt logs`."""

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from snowmelt.books.counting import BOOK_ERRORS
from snowmelt.books.main import wide_console
from snowmelt.books.senders import expect_others
from snowmelt.demo.main import project_folder
from snowmelt.demo.processes import StageError
from snowmelt.lake.run_folder import MarkerError
from snowmelt.live import ports as listeners
from snowmelt.live.descendants import kill_all
from snowmelt.live.platform import RESOLVER, SERVERS, Ports, https, stages, write_resolver
from snowmelt.live.report import as_json, show
from snowmelt.live.screen import Screen
from snowmelt.live.stage_log import Follower, forget_old, last_lines
from snowmelt.live.status import PATIENCE_SECONDS, read_status
from snowmelt.live.supervisor import Supervisor
from snowmelt.settings import SettingsError
from snowmelt.workspace import Workspace, WorkspaceError

KEPT_SECONDS = 7 * 86_400
"""How long what Airflow's tasks logged is kept; a start removes what is older."""

_FOLLOW_SECONDS = 0.2


def main(argv: Sequence[str]) -> int:
    """Runs the platform until it is told to stop: 0 after that, 1 when a stage failed, 2 when it cannot start."""
    parser = argparse.ArgumentParser(prog="snowmelt up", description="Run the whole platform until it is stopped.")
    parser.add_argument("--verbose", action="store_true", help="show everything that the stages say")
    options = parser.parse_args(argv)
    try:
        workspace = Workspace.from_environment()
        workspace.prepare()
        project = project_folder(os.environ.get("SNOWMELT_PROJECT")).absolute()
        with workspace.sole_user("make up"):
            return _run(workspace, project, options.verbose)
    except (SettingsError, StageError, WorkspaceError) as error:
        print(f"snowmelt up: {error}", file=sys.stderr)
        return 2


def status(argv: Sequence[str]) -> int:
    """Prints what is up: 0 when everything is and no line of the books is off, 1 otherwise, 2 without state."""
    parser = argparse.ArgumentParser(
        prog="snowmelt status", description="Tell what is up, how fresh each stage is and what the books say."
    )
    parser.add_argument("--json", action="store_true", help="as JSON")
    options = parser.parse_args(argv)
    workspace = Workspace.from_environment()
    if not workspace.root.is_dir():
        print(f"snowmelt status: there is nothing at {workspace.root} yet: run `make up` first", file=sys.stderr)
        return 2
    try:
        project = project_folder(os.environ.get("SNOWMELT_PROJECT"))
        found = read_status(workspace, project, SERVERS, PATIENCE_SECONDS)
    except (MarkerError, *BOOK_ERRORS) as error:
        print(f"snowmelt status: {error}", file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps(as_json(found), indent=2))
    else:
        show(found, wide_console(), datetime.now(UTC))
    return 0 if found.is_well else 1


def logs(argv: Sequence[str]) -> int:
    """Prints the last lines of a stage's log: 0, or 2 with the names of those that have one."""
    parser = argparse.ArgumentParser(prog="snowmelt logs", description="Show the log of a stage.")
    parser.add_argument("stage", nargs="?", metavar="STAGE", help="its name, such as enrich")
    parser.add_argument("-n", type=int, default=40, dest="number", metavar="N", help="how many lines; default: 40")
    parser.add_argument("--follow", "-f", action="store_true", help="go on with what it says from now on")
    options = parser.parse_args(argv)
    folder = Workspace.from_environment().run_logs
    names = sorted(file.stem for file in folder.glob("*.log")) if folder.is_dir() else []
    if options.stage not in names:
        known = f"there are {', '.join(names)}" if names else "no stage has run yet"
        what = f"no log is named {options.stage!r}" if options.stage else "name a stage (make logs STAGE=…)"
        print(f"snowmelt logs: {what}; {known}", file=sys.stderr)
        return 2
    file = folder / f"{options.stage}.log"
    with closing(Follower(file)) as follower:
        for line in last_lines(file, options.number):
            print(line)
        while options.follow:
            for line in follower.lines():
                print(line, flush=True)
            time.sleep(_FOLLOW_SECONDS)
    return 0


def _run(workspace: Workspace, project: Path, verbose: bool) -> int:
    """Starts the stages and waits for their end. Raises SettingsError and StageError."""
    if orphans := kill_all(workspace.root):
        print(f"ended {orphans} processes that an earlier `make up` on this state folder left behind")
    ports = Ports.from_environment(os.environ)
    table = stages(workspace, project, ports, os.environ)
    listeners.refuse_taken(table)
    for folder, pattern in ((workspace.airflow_home / "logs", "*.log"), (workspace.run_logs, "chain-*.log")):
        forget_old(folder, pattern, time.time() - KEPT_SECONDS)
    write_resolver(workspace.iglu / RESOLVER, f"http://127.0.0.1:{ports.iglu}/api")
    expect_others(workspace.sent)
    screen = Screen(sys.stdout, table, verbose)

    def tell() -> None:
        _show_addresses(wide_console(), workspace, ports, supervisor.left_out)

    supervisor = Supervisor(table, workspace, project, screen, tell)
    code = supervisor.run()
    if supervisor.failure:
        print(f"snowmelt up: {supervisor.failure}", file=sys.stderr)
    return code


def _show_addresses(console: Console, workspace: Workspace, ports: Ports, left_out: frozenset[str]) -> None:
    """Prints where everything is, and what to do next."""
    places = [
        ("tracker page", f"http://localhost:{ports.page}", "page"),
        ("collector", https(ports.collector_tls), "proxy"),
        ("  plain", f"http://localhost:{ports.collector}", "collector"),
        ("  metrics", f"http://127.0.0.1:{ports.metrics}/metrics", "collector"),
        ("registry", https(ports.iglu_tls), "proxy"),
        ("  plain", f"http://localhost:{ports.iglu}", "iglu"),
        ("Airflow", f"http://127.0.0.1:{ports.airflow}", "airflow-api"),
        ("dashboard", (workspace.reports / "dashboard.html").as_uri(), ""),
    ]
    title = f"Up, without {', '.join(sorted(left_out))}" if left_out else "Everything is up"
    table = Table(title=title, title_justify="left", title_style="bold green", box=None, show_header=False)
    for name, address, stage in places:
        if stage not in left_out:
            table.add_row(name, address)
    console.print()
    console.print(table)
    first = "open the tracker page and type into its box" if "page" not in left_out else "run `make visitors`"
    console.print(
        f"\nNext: {first}; in a minute or two it is in a mart and on the dashboard.\n"
        "`make status` tells how far it has got, `make logs STAGE=enrich` what enrich says. Ctrl-C stops everything.\n",
        highlight=False,
    )
