"""What the verbs say: to people, with colours where there is a terminal, and as data to machines."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from snowmelt.contracts.checking import Checked
from snowmelt.contracts.difference import Difference, FieldChange
from snowmelt.contracts.publishing import Publication, Result

_STYLES = {
    "error": "bold red",
    "warning": "yellow",
    "MODEL": "bold red",
    "REVISION": "yellow",
    "ADDITION": "green",
    Result.PUBLISHED: "green",
    Result.REPLACED: "yellow",
    Result.THERE: "dim",
    Result.REFUSED: "bold red",
}

_MEANINGS = {
    "ADDITION": "all data that was allowed still is",
    "REVISION": "some data that was allowed no longer is",
    "MODEL": "it breaks with what was there",
}


def show_checked(console: Console, checked: Sequence[Checked], *, warnings: bool = True) -> None:
    """A paragraph for each file with findings, and the sum; warnings are counted even where they are not shown."""
    for one in checked:
        shown = [finding for finding in one.findings if warnings or finding.severity == "error"]
        if shown:
            _print(console, (str(one.document.file), "bold"))
        for finding in shown:
            said = f" {finding.message}"
            _print(console, (f"  {finding.severity:<8}", _STYLES[finding.severity]), (f" {finding.path}", "cyan"), said)
        if shown:
            console.print()
    errors, warned = sum(one.errors for one in checked), sum(one.warnings for one in checked)
    verdict = (_count(errors, "error"), "bold red" if errors else "green")
    _print(console, f"{_count(len(checked), 'schema')}: ", verdict, f", {_count(warned, 'warning')}")


def checked_data(checked: Sequence[Checked]) -> dict[str, object]:
    """The same as data."""
    return {
        "schemas": [
            {
                "file": str(one.document.file),
                "schema": None if one.document.key is None else one.document.key.uri,
                "findings": [
                    {"path": finding.path, "message": finding.message, "severity": finding.severity}
                    for finding in one.findings
                ],
            }
            for one in checked
        ],
        "errors": sum(one.errors for one in checked),
        "warnings": sum(one.warnings for one in checked),
    }


def show_difference(console: Console, found: Difference) -> None:
    """What changed, what it means for the warehouse, and the verdict on the version."""
    _print(console, (f"{found.old} → {found.new.version}", "bold"))
    for fact in found.facts:
        bump = fact.bump.name
        _print(console, (f"  {bump:<8}", _STYLES[bump]), (f" {fact.path}", "cyan"), f" {fact.message}")
    for column in found.columns:
        console.print()
        _print(console, ("  new column " if column.is_new else "  column ", ""), (" / ".join(column.names), "bold"))
        for change in column.fields:
            _print(console, *_field_line(change))
    if not found.columns:
        _print(console, ("\n  no column of atomic.events changes", "dim"))
    console.print()
    right, verdict = _verdict(found)
    _print(console, (verdict, "green" if right else "bold red"))


def difference_data(found: Difference) -> dict[str, object]:
    """The same as data."""
    return {
        "old": found.old.uri,
        "new": found.new.uri,
        "facts": [{"path": fact.path, "message": fact.message, "bump": fact.bump.name} for fact in found.facts],
        "columns": [
            {
                "names": column.names,
                "new": column.is_new,
                "fields": [
                    {"field": change.field, "before": change.before, "after": change.after} for change in column.fields
                ],
            }
            for column in found.columns
        ],
        "needed": None if found.needed is None else found.needed.name,
        "declared": None if found.declared is None else found.declared.name,
        "rightVersion": None if found.needed is None else str(found.needed.after(found.old.version)),
        "right": found.is_right,
    }


def show_published(console: Console, publication: Publication) -> None:
    """One line."""
    said = f"  {publication.message}" if publication.message else ""
    result = publication.result
    _print(console, (f"{result.value:<14}", _STYLES[result]), publication.key.uri, (said, "red"))


def show_published_sum(console: Console, publications: Sequence[Publication]) -> None:
    """The last line: how many of each."""
    counts = {result: sum(one.result is result for one in publications) for result in Result}
    said = ", ".join(f"{count} {result.value}" for result, count in counts.items() if count)
    _print(console, f"{_count(len(publications), 'schema')}: {said}")


def published_data(publications: Sequence[Publication]) -> dict[str, object]:
    """The same as data."""
    return {
        "schemas": [
            {"schema": one.key.uri, "result": one.result.value, "message": one.message or None} for one in publications
        ],
        "refused": sum(one.result is Result.REFUSED for one in publications),
    }


def _verdict(found: Difference) -> tuple[bool, str]:
    if found.needed is None:
        return True, "Both say the same: there is nothing to publish."
    new, right = found.new.version, found.needed.after(found.old.version)
    because = f"({found.needed.name}): {_MEANINGS[found.needed.name]}."
    if found.declared is None:
        return False, f"{new} is not higher than {found.old.version}. {right} would be right {because}"
    if not found.is_right:
        return False, f"{new} is too low. {right} would be right {because}"
    if found.declared > found.needed:
        return True, f"{new} is more than needed. {right} would do {because}"
    return True, f"{new} is right {because}"


def _field_line(change: FieldChange) -> tuple[tuple[str, str], ...]:
    field = change.field or "(value)"
    if change.before is None:
        return ("    + ", "green"), (field, "cyan"), (f"  {change.after}", "")
    if change.after is None:
        return ("    - ", "red"), (field, "cyan"), (f"  {change.before}", "")
    return ("    ~ ", "yellow"), (field, "cyan"), (f"  {change.before} → {change.after}", "")


def _print(console: Console, *parts: str | tuple[str, str]) -> None:
    """A line of text with styles, none of whose brackets are markup."""
    console.print(Text.assemble(*parts), soft_wrap=True, highlight=False)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
