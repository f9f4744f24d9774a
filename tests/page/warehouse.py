"""A small warehouse: one event a state, published by rename as the build of the models does."""

import json
from pathlib import Path

import duckdb

MODELLED = "11111111-1111-4111-8111-111111111111"
LOADED = "22222222-2222-4222-8222-222222222222"
CHECKED_LATER = "33333333-3333-4333-8333-333333333333"
HELD = "44444444-4444-4444-8444-444444444444"
BAD = "55555555-5555-4555-8555-555555555555"
NOWHERE = "66666666-6666-4666-8666-666666666666"
STATES = {
    MODELLED: "modelled",
    LOADED: "loaded",
    CHECKED_LATER: "held or waiting",
    HELD: "held or waiting",
    BAD: "bad row",
    NOWHERE: "not yet",
}
SCRIPT = "<script>alert(1)</script>"

_RUNS = {"released": 1, "loaded": 2, "held": 3}


def publish(file: Path, *, models: bool = True, modelled: str = MODELLED, bad: str = BAD) -> None:
    """Writes the warehouse beside ``file`` and puts it in its place; two of its events may have other ids."""
    file.parent.mkdir(parents=True, exist_ok=True)
    written = file.with_name("new") / file.name  # its name is the catalog's
    written.parent.mkdir()
    with duckdb.connect(written) as connection:
        _fill(connection, models, modelled, bad)
    written.replace(file)
    written.parent.rmdir()


def _fill(connection: duckdb.DuckDBPyConnection, models: bool, modelled: str, bad: str) -> None:
    connection.execute("create schema atomic")
    connection.execute("create table atomic.load_manifest (state varchar, load_tstamp timestamp)")
    for state, day in _RUNS.items():
        connection.execute(
            "insert into atomic.load_manifest values (?, make_timestamp(2027, 1, ?, 0, 0, 0))", [state, day]
        )
    connection.execute(
        "create table atomic.events (event_id varchar, event_name varchar, page_title varchar, "
        "tr_total decimal(18, 2), collector_tstamp timestamp, "
        "web_page struct(id varchar, note varchar)[], load_tstamp timestamp)"
    )
    for event_id, day in ((modelled, 1), (modelled, 1), (LOADED, 1), (CHECKED_LATER, 2), (HELD, 3)):
        connection.execute(
            "insert into atomic.events values (?, 'page_view', ?, null, timestamp '2027-01-01 10:00:00.25', "
            "[{'id': 'view', 'note': null}], make_timestamp(2027, 1, ?, 0, 0, 0))",
            [event_id, SCRIPT, day],
        )
    connection.execute(
        "create table atomic.bad_rows (bad_row_id varchar, kind varchar, first_message varchar, payload varchar)"
    )
    payload = {"enriched": {"event_id": bad, "page_title": f"after {modelled}"}}
    connection.execute(
        "insert into atomic.bad_rows values ('b1', 'schema_violations', 'value is missing', ?)",
        [json.dumps(payload, separators=(",", ":"))],
    )
    if models:
        connection.execute(
            f"""
            create schema derived;
            create table derived.stg_events as select '{modelled}' as event_id, '{modelled}:f' as event_key,
                'visit' as session_key, 'view' as page_view_id, 'visitor' as domain_userid;
            create table derived.page_views as select 'visit:view' as page_view_key, 3 as page_pings;
            create table derived.sessions as select 'visit' as session_key, 7 as events;
            create table derived.users as select 'somebody else' as domain_userid;
            create table derived.sample_inputs as select '{modelled}:other' as event_key
            """
        )
