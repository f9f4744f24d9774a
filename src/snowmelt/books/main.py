"""The command `snowmelt books`."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from snowmelt.books.balance import Counts, Line, lines
from snowmelt.books.counting import BOOK_ERRORS, read_counts
from snowmelt.workspace import Workspace


def main(argv: Sequence[str]) -> int:
    """Prints the books and gives the exit code: 0 when every line balances, 1 when one does not, 2 without state."""
    parser = argparse.ArgumentParser(prog="snowmelt books", description="Compare the counts of every stage.")
    parser.add_argument("--json", action="store_true", help="print the lines as JSON")
    options = parser.parse_args(argv)
    workspace = Workspace.from_environment()
    if not workspace.warehouse.exists():
        print(f"snowmelt books: nothing is loaded yet in {workspace.root}: run `make demo` first", file=sys.stderr)
        return 2
    try:
        workspace.prepare()
        counts = read_counts(workspace, Path(os.environ.get("SNOWMELT_PROJECT", ".")))
    except BOOK_ERRORS as error:
        print(f"snowmelt books: {error}", file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps({"lines": [as_data(line) for line in lines(counts)], "marts": dict(counts.models.marts)}))
        return 0 if all(line.balanced for line in lines(counts)) else 1
    return 0 if show(counts, wide_console()) else 1


def wide_console() -> Console:
    """A console on standard output, wide enough for the books where they go to a file or a pipe."""
    console = Console()
    return console if console.is_terminal else Console(width=100)


def show(counts: Counts, console: Console) -> bool:
    """Prints the lines and the marts' rows; gives whether every line balances, and names those that do not."""
    table = Table(title="The books", title_justify="left", title_style="bold", box=None, padding=(0, 2, 0, 0))
    for heading in ("", "passed on", "received", ""):
        table.add_column(heading, no_wrap=True, header_style="dim")
    book = lines(counts)
    for line in book:
        verdict = "[green]balances[/green]" if line.balanced else f"[bold red]off by {line.difference:+,}[/bold red]"
        table.add_row(line.name, _side(line.left), _side(line.right), verdict)
    console.print(table)
    if counts.models.marts:
        rows = ", ".join(f"{name} {rows:,}" for name, rows in counts.models.marts)
        console.print(f"Rows of the marts: {rows}", highlight=False, soft_wrap=True)
    wrong = [line.name for line in book if not line.balanced]
    if wrong:
        print(f"The books do not balance: {', '.join(wrong)}.", file=sys.stderr)
    return not wrong


def as_data(line: Line) -> dict[str, object]:
    """A line as plain data."""
    sides = {"left": dict(line.left), "right": dict(line.right)}
    return {"name": line.name, **sides, "balanced": line.balanced}


def _side(terms: tuple[tuple[str, int], ...]) -> str:
    width = max(len(f"{count:,}") for _, count in terms)
    return "\n".join(f"{count:>{width},} {name}" for name, count in terms)
