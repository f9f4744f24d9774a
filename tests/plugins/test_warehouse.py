"""The hook: which file a connection names, and publishing a copy of it."""

from pathlib import Path

import duckdb
import pytest

from snowmelt.workspace import Workspace

pytestmark = pytest.mark.filterwarnings("ignore")  # of Airflow's own imports


def test_the_connection_names_the_file(airflow_home: Workspace) -> None:
    from warehouse import WarehouseHook

    assert WarehouseHook().file == airflow_home.warehouse
    assert WarehouseHook().statements.name == "duckdb"


def test_another_type_of_connection_is_refused(airflow_home: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    from warehouse import WarehouseHook

    monkeypatch.setenv("AIRFLOW_CONN_SNOWMELT_WAREHOUSE", '{"conn_type": "postgres", "host": "db"}')
    with pytest.raises(ValueError, match="is of type 'postgres': give it the type duckdb"):
        _ = WarehouseHook().file


def test_publishing_replaces_the_copy_under_its_readers(
    airflow_home: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from warehouse import WarehouseHook

    file, copy = tmp_path / "snowmelt.duckdb", tmp_path / "published" / "snowmelt.duckdb"
    monkeypatch.setenv("AIRFLOW_CONN_SNOWMELT_WAREHOUSE", f'{{"conn_type": "duckdb", "host": "{file}"}}')
    hook = WarehouseHook()
    hook.frame("create table days as select 1 as day")
    hook.publish(copy)
    with duckdb.connect(copy, read_only=True) as reader:
        hook.frame("insert into days values (2)")
        hook.publish(copy)
        assert reader.execute("select count(*) from days").fetchall() == [(1,)]
    with duckdb.connect(copy, read_only=True) as reader:
        assert reader.execute("select count(*) from days").fetchall() == [(2,)]
    assert [entry.name for entry in copy.parent.iterdir()] == [copy.name]
