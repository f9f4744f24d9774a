import json
import os
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from tests.lake.doubles import PROCESSOR, START, Clock, Crash, event
from tests.loader.doubles import Dying, click, page

from snowmelt.iglu.resolver import default_resolver
from snowmelt.lake import run_folder
from snowmelt.lake.counts import lake_counts
from snowmelt.lake.store import LocalStore
from snowmelt.loader.counts import WarehouseCounts, warehouse_counts
from snowmelt.loader.duckdb import DuckDbWarehouse
from snowmelt.loader.load import LoadError, load, prepare
from snowmelt.loader.manifest import Manifest, State
from snowmelt.loader.modelled import MODELLED
from snowmelt.protocol.atomic import WAREHOUSE_COLUMNS
from snowmelt.protocol.bad_rows import generic_error

BAD = ("b" * 32, generic_error(PROCESSOR, START, ["it broke"], "payload"))


def values(warehouse, query):
    return list(warehouse.execute(query, {}))


def test_the_tables_are_made_with_every_column_the_models_read(warehouse, sql):
    prepare(warehouse, sql)
    names = warehouse.schema("select * from snowmelt.atomic.events").names
    assert names[:129] == [*(column.name for column in WAREHOUSE_COLUMNS), "load_tstamp"]
    assert len(names) == 129 + len(MODELLED)
    assert "contexts_com_snowplowanalytics_snowplow_web_page_1" in names
    assert "unstruct_event_com_patrickcloud_sample_input_1" in names
    types = dict(values(warehouse, "select column_name, column_type from (describe atomic.events)"))
    assert types["contexts_com_snowplowanalytics_snowplow_web_page_1"] == "STRUCT(id VARCHAR)[]"
    assert types["unstruct_event_com_patrickcloud_sample_input_1"] == 'STRUCT("value" VARCHAR)'
    assert {types["collector_tstamp"], types["load_tstamp"]} == {"TIMESTAMP"}
    assert types["tr_total"] == "DECIMAL(18,2)"
    prepare(warehouse, sql)
    assert warehouse.schema("select * from snowmelt.atomic.events").names == names


def test_a_folder_becomes_rows_with_one_load_tstamp(warehouse, sql, clock, lake):
    folder = lake.add(
        event(0, app_id="shop", tr_total="1.5", br_cookies="1"), event(1), bad=[BAD], records=3, bad_records=1
    )
    (loaded,) = load(lake.store, warehouse, sql, clock)
    assert (loaded.base, loaded.run, loaded.good, loaded.bad) == (folder.base, folder.name, 2, 1)
    stamp = loaded.load_tstamp.replace(tzinfo=None)
    rows = values(warehouse, "select app_id, tr_total, br_cookies, load_tstamp from atomic.events order by event_id")
    assert rows[0][0] == "shop"
    assert (str(rows[0][1]), rows[0][2]) == ("1.50", True)
    assert [row[3] for row in rows] == [stamp, stamp]
    assert values(warehouse, "select bad_row_id, kind, first_message, run, load_tstamp from atomic.bad_rows") == [
        (BAD[0], "generic_error", "it broke", folder.name, stamp)
    ]
    ((row,),) = values(warehouse, "select load_manifest from atomic.load_manifest")
    assert row["state"] == "loaded"
    assert (row["records"], row["bad_records"], row["count_good"], row["count_bad"]) == (3, 1, 2, 1)
    assert json.loads(row["first_positions"]) == json.loads(row["last_positions"]) == {"0": "001"}
    assert row["min_collector_tstamp"] == datetime(2026, 11, 24, 12, 0, 0, 123000)  # noqa: DTZ001 - the table has no zone
    assert (row["processor_artifact"], row["processor_version"]) == ("snowmelt-enrich", "0.1.0")


def test_twice_is_once_and_new_folders_come_on_top(warehouse, sql, clock, lake):
    lake.add(event(0), event(1))
    assert len(load(lake.store, warehouse, sql, clock)) == 1
    assert load(lake.store, warehouse, sql, clock) == []
    lake.add(event(2))
    assert [run.good for run in load(lake.store, warehouse, sql, clock)] == [1]
    assert values(warehouse, "select count(*), count(distinct load_tstamp) from atomic.events") == [(3, 2)]


def test_a_folder_without_a_marker_is_not_loaded(warehouse, sql, clock, lake):
    folder = lake.add(event(0))
    lake.store.delete(f"{folder.name}/{run_folder.MARKER}")
    assert load(lake.store, warehouse, sql, clock) == []


def test_a_folder_of_nothing_or_of_bad_rows_alone_is_loaded(warehouse, sql, clock, lake):
    lake.add()
    lake.add(bad=[BAD])
    assert [(run.good, run.bad) for run in load(lake.store, warehouse, sql, clock)] == [(0, 0), (0, 1)]
    assert load(lake.store, warehouse, sql, clock) == []


