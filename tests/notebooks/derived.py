"""A published copy without a build: the loader's tables, and the marts as their contracts in dbt/ describe them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import yaml

from snowmelt.loader.duckdb import DuckDbWarehouse
from snowmelt.loader.load import prepare

Rows = Mapping[str, Sequence[Mapping[str, Any]]]

NOON = datetime(2026, 11, 24, 12, 0, 0)  # noqa: DTZ001 - the warehouse's timestamps are UTC without a zone


def create(file: Path, root: Path, rows: Rows) -> None:
    """Makes the file, with these rows by table; columns that are not given are null."""
    with DuckDbWarehouse(file) as warehouse:
        prepare(warehouse, root / "include" / "sql" / "duckdb")
    with duckdb.connect(file) as connection:
        for table in ("events", "bad_rows", "load_manifest"):  # without constraints: a test fills what it needs
            connection.execute(f"create or replace table atomic.{table} as select * from atomic.{table}")
        connection.execute("create schema derived")
        connection.execute("create table derived.stg_load_manifest (load_tstamp timestamp)")
        for listing in sorted((root / "dbt" / "models").glob("*/*.yml")):
            for model in yaml.safe_load(listing.read_text(encoding="utf-8")).get("models", []):
                if listing.parent.name == "marts" or model["name"] == "stg_events":
                    columns = ", ".join(
                        f"{column['name']} {column.get('data_type', 'string')}" for column in model["columns"]
                    )
                    connection.execute(f"create table derived.{model['name']} ({columns})")
        for table, values in rows.items():
            for row in values:
                places = ", ".join("?" * len(row))
                connection.execute(f"insert into {table} ({', '.join(row)}) values ({places})", list(row.values()))


def one_event() -> Rows:
    """What one page view of one visitor leaves in each table."""
    run = {"base": "file:///lake/run=1/", "run": "run=1", "state": "released", "load_tstamp": NOON}
    counts = {"records": 2, "bad_records": 1, "count_good": 1, "count_bad": 1, "released_tstamp": NOON}
    atomic = {"event_id": "e", "collector_tstamp": NOON, "v_collector": "c", "v_etl": "e", "load_tstamp": NOON}
    visit = {"session_key": "s", "domain_sessionid": "s", "domain_userid": "u", "is_bot": False}
    times = {"start_tstamp": NOON, "end_tstamp": NOON}
    return {
        "atomic.load_manifest": [run | counts],
        "atomic.events": [atomic],
        "derived.stg_load_manifest": [{"load_tstamp": NOON}],
        "derived.bad_row_counts": [
            {"kind": "schema_violations", "bad_rows": 1, "first_message": "<script>alert(1)</script>"}
        ],
        "derived.stg_events": [{"event_name": "page_view", "event_vendor": "v"}],
        "derived.event_quality": [
            {"events": 1, "duplicate_rows": 0, "id_collisions": 0, "skewed_clocks": 0, "last_collector_tstamp": NOON}
        ],
        "derived.sessions": [
            visit
            | times
            | {"events": 1, "page_views": 1, "engaged_seconds": 7, "is_engaged": False, "device_type": "tv"}
        ],
        "derived.page_views": [
            visit | times | {"page_urlhost": "shop.example", "page_urlpath": "/hats", "engaged_seconds": 7}
        ],
    }


def changed(rows: Rows, table: str, **changes: Any) -> Rows:
    """The rows with these values in each row of the table."""
    return {**rows, table: [{**row, **changes} for row in rows[table]]}
