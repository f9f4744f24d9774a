import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from snowmelt.lake.store import LocalStore
from snowmelt.loader.duckdb import DuckDbWarehouse, WarehouseBusyError
from snowmelt.loader.warehouse import WarehouseError


def test_the_catalog_is_named_after_the_file(warehouse):
    assert warehouse.catalog == "snowmelt"


def test_rows_and_parameters(warehouse):
    assert warehouse.execute("select $a || 'x', $b", {"a": "it's", "b": None}) == [("it'sx", None)]


def test_an_error_names_the_statement(warehouse):
    with pytest.raises(WarehouseError, match="from nowhere"):
        warehouse.execute("select 1 from nowhere", {})
    with pytest.raises(WarehouseError, match="from nowhere"):
        warehouse.schema("select 1 from nowhere")


def test_what_is_no_warehouse_is_not_taken_for_one_in_use(tmp_path):
    (tmp_path / "locks").mkdir()
    (tmp_path / "locks" / "noise.duckdb").write_bytes(b"noise" * 5000)
    for path in (tmp_path / "locks", tmp_path / "locks" / "noise.duckdb", tmp_path / "locks" / "noise.duckdb" / "x"):
        with pytest.raises(WarehouseError, match=f"^the warehouse {path} cannot be opened: "):
            DuckDbWarehouse(path)


@pytest.mark.parametrize("name", ["plain", "Two Words", 'a"b', "select", "日本", "x.y"])
def test_any_name_can_be_an_identifier(warehouse, name):
    quoted = warehouse.quoted(name)
    warehouse.execute(f"create table {quoted} ({quoted} integer)", {})
    assert warehouse.schema(f"select * from {quoted}").names == [name]


@pytest.mark.parametrize(
    "kind",
    [
        pa.string(),
        pa.bool_(),
        pa.int32(),
        pa.int64(),
        pa.float64(),
        pa.date32(),
        pa.decimal128(18, 2),
        pa.decimal128(38, 0),
        pa.struct([("a", pa.string()), ("b c", pa.list_(pa.struct([("select", pa.int64())])))]),
    ],
    ids=str,
)
def test_a_column_of_a_type_holds_it(warehouse, kind):
    warehouse.execute(f"create table t (a {warehouse.type_name(kind)})", {})
    assert str(warehouse.schema("select a from t").field("a").type).replace("l:", "item:") == str(kind)


def test_json_is_text_and_moments_have_no_zone(warehouse):
    assert warehouse.type_name(pa.json_()) == "varchar"
    assert warehouse.type_name(pa.list_(pa.timestamp("us", "UTC"))) == "timestamp[]"


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=-5))])
def test_an_aware_moment_is_stored_in_utc(warehouse, zone):
    moment = datetime(2026, 7, 1, 12, 30, 0, 123456, tzinfo=UTC)
    warehouse.execute("create table t (moment timestamp)", {})
    warehouse.execute("insert into t values ($at)", {"at": moment.astimezone(zone)})
    assert warehouse.execute("select moment, moment = $at from t", {"at": moment}) == [
        (moment.replace(tzinfo=None), True)
    ]


@pytest.mark.parametrize("folder", ["plain", "with space", "[odd]*?", "it's", "日本", "50%"])
def test_a_file_is_read_from_any_folder(warehouse, tmp_path, folder):
    store = LocalStore(tmp_path / folder)
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table({"a": [1]}), sink)
    store.put("run=1/output=good/a.parquet", sink.getvalue().to_pybytes())
    source = warehouse.source([store.uri("run=1/output=good/a.parquet")])
    assert warehouse.execute(f"select * from read_parquet({source}, hive_partitioning = false)", {}) == [(1,)]


@contextmanager
def held(file):
    """The file open in another process, which gives it free a moment after its standard input ends."""
    hold = (
        "import sys, time; from pathlib import Path; from snowmelt.loader.duckdb import DuckDbWarehouse\n"
        "with DuckDbWarehouse(Path(sys.argv[1])): print('open', flush=True); sys.stdin.read(); time.sleep(0.3)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout.readline() == "open\n"
        yield other
        other.stdin.close()


@pytest.mark.parametrize(("patience", "said"), [(0, "is open in"), (0.2, "stayed open in")])
@pytest.mark.parametrize("read_only", [False, True])
def test_a_file_open_in_another_process_is_refused_with_a_sentence(file, patience, said, read_only):
    with held(file) as other, pytest.raises(WarehouseBusyError, match=f"{said} process {other.pid} .*try again$"):
        DuckDbWarehouse(file, read_only=read_only, patience_s=patience)


def test_a_file_that_another_process_gives_free_in_time_is_opened(file):
    with held(file) as other:
        with pytest.raises(WarehouseBusyError):
            DuckDbWarehouse(file, patience_s=0)
        other.stdin.close()
        DuckDbWarehouse(file, patience_s=30).close()


def test_many_read_at_a_time(file):
    DuckDbWarehouse(file).close()
    with DuckDbWarehouse(file, read_only=True) as first, DuckDbWarehouse(file, read_only=True) as second:
        assert first.catalog == second.catalog == "snowmelt"
        with pytest.raises(WarehouseError, match="read-only"):
            first.execute("create table t (a integer)", {})


def test_reading_makes_no_file(file):
    with pytest.raises(WarehouseError, match="cannot be opened"):
        DuckDbWarehouse(file, read_only=True)
    assert not file.parent.exists()


def test_a_file_that_is_no_warehouse_is_refused(file):
    file.parent.mkdir(parents=True)
    file.write_bytes(b"x" * 5000)
    with pytest.raises(WarehouseError, match="cannot be opened"):
        DuckDbWarehouse(file)