def test_a_lake_that_was_moved_is_not_loaded_again(warehouse, sql, clock, lake, tmp_path):
    lake.add(event(0))
    load(lake.store, warehouse, sql, clock)
    shutil.move(tmp_path / "lake", tmp_path / "elsewhere")
    moved = LocalStore(tmp_path / "elsewhere")
    assert load(moved, warehouse, sql, clock) == []


def test_columns_and_fields_are_added_as_schemas_appear_and_earlier_rows_keep_theirs(warehouse, sql, clock, lake):
    lake.add(event(0, contexts=[page(0, id="a")], unstruct=click(0, target="x")))
    load(lake.store, warehouse, sql, clock)
    lake.add(
        event(
            1,
            contexts=[page(1, id="b", at="2026-07-01T00:00:00+02:00", parts=[{"a": 1}])],
            unstruct=click(1, where={"x": 7}),
        )
    )
    load(lake.store, warehouse, sql, clock)
    lake.add(event(2, contexts=[page(2, id="c", parts=[{"a": 2, "deepKey": "d"}])]))
    lake.add(event(3, contexts=[page(0, id="e")]))
    load(lake.store, warehouse, sql, clock)
    rows = values(
        warehouse,
        "select contexts_com_acme_page_1, unstruct_event_com_acme_click_1 from atomic.events order by event_id",
    )
    summer = datetime(2026, 6, 30, 22, 0)  # noqa: DTZ001 - the table has no zone
    assert rows == [
        ([{"id": "a", "at": None, "parts": None}], {"target": "x", "where": None}),
        ([{"id": "b", "at": summer, "parts": [{"a": 1, "deep_key": None}]}], {"target": None, "where": {"x": 7}}),
        ([{"id": "c", "at": None, "parts": [{"a": 2, "deep_key": "d"}]}], None),
        ([{"id": "e", "at": None, "parts": None}], None),
    ]


def test_a_schema_changed_in_place_stops_the_load_with_a_sentence_and_loses_nothing(warehouse, sql, clock, lake):
    lake.add(event(0, contexts=[page(0, id="a")]))
    prepare(warehouse, sql)
    warehouse.execute("alter table atomic.events add column contexts_com_acme_page_1 struct(id bigint)[]", {})
    with pytest.raises(LoadError, match=r"contexts_com_acme_page_1\.element\.id is int64 in the table and string"):
        load(lake.store, warehouse, sql, clock)
    assert [run.state for run in Manifest(warehouse, sql, clock).list_runs()] == [State.LOADING]
    warehouse.execute("alter table atomic.events drop column contexts_com_acme_page_1", {})
    assert len(load(lake.store, warehouse, sql, clock)) == 1


@pytest.mark.parametrize(
    ("key", "data", "said"),
    [
        (run_folder.MARKER, b"{}", "marker is not valid"),
        (run_folder.POSITIONS, b"{}", "positions.json is not valid"),
        (run_folder.POSITIONS, None, "positions.json is missing"),
        (run_folder.GOOD, None, "marker says 1 events and 1 bad rows, but 0 and 1"),
        (run_folder.BAD_ROWS, None, "marker says 1 events and 1 bad rows, but 1 and 0"),
    ],
)
def test_a_folder_that_was_damaged_is_not_called_loaded(warehouse, sql, clock, lake, key, data, said):
    folder = lake.add(event(0), bad=[BAD])
    if data is None:
        lake.store.delete(f"{folder.name}/{key}")
    else:
        lake.store.put(f"{folder.name}/{key}", data)
    with pytest.raises(LoadError, match=f"{folder.name}: .*{said}"):
        load(lake.store, warehouse, sql, clock)
    assert all(run.state is State.LOADING for run in Manifest(warehouse, sql, clock).list_runs())


MEMORY = Path(":memory:")


def content(warehouse, sql):
    """The whole content of the tables, without the clock's part of it."""
    events = values(
        warehouse,
        "select event_id, contexts_com_acme_page_1, run from atomic.events "
        "join atomic.load_manifest using (load_tstamp) order by all",
    )
    bad = values(warehouse, "select bad_row_id, run from atomic.bad_rows order by all")
    states = values(warehouse, "select run, state, count_good, count_bad from atomic.load_manifest order by all")
    return events, bad, states, warehouse_counts(warehouse, sql)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_wherever_the_loader_dies_each_folder_is_loaded_once(lake, sql, after):
    lake.add(event(0, contexts=[page(0, id="a")]), event(1), bad=[BAD])
    lake.add(event(2, contexts=[page(1, id="b", at="2026-01-01T00:00:00Z")]), bad=[BAD])
    schemas = default_resolver()
    with DuckDbWarehouse(MEMORY) as warehouse:
        quiet = Dying(warehouse, -1, after)
        load(lake.store, quiet, sql, Clock(), schemas)
        expected = content(warehouse, sql)
    assert len(expected[0]) == 3
    columns = [place for place, statement in enumerate(quiet.statements) if "add column" in statement]
    alike = columns[1 : len(MODELLED) - 1]  # the second to the last but one of a dozen columns added one after another
    assert len(quiet.statements) - len(alike) > 25
    for at in sorted(set(range(len(quiet.statements))) - set(alike)):
        clock = Clock()
        with DuckDbWarehouse(MEMORY) as warehouse:
            with pytest.raises(Crash):
                load(lake.store, Dying(warehouse, at, after), sql, clock, schemas)
            load(lake.store, warehouse, sql, clock, schemas)
            assert content(warehouse, sql) == expected


