"""Each test that asks for `database` or `made` runs on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.browsers.machine import absent
from tests.iglu.server import postgres
from tests.iglu.server.harness import Made
from tests.iglu.server.harness import made as make

from snowmelt.iglu.server.settings import Database, IgluSettings

_ROUTES = pytest.StashKey[tuple[set[str], set[str]]]()


@pytest.fixture(scope="session")
def postgres_folder() -> Iterator[Path]:
    """A PostgreSQL server for all tests."""
    home = postgres.binaries()
    if home is None:
        absent("PostgreSQL is not installed; on Debian: apt-get install postgresql")
    with postgres.running(home) as folder:
        yield folder


@pytest.fixture(params=["sqlite", "postgres"])
def kind(request: pytest.FixtureRequest) -> str:
    """Which database."""
    return str(request.param)


@pytest.fixture
def database(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty database."""
    if kind == "sqlite":
        yield Database(path=str(tmp_path / "registry.sqlite"))
        return
    folder: Path = request.getfixturevalue("postgres_folder")
    postgres.execute(folder, "create database igludb template template0")
    try:
        yield Database(type="postgres", host=str(folder), username=postgres.USER)
    finally:
        postgres.execute(folder, "drop database igludb with (force)")


@pytest.fixture
def made(database: Database, tmp_path: Path) -> Iterator[Made]:
    """An empty registry."""
    with make(IgluSettings(database=database), Path(database.path or tmp_path)) as one:
        yield one


@pytest.fixture(scope="session")
def routes(request: pytest.FixtureRequest) -> tuple[set[str], set[str]]:
    """The routes that were asked with the wanted answer, and all there are; told at the end."""
    return request.config.stash.setdefault(_ROUTES, (set(), set()))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Prints, behind the results, how many routes were covered."""
    covered, every = config.stash.get(_ROUTES, (set(), set()))
    if every:
        terminalreporter.section("registry")
        terminalreporter.line(f"Registry routes: {len(covered & every)} / {len(every)}")
