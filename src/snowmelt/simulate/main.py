"""The command `snowmelt simulate`."""

import argparse
import asyncio
import secrets
import signal
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date
from itertools import chain, takewhile
from pathlib import Path
from random import Random

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from snowmelt.books.balance import Sent
from snowmelt.books.senders import append_line, report_line
from snowmelt.collector.main import open_log
from snowmelt.collector.settings import Log
from snowmelt.simulate.captures import captured
from snowmelt.simulate.history import HistoryError, days, write
from snowmelt.simulate.sender import Report, SendError, send
from snowmelt.simulate.visitors import HOUR_MS, requests
from snowmelt.streams.log import StreamError
from snowmelt.workspace import Workspace, WorkspaceError

MOST_LATE_HOURS = 48
"""How far back an event sent over HTTP may lie: older ones would be dropped by models that bound lateness."""


def main(argv: Sequence[str]) -> int:
    """Runs the command and gives its exit code."""
    parser = _parser()
    options = parser.parse_args(argv)
    if options.to == "log" and options.start is None:
        parser.error("--to log needs the first day: --from YYYY-MM-DD")
    console = Console(stderr=True)
    seed = options.seed if options.seed is not None else secrets.randbits(32)
    console.print(f"simulate: seed {seed}")
    try:
        if options.to == "log":
            return _to_log(options, Random(seed), console)
        return _to_http(options, Random(seed), console)
    except (SendError, HistoryError, StreamError, WorkspaceError) as error:
        print(f"snowmelt simulate: {error}", file=sys.stderr)
        return 1


def _to_http(options: argparse.Namespace, random: Random, console: Console) -> int:
    now = time.time_ns() // 1_000_000
    visits = requests(random, options.events, now, options.hours * HOUR_MS, queued=True)
    everything = chain(captured() if options.captures else (), visits)
    interrupted = threading.Event()
    before = signal.signal(signal.SIGINT, lambda *_: interrupted.set())  # what is under way is answered, and reported
    wanted = takewhile(lambda _: not interrupted.is_set(), everything)
    with _progress(console) as bar:
        task = bar.add_task("sending events over HTTP", total=options.events)

        def show(report: Report) -> None:
            bar.update(task, completed=min(report.events, options.events))

        try:
            report = asyncio.run(send(wanted, options.collector, connections=options.connections, progress=show))
        except SendError as error:
            _tell(options.report, error.report)
            raise
        finally:
            signal.signal(signal.SIGINT, before)
    _tell(options.report, report)
    refused = sum(report.refused.values())
    told = f"  {report.acknowledged:,} requests with {report.events:,} events acknowledged"
    console.print(told + (f", {refused:,} refused" if refused else ""), highlight=False)
    return 128 + signal.SIGINT if interrupted.is_set() else 0


def _to_log(options: argparse.Namespace, random: Random, console: Console) -> int:
    folder, file = options.log, options.report
    if folder is None:
        workspace = Workspace.from_environment()
        workspace.prepare()
        folder, file = workspace.log, file or workspace.sent
    report = Report()
    with ExitStack() as resources, _progress(console) as bar:
        writer = open_log(folder, Log(), resources).good
        task = bar.add_task("writing days into the log", total=options.days)
        for day in days(random, options.start, options.days, options.events):
            report.acknowledged += write(random, writer, day)
            report.events += sum(request.events for request in day)
            report.kinds.update(request.kind for request in day)
            bar.advance(task)
    _tell(file, report)
    console.print(f"  {report.acknowledged:,} records with {report.events:,} events written", highlight=False)
    return 0


def _tell(file: Path | None, report: Report) -> None:
    sent = Sent(report.acknowledged, report.events)
    line = report_line(sent, retries=report.retries, refused=dict(report.refused), kinds=dict(report.kinds))
    if file:
        append_line(file, line)
    else:
        print(line)


def _progress(console: Console) -> Progress:
    columns = (TextColumn("  {task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="snowmelt simulate", description="Send what visitors' trackers would send.")
    parser.add_argument("--to", choices=("http", "log"), default="http", help="a collector, or the log itself")
    parser.add_argument("--events", type=int, default=20_000, help="events to send; with --to log, events a day")
    parser.add_argument("--seed", type=int, help="the same seed sends the same visitors")
    parser.add_argument(
        "--report", type=Path, metavar="FILE", help="add the outcome to this file, from which the books read it"
    )
    http = parser.add_argument_group("--to http")
    http.add_argument("--collector", default="http://127.0.0.1:8080", help="where the collector listens")
    http.add_argument("--connections", type=int, default=32)
    http.add_argument(
        "--hours",
        type=int,
        default=MOST_LATE_HOURS,
        choices=range(1, MOST_LATE_HOURS + 1),
        metavar=f"1-{MOST_LATE_HOURS}",
        help="spread the events over the last so many hours",
    )
    http.add_argument("--captures", action="store_true", help="send the recorded requests of real trackers first")
    log = parser.add_argument_group("--to log")
    log.add_argument("--log", type=Path, help="folder of the segment log; default: the workspace's")
    log.add_argument("--from", dest="start", type=date.fromisoformat, default=None, help="first day, YYYY-MM-DD")
    log.add_argument("--days", type=int, default=1)
    return parser
