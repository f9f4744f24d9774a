"""The models are counted by the statements of the project, before and after the first build."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from snowmelt.books.models import ModelCounts, model_counts
from snowmelt.loader.duckdb import DuckDbWarehouse
from snowmelt.loader.load import prepare


@pytest.fixture
def sql(root: Path) -> Path:
    return root / "include" / "sql" / "duckdb"


@pytest.fixture
def warehouse(tmp_path: Path, sql: Path) -> Iterator[DuckDbWarehouse]:
    with DuckDbWarehouse(tmp_path / "snowmelt.duckdb") as opened:
        prepare(opened, sql)
        yield opened


def test_before_the_first_build_there_is_nothing_to_count(warehouse: DuckDbWarehouse, sql: Path) -> None:
    assert model_counts(warehouse, sql, warehouse.catalog) == ModelCounts()


def test_models_that_are_there_are_counted(warehouse: DuckDbWarehouse, sql: Path) -> None:
    for statement in (
        "create schema derived",
        "create table derived.stg_events as select timestamp '2026-11-24' as released_tstamp from range(4)",
        "create table derived.event_quality (events integer, duplicate_rows integer)",
        "insert into derived.event_quality values (3, 1), (1, 1)",
        "create table derived.sessions as select 1 as session_key from range(7)",
        """
        insert into atomic.load_manifest by name
        select
            name as base, name as run, state, moment as load_tstamp, released as released_tstamp, '[]' as types,
            moment as shredding_started, moment as shredding_completed, moment as ingestion_tstamp,
            'snowmelt-enrich' as processor_artifact, '0.1.0' as processor_version,
            2 as records, 0 as bad_records, 2 as count_good, 0 as count_bad,
            '{}' as first_positions, '{}' as last_positions
        from (values
            ('a', 'released', timestamp '2026-11-01', timestamp '2026-11-24'),
            ('b', 'released', timestamp '2026-11-02', timestamp '2026-11-25'),
            ('c', 'held', timestamp '2026-11-03', null)
        ) as runs (name, state, moment, released)
        """,
        """
        insert into atomic.events (event_id, collector_tstamp, v_collector, v_etl, load_tstamp)
        select 'e', '2026-11-01', 'c', 'e', moment
        from range(2), (values (timestamp '2026-11-01'), ('2026-11-02'), ('2026-11-03')) as moments (moment)
        """,
    ):
        warehouse.execute(statement, {})
    counts = model_counts(warehouse, sql, warehouse.catalog)
    assert counts == ModelCounts(
        staged=4, duplicates=2, in_event_quality=4, not_built=2, marts=(("sessions", 7), ("event_quality", 2))
    )
