"""Prints, behind the results, what the crash tests came to."""

from collections.abc import Callable

import pytest

_ROWS = pytest.StashKey[list[tuple[str, int, int, int, int, str]]]()


@pytest.fixture(scope="session")
def crash_row(request) -> Callable[..., None]:
    """Adds a row: what crashed, how often, the records acknowledged, lost and doubled, and a note."""
    rows = request.config.stash.setdefault(_ROWS, [])

    def add(name: str, crashes: int, acknowledged: int, lost: int, doubled: int, note: str = "") -> None:
        rows.append((name, crashes, acknowledged, lost, doubled, note))

    return add


def pytest_terminal_summary(terminalreporter, config):
    rows = config.stash.get(_ROWS, [])
    if rows:
        terminalreporter.section("crashes of the segment log")
        terminalreporter.line(f"{'':60} {'crashes':>7} {'acknowledged':>12} {'lost':>5} {'doubled':>7}")
        for name, crashes, acknowledged, lost, doubled, note in rows:
            terminalreporter.line(f"{name:60} {crashes:7} {acknowledged:12} {lost:5} {doubled:7}  {note}".rstrip())
