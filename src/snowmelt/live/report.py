"""The status as people and as programs read it."""

from datetime import datetime

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from snowmelt.books.main import as_data
from snowmelt.live.freshness import ago
from snowmelt.live.status import Books, Status

_COLOURS = {"up": "green", "starting": "yellow", "silent": "red", "down": "red"}


def show(status: Status, console: Console, now: datetime) -> None:
    """Prints the status: colours on a terminal, the same words in a pipe."""
    stages = _table("Stages", "", "", "at", "since")
    for stage in status.stages:
        colour = _COLOURS[stage.state]
        since = ago(stage.since, now) if stage.since else ""
        stages.add_row(stage.name, f"[{colour}]{stage.state}[/{colour}]", stage.address, since)
    console.print(stages)
    fresh = _table("Newest", "", "")
    for one in status.newest:
        fresh.add_row(one.what, ago(one.when, now))
    console.print(fresh)
    if status.as_published:
        console.print("(runs as the published copy has them: a task has the warehouse open)", style="dim")
    for run in status.held:
        console.print(
            f"[yellow]held[/yellow] {escape(run.run)}: {escape(run.reason or 'no reason given')}", soft_wrap=True
        )
    if status.held:
        console.print("Release or drop a held run: docs/runbooks/held-run.md", style="dim")
    console.print(f"[bold]Books[/bold] {_verdict(status.books)}", soft_wrap=True)


def as_json(status: Status) -> dict[str, object]:
    """The status as plain data; times in ISO 8601, UTC."""
    books = status.books
    return {
        "well": status.is_well,
        "stages": [
            {"name": one.name, "state": one.state, "address": one.address, "since": _text(one.since)}
            for one in status.stages
        ],
        "newest": {one.what: _text(one.when) for one in status.newest},
        "held": [{"run": run.run, "reason": run.reason} for run in status.held],
        "books": {"lines": [as_data(line) for line in books.lines], "off": books.off, "problem": books.problem},
    }


def _table(title: str, *headings: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, padding=(0, 2, 0, 0))
    for heading in headings:
        table.add_column(heading, no_wrap=True, header_style="dim")
    table.show_header = any(headings)
    return table


def _verdict(books: Books) -> str:
    if books.problem:
        return f"[yellow]{escape(books.problem)}[/yellow]"
    if books.off:
        names = ", ".join(books.off)
        return f"[bold red]do not balance: {names}[/bold red]; `make books` shows the counts"
    return "[green]balance[/green]" if books.lines else "nothing is loaded yet"


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
