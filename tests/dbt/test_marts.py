"""From rows of atomic.events to rows of the marts, case by case."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.dbt import warehouse
from tests.dbt.conftest import Dbt
from tests.dbt.warehouse import contents, in_text, moment

pytestmark = pytest.mark.slow

FILES = sorted(Path(__file__).parent.glob("cases/*.json"))
CASES = {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in FILES}
"""Each case: `runs` in the order in which they were loaded, each with the build (1 or 2, or null) that first sees it;
and the rows `expected` after the second build, with the columns that matter. Its application is called after it."""

LOADED = moment("2026-03-10")
RELEASED = (moment("2026-03-20"), moment("2026-03-21"))


def runs_of(case: str, number: int) -> Iterator[tuple[int | None, warehouse.Run]]:
    for index, run in enumerate(CASES[case]["runs"]):
        events = tuple({"app_id": case} | event for event in run["events"])
        loaded = LOADED + timedelta(hours=number, minutes=index)
        yield run["build"], warehouse.Run(f"{case} {index}", loaded, None, events, tuple(run.get("bad_rows", ())))


@pytest.fixture(scope="module")
def built(dbt: Dbt, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with all cases, built twice."""
    path = tmp_path_factory.mktemp("marts") / "snowmelt.duckdb"
    warehouse.create(path)
    runs = [run for number, case in enumerate(CASES) for run in runs_of(case, number)]
    warehouse.load(path, [run for _, run in runs])
    for build, released in enumerate(RELEASED, start=1):
        for _, run in (found for found in runs if found[0] == build):
            warehouse.release(path, run.name, released)
        dbt.build(path)
    dbt.run("test", path)
    return path


def test_there_are_cases():
    assert len(CASES) >= 8


@pytest.mark.parametrize("case", CASES)
def test_a_case(case: str, built: Path):
    for model, expected in CASES[case]["expected"].items():
        names = sorted(set().union(*expected)) if expected else ["app_id"]
        assert all(row.keys() == set(names) for row in expected), "the rows of a case name the same columns"
        found = warehouse.rows(built, f"select {', '.join(names)} from derived.{model} where {belongs(model, case)}")
        assert in_text(found) == in_text(expected), f"{model}: {CASES[case]['why']}"


def belongs(model: str, case: str) -> str:
    if model == "users":
        return f"domain_userid in (select domain_userid from derived.stg_events where app_id = '{case}')"
    return f"app_id = '{case}'"


def test_a_build_with_nothing_new_changes_nothing(dbt: Dbt, built: Path):
    before = contents(built)
    dbt.build(built)
    assert contents(built) == before


def test_the_books(built: Path):
    (counts,) = warehouse.rows(
        built,
        """
        select
            (select count(*) from atomic.events inner join derived.stg_load_manifest using (load_tstamp)) as released,
            (select count(*) from derived.stg_events) as staged,
            (select sum(events) from derived.event_quality) as counted,
            (select sum(events + duplicate_rows) from derived.event_quality) as accounted
        """,
    )
    assert counts["staged"] == counts["counted"] > 0
    assert counts["released"] == counts["accounted"] > counts["staged"]


def test_every_column_that_is_built_is_described(dbt: Dbt, built: Path):
    columns = warehouse.rows(
        built, "select table_name, column_name from information_schema.columns where table_schema = 'derived'"
    )
    described = {
        (node.name, column.name)
        for node in dbt.manifest.nodes.values()
        if node.resource_type in ("model", "seed")
        for column in node.columns.values()
        if column.description
    }
    assert {(row["table_name"], row["column_name"]) for row in columns} == described
