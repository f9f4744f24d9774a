"""What every test may ask for."""

import json
import logging
import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.airflow_home import airflow_home

__all__ = ["airflow_home"]

ROOT = Path(__file__).parents[1]

_CRASHES = pytest.StashKey[list[tuple[str, int, int, int, int, str]]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write what is found into the expected files")


def pytest_configure() -> None:
    """Lets signals reach the programs that tests start, also where the shell that started the tests ignores them."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGQUIT, signal.SIG_DFL)


@pytest.fixture(autouse=True)
def heard() -> None:
    """Airflow's configuration of logging, in this process, silences the loggers that were there before it."""
    for name, logger in logging.root.manager.loggerDict.items():
        if name.startswith("snowmelt") and isinstance(logger, logging.Logger):
            logger.disabled = False


@pytest.fixture(scope="session")
def crash_row(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Adds a row to the table of crashes: what crashed, how often, what was acknowledged, lost and doubled, a note."""
    rows = request.config.stash.setdefault(_CRASHES, [])

    def add(name: str, crashes: int, acknowledged: int, lost: int, doubled: int, note: str = "") -> None:
        rows.append((name, crashes, acknowledged, lost, doubled, note))

    return add


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Prints, behind the results, what the crash tests came to."""
    rows = config.stash.get(_CRASHES, [])
    if rows:
        terminalreporter.section("crashes")
        terminalreporter.line(f"{'':62} {'crashes':>7} {'acknowledged':>12} {'lost':>5} {'doubled':>7}")
        for name, crashes, acknowledged, lost, doubled, note in rows:
            terminalreporter.line(f"{name:62} {crashes:7} {acknowledged:12} {lost:5} {doubled:7}  {note}".rstrip())


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, object], None]:
    """Compares JSON data with an expected file, or writes the file where --update-golden is given."""

    def compare(file: Path, found: object) -> None:
        if request.config.getoption("--update-golden"):
            file.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        assert found == json.loads(file.read_text(encoding="utf-8"))

    return compare


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """Material to compare with that is not part of the product; tests that need it skip where it is absent."""
    folder = Path(os.environ.get("SNOWMELT_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip(f"the comparison material is not at {folder}; set SNOWMELT_SHARED to its folder")
    return folder


@pytest.fixture
def unused_tcp_port() -> int:
    """A port of the loopback address on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
