"""Small warehouses made by hand: run folders as the manifest has them, their events, and bad rows."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from snowmelt.loader.duckdb import DuckDbWarehouse
from snowmelt.loader.manifest import Manifest, State
from snowmelt.loader.statements import Statements

SQL = Path(__file__).parents[3] / "include" / "sql" / "duckdb"
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
SCRIPT = "<script>alert(1)</script>"
HOSTILE = f"\"'><img src=x onerror=alert(1)>{SCRIPT}</pre></textarea>{{{{ 7 * 7 }}}}"


@dataclass(frozen=True, slots=True)
class MadeBadRow:
    """A bad row of `atomic.bad_rows`; the payload is laid down as JSON where it is no text."""

    kind: str = "schema_violations"
    message: str | None = "iglu:com.acme/offer_shown/jsonschema/1-0-0: $.price is of type string, not number"
    app_id: str | None = "shop"
    payload: Any = field(
        default_factory=lambda: {
            "enriched": {"v_tracker": "js-4.6.8", "name_tracker": "sp", "page_url": "https://shop.example/a?b=c"}
        }
    )


@dataclass(frozen=True, slots=True)
class MadeRun:
    """A run: its name ends in ``name``; ``lost`` events of those its marker tells of are not in the warehouse."""

    name: str
    state: State = State.RELEASED
    good: int = 3
    bad_rows: Sequence[MadeBadRow] = ()
    lost: int = 0
    reason: str = "column_values_to_be_in_set(platform) failed on 1 of 3 rows (for instance 'toaster')"

    @property
    def run(self) -> str:
        return f"run=2026-11-25-10-00-00-{self.name}"

    @property
    def base(self) -> str:
        return f"file:///lake/{self.run}/"


def make_warehouse(file: Path, runs: Sequence[MadeRun], start: datetime = NOW) -> None:
    """The file with these runs, a minute apart."""
    moments = iter(start + timedelta(seconds=10 * step) for step in range(100_000))
    with DuckDbWarehouse(file) as warehouse:
        statements, manifest = Statements(SQL, warehouse), Manifest(warehouse, SQL, lambda: next(moments))
        for name in ("create_schema", "create_bad_rows", "create_manifest"):
            statements.run(name)
        statements.run("create_events", columns='"event_id" varchar')
        for made in runs:
            _add(warehouse, manifest, made)


def _add(warehouse: DuckDbWarehouse, manifest: Manifest, made: MadeRun) -> None:
    facts = {
        **dict.fromkeys(("types", "first_positions", "last_positions"), "[]"),
        **dict.fromkeys(("shredding_started", "shredding_completed", "min_collector_tstamp"), NOW),
        "base": made.base,
        "run": made.run,
        "max_collector_tstamp": NOW - timedelta(minutes=5),
        "processor_artifact": "snowmelt-enrich",
        "processor_version": "0.1.0",
        "records": made.good + len(made.bad_rows),
        "bad_records": 0,
        "count_good": made.good,
        "count_bad": len(made.bad_rows),
    }
    manifest.begin(facts)
    run = manifest.run(made.base)
    stamp = run.load_tstamp.replace(tzinfo=None)
    for place in range(made.good - made.lost):
        event = {"id": f"{made.name}-{place}", "stamp": stamp}
        warehouse.execute("insert into atomic.events values ($id, $stamp)", event)
    for place, row in enumerate(made.bad_rows):
        payload = row.payload if isinstance(row.payload, str) else json.dumps(row.payload)
        values = {
            "id": f"{made.name}-{place}",
            "schema": f"iglu:badrows/{row.kind}/jsonschema/1-0-0",
            "kind": row.kind,
            "failure": (run.load_tstamp + timedelta(seconds=place)).replace(tzinfo=None),
            "app_id": row.app_id,
            "message": row.message,
            "payload": payload,
            "run": made.run,
            "stamp": stamp,
        }
        warehouse.execute(
            "insert into atomic.bad_rows values ($id, $schema, $kind, $failure, 'com.acme', $app_id, $message, "
            "'snowmelt-enrich-0.1.0', $payload, $run, $stamp)",
            values,
        )
    if made.state is State.LOADING:
        return
    manifest.finish(run)
    match made.state:
        case State.RELEASED:
            manifest.release(made.base)
        case State.HELD:
            manifest.hold(made.base, made.reason)
        case State.DROPPED:
            manifest.hold(made.base, made.reason)
            manifest.drop(made.base)
