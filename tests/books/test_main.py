"""The books are printed, and a line that does not balance is named and fails the command."""

from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console
from tests.books.test_balance import COUNTS

from snowmelt.books.main import main, show
from snowmelt.loader.duckdb import DuckDbWarehouse
from snowmelt.loader.load import prepare
from snowmelt.workspace import Workspace


def test_balanced_books_are_printed_line_by_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert show(replace(COUNTS, models=replace(COUNTS.models, marts=(("sessions", 12),))), Console(width=80))
    text = capsys.readouterr().out
    assert text.count("balances") == 7
    assert "sessions 12" in text
    assert max(len(line.rstrip()) for line in text.splitlines()) <= 80


def test_a_line_that_does_not_balance_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert not show(replace(COUNTS, logged=99), Console(width=80))
    printed = capsys.readouterr()
    assert "off by +1" in printed.out
    assert printed.err == "The books do not balance: collected, enriched.\n"


def test_without_state_one_sentence_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SNOWMELT_HOME", str(tmp_path / "none"))
    assert main([]) == 2
    assert "make demo" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()


def test_what_cannot_be_counted_is_one_sentence(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SNOWMELT_HOME", str(tmp_path))
    monkeypatch.setenv("SNOWMELT_PROJECT", str(root))
    workspace = Workspace(tmp_path)
    workspace.prepare()
    with DuckDbWarehouse(workspace.warehouse) as warehouse:
        prepare(warehouse, root / "include" / "sql" / "duckdb")
    marker = workspace.lake / "run=2026-11-24-12-00-00-abc" / "shredding_complete.json"
    marker.parent.mkdir()
    marker.touch()
    assert main([]) == 2
    assert "positions.json is missing or damaged" in capsys.readouterr().err
    (tmp_path / "VERSION").write_text("0\n")
    assert main([]) == 2
    assert "layout 0" in capsys.readouterr().err