KILLED = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from snowmelt.lake.store import LocalStore
from snowmelt.loader.duckdb import DuckDbWarehouse
from snowmelt.loader.load import load

class Killed(DuckDbWarehouse):
    def execute(self, statement, parameters):
        rows = super().execute(statement, parameters)
        if "insert into" in statement and ".events" in statement:
            os._exit(9)
        return rows

lake, file, sql = map(Path, sys.argv[1:])
load(LocalStore(lake), Killed(file), sql, lambda: datetime.now(UTC))
"""


def test_a_loader_killed_after_its_insert_leaves_rows_that_are_not_loaded_again(tmp_path, lake, file, sql, clock):
    lake.add(event(0), event(1), bad=[BAD])
    command = [sys.executable, "-c", KILLED, str(tmp_path / "lake"), str(file), str(sql)]
    assert subprocess.run(command, check=False).returncode == 9
    with DuckDbWarehouse(file) as warehouse:
        assert values(warehouse, "select count(*) from atomic.events") == [(2,)]
        load(lake.store, warehouse, sql, clock)
        assert values(warehouse, "select count(*), count(distinct load_tstamp) from atomic.events") == [(2, 1)]
        assert [run.state for run in Manifest(warehouse, sql, clock).list_runs()] == [State.LOADED]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", [1, 2])
def test_wherever_dropping_dies_it_can_be_repeated(lake, warehouse, sql, clock, at, after):
    lake.add(event(0), event(1))
    (run,) = load(lake.store, warehouse, sql, clock)
    manifest = Manifest(warehouse, sql, clock)
    manifest.hold(run.base, "odd")
    with pytest.raises(Crash):
        Manifest(Dying(warehouse, at, after), sql, clock).drop(run.base)
    if manifest.run(run.base).state is State.HELD:
        manifest.drop(run.base)
    counts = warehouse_counts(warehouse, sql)
    assert (counts.loaded, counts.held, counts.dropped) == (0, 0, 2)


def test_counts_balance_with_the_lake_in_every_state(warehouse, sql, clock, lake):
    for number in range(4):
        lake.add(*(event(10 * number + place) for place in range(number + 1)), bad=[BAD])
    load(lake.store, warehouse, sql, clock)
    manifest = Manifest(warehouse, sql, clock)
    first, second, third, _ = (run.base for run in manifest.list_runs())
    manifest.release(first)
    manifest.hold(second, "odd")
    manifest.hold(third, "odd")
    manifest.drop(third)
    counts = warehouse_counts(warehouse, sql)
    assert counts == WarehouseCounts(loaded=7, unchecked=4, released=1, held=2, dropped=3, bad_rows=4)
    laked = lake_counts(lake.store)
    assert (laked.good, laked.bad) == (counts.loaded + counts.dropped, counts.bad_rows)


LOAD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from snowmelt.lake.store import LocalStore
from snowmelt.loader.duckdb import DuckDbWarehouse
from snowmelt.loader.load import load
lake, file, sql = map(Path, sys.argv[1:])
with DuckDbWarehouse(file) as warehouse:
    load(LocalStore(lake), warehouse, sql, lambda: datetime(2026, 7, 1, 12, tzinfo=UTC))
    for row in warehouse.execute(
        "select collector_tstamp, contexts_com_acme_page_1[1]['at'], load_tstamp, min_collector_tstamp, "
        "shredding_started, ingestion_tstamp, loaded_tstamp, bad_rows.failure_tstamp "
        "from atomic.events join atomic.load_manifest using (load_tstamp) join atomic.bad_rows using (load_tstamp)", {}
    ):
        print(*(str(value) for value in row), sep=";")
"""


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Kolkata"])
def test_every_time_is_utc_whatever_the_zone_of_the_machine(tmp_path, lake, sql, file, zone):
    lake.add(
        event(
            0, collector_tstamp="2026-07-01 03:30:00.000", contexts=[page(1, id="a", at="2026-07-01T05:30:00+02:00")]
        ),
        bad=[BAD],
    )
    run = subprocess.run(
        [sys.executable, "-c", LOAD, str(tmp_path / "lake"), str(file), str(sql)],
        env={**os.environ, "TZ": zone},
        capture_output=True,
        text=True,
        check=True,
    )
    collected, noon, batch_start = "2026-07-01 03:30:00", "2026-07-01 12:00:00", "2026-11-24 12:00:00"
    assert run.stdout == ";".join([collected, collected, noon, collected, batch_start, noon, noon, batch_start]) + "\n"
