"""A warehouse as the loader leaves it, filled by hand: the source tables of the dbt project and rows for them."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from snowmelt.protocol.atomic import WAREHOUSE_COLUMNS, Kind

SNOWPLOW = "com_snowplowanalytics_snowplow"

TYPES = {
    Kind.STRING: "varchar",
    Kind.INTEGER: "integer",
    Kind.DOUBLE: "double",
    Kind.DECIMAL: "decimal(18, 2)",
    Kind.BOOLEAN: "boolean",
    Kind.TIMESTAMP: "timestamp",
}

ENTITIES = {
    f"contexts_{SNOWPLOW}_web_page_1": "struct(id varchar)[]",
    f"contexts_{SNOWPLOW}_browser_context_2": "struct(device_memory double, tab_id varchar, webdriver boolean)[]",
    f"contexts_{SNOWPLOW}_ua_parser_context_1": (
        "struct(device_family varchar, os_family varchar, os_version varchar, useragent_family varchar)[]"
    ),
    "contexts_org_ietf_http_client_hints_1": "struct(is_mobile boolean, platform varchar)[]",
    f"unstruct_event_{SNOWPLOW}_link_click_1": (
        "struct(element_classes varchar[], element_content varchar, element_id varchar, element_target varchar,"
        " target_url varchar)"
    ),
    "unstruct_event_com_patrickcloud_sample_input_1": "struct(value varchar)",
}
"""The entity columns the models read, with some of their fields."""

COLUMNS = {column.name: TYPES[column.kind] for column in WAREHOUSE_COLUMNS} | {"load_tstamp": "timestamp"} | ENTITIES

BAD_ROWS = {
    "bad_row_id": "varchar",
    "schema": "varchar",
    "kind": "varchar",
    "failure_tstamp": "timestamp",
    "vendor": "varchar",
    "app_id": "varchar",
    "first_message": "varchar",
    "processor": "varchar",
    "payload": "varchar",
    "run": "varchar",
    "load_tstamp": "timestamp",
}

MANIFEST = {
    "base": "varchar",
    "run": "varchar",
    "state": "varchar",
    "load_tstamp": "timestamp",
    "released_tstamp": "timestamp",
}
"""The columns of the manifest that the models read, and its key."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Run:
    """A run folder as loaded, and when it was released: None for not yet."""

    name: str
    loaded: datetime
    released: datetime | None
    events: tuple[Row, ...] = ()
    bad_rows: tuple[Row, ...] = ()


def create(path: Path) -> None:
    """Makes the file with the three source tables, empty."""
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema atomic")
        for table, columns in (("events", COLUMNS), ("bad_rows", BAD_ROWS), ("load_manifest", MANIFEST)):
            definitions = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
            connection.execute(f"create table atomic.{table} ({definitions})")


def load(path: Path, runs: Iterable[Run]) -> None:
    """Adds runs, as the loader and the release do."""
    with duckdb.connect(str(path)) as connection:
        connection.begin()
        for run in runs:
            stamp = {"load_tstamp": run.loaded}
            _insert(connection, "events", [event(row) | stamp for row in run.events])
            _insert(connection, "bad_rows", [{**row, **stamp, "run": run.name} for row in run.bad_rows])
            state = "loaded" if run.released is None else "released"
            manifest = {"base": f"lake/{run.name}", "run": run.name, "state": state, "released_tstamp": run.released}
            _insert(connection, "load_manifest", [manifest | stamp])
        connection.commit()


def release(path: Path, name: str, when: datetime) -> None:
    """Lets the models see a run."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "update atomic.load_manifest set state = 'released', released_tstamp = ? where run = ?", [when, name]
        )


def rows(path: Path, query: str) -> list[dict[str, Any]]:
    """What a query gives."""
    with duckdb.connect(str(path), read_only=True) as connection:
        cursor = connection.execute(query)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def contents(path: Path, *without: str) -> dict[str, list[str]]:
    """All rows of all models, as texts in order; of the models but those in `without`."""
    found = rows(path, "select table_name from information_schema.tables where table_schema = 'derived' order by 1")
    names = [row["table_name"] for row in found if row["table_name"] not in without]
    return {name: in_text(rows(path, f"select * from derived.{name}")) for name in names}


def in_text(found: Iterable[Row]) -> list[str]:
    """Rows as JSON, in order, for comparison."""
    return sorted(json.dumps(row, default=str, sort_keys=True) for row in found)


def event(row: Row) -> dict[str, Any]:
    """A row of atomic.events from the few fields a case names; the others as a web page's tracker and enrich set them.

    Short names: `page_view` for the entity's id, `ua` for the three families of ua-parser, `value` for a Sample Input,
    `target` for the link clicked.
    """
    given = dict(row)
    entities: dict[str, Any] = {}
    if (view := given.pop("page_view", None)) is not None:
        entities[f"contexts_{SNOWPLOW}_web_page_1"] = [{"id": view}]
    if (families := given.pop("ua", None)) is not None:
        names = ("useragent_family", "os_family", "device_family")
        entities[f"contexts_{SNOWPLOW}_ua_parser_context_1"] = [dict(zip(names, families, strict=True))]
    if (target := given.pop("target", None)) is not None:
        entities[f"unstruct_event_{SNOWPLOW}_link_click_1"] = {"target_url": target}
    if (value := given.pop("value", None)) is not None:
        entities["unstruct_event_com_patrickcloud_sample_input_1"] = {"value": value}
    if (webdriver := given.pop("webdriver", None)) is not None:
        entities[f"contexts_{SNOWPLOW}_browser_context_2"] = [{"webdriver": webdriver}]

    collected = moment(given["collector_tstamp"])
    name = given.get("event_name", "page_view")
    defaults = {
        "app_id": "shop",
        "platform": "web",
        "event": name if name in ("page_view", "page_ping") else "unstruct",
        "event_name": name,
        "event_vendor": "com.patrickcloud" if name == "sample_input" else "com.snowplowanalytics.snowplow",
        "event_format": "jsonschema",
        "event_version": "1-0-0",
        "event_fingerprint": f"print of {given['event_id']}",
        "name_tracker": "sp",
        "v_tracker": "js-4.6.0",
        "v_collector": "snowmelt-collector",
        "v_etl": "snowmelt-enrich",
        "etl_tstamp": collected + timedelta(seconds=1),
        "dvce_created_tstamp": collected,
        "dvce_sent_tstamp": collected,
        "derived_tstamp": collected,
        "useragent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "doc_height": 2000,
        "br_viewheight": 500,
    }
    if unknown := given.keys() - COLUMNS.keys():
        raise KeyError(f"no such column: {sorted(unknown)}")
    times = {key: moment(value) for key, value in given.items() if key.endswith("_tstamp")}
    return defaults | given | times | entities


def moment(value: str | datetime | None) -> Any:
    """A time in UTC, without a zone, as the warehouse keeps it."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _insert(connection: duckdb.DuckDBPyConnection, table: str, found: list[dict[str, Any]]) -> None:
    for row in found:
        names = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join("?" for _ in row)
        connection.execute(f"insert into atomic.{table} ({names}) values ({marks})", list(row.values()))
