"""Loads run folders: each folder once, however often the loader is started or killed.

Every step is one statement that is safe to repeat, and a folder's rows are known by their load_tstamp, which the
manifest's row gives: a retry finds the row, takes up the same load_tstamp, and each insert then adds nothing twice.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec
import pyarrow as pa

from snowmelt.iglu.resolver import Resolver, default_resolver
from snowmelt.lake import run_folder
from snowmelt.lake.rows import ATOMIC_SCHEMA
from snowmelt.lake.run_folder import Marker, Positions
from snowmelt.lake.store import Store
from snowmelt.loader.errors import LoaderError
from snowmelt.loader.evolution import ColumnConflictError, additions
from snowmelt.loader.manifest import Manifest, Run, State
from snowmelt.loader.modelled import modelled_columns
from snowmelt.loader.statements import Statements
from snowmelt.loader.warehouse import Value, Warehouse


class LoadError(LoaderError):
    """A run folder that cannot be loaded; the message names it and says why."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A run folder that is now in the warehouse: events and bad rows."""

    base: str
    run: str
    load_tstamp: datetime
    good: int
    bad: int


def load(
    store: Store, warehouse: Warehouse, sql: Path, now: Callable[[], datetime], resolver: Resolver | None = None
) -> list[Loaded]:
    """Loads every whole run folder that the manifest does not have as loaded, oldest first.

    Stops at the first folder that fails, with LoaderError or RegistryFailure; the next call goes on there.
    """
    prepare(warehouse, sql, resolver)
    statements, manifest = Statements(sql, warehouse), Manifest(warehouse, sql, now)
    new = unloaded(store, manifest.list_runs())
    return [_load_run(store, statements, manifest, name, marker) for name, marker in new]


def prepare(warehouse: Warehouse, sql: Path, resolver: Resolver | None = None) -> None:
    """Makes the tables, with every column that the models read, where they are not there yet."""
    statements = Statements(sql, warehouse)
    for name in ("create_schema", "create_bad_rows", "create_manifest"):
        statements.run(name)
    columns = [
        f"{warehouse.quoted(field.name)} {warehouse.type_name(field.type)}{'' if field.nullable else ' not null'}"
        for field in ATOMIC_SCHEMA
    ]
    statements.run("create_events", columns=",\n    ".join(columns))
    _grow(statements, modelled_columns(resolver or default_resolver()))


def unloaded(store: Store, runs: Sequence[Run]) -> list[tuple[str, Marker]]:
    """Name and marker of each whole run folder that is not among these runs, or only as loading; oldest first.

    A folder is known by the base in its marker, so that a lake that was moved is not loaded again.
    """
    done = {run.base for run in runs if run.state is not State.LOADING}
    whole, _ = run_folder.runs(store.list("run="))
    unknown = [name for name in whole if store.uri(f"{name}/") not in done]
    markers = [(name, _marker(store, name)) for name in unknown]
    return [(name, marker) for name, marker in markers if marker.base not in done]


def _load_run(store: Store, statements: Statements, manifest: Manifest, name: str, marker: Marker) -> Loaded:
    keys = store.list(f"{name}/")
    manifest.begin(_facts(name, marker, _positions(store, name, keys)))
    run = manifest.run(marker.base)
    stamp: dict[str, Value] = {"load_tstamp": run.load_tstamp}
    if source := _parquet(store, statements, keys, f"{name}/output=good/"):
        schema = statements.warehouse.schema(statements.text("read_events", source=source))
        try:
            _grow(statements, schema)
        except ColumnConflictError as error:
            raise LoadError(f"{name}: {error}") from error
        columns = ",\n    ".join(statements.warehouse.quoted(column) for column in schema.names)
        statements.run("insert_events", stamp, source=source, columns=columns)
    if source := _parquet(store, statements, keys, f"{name}/output=bad_rows/"):
        statements.run("insert_bad_rows", {**stamp, "run": name}, source=source)
    ((good, bad),) = statements.run("count_run", stamp)
    if (good, bad) != (run.count_good, run.count_bad):
        raise LoadError(
            f"{name}: its marker says {run.count_good} events and {run.count_bad} bad rows, "
            f"but {good} and {bad} are in the warehouse: a file of the folder is missing or was changed"
        )
    manifest.finish(run)
    return Loaded(run.base, name, run.load_tstamp, run.count_good, run.count_bad)


def _grow(statements: Statements, schema: pa.Schema) -> None:
    """Adds what the events' table lacks of these columns."""
    warehouse = statements.warehouse
    have = warehouse.schema(statements.text("read_table"))
    for addition in additions(have, schema):
        path = ".".join(warehouse.quoted(step) for step in addition.path)
        statements.run("add_column", column=path, type=warehouse.type_name(addition.type))


def _parquet(store: Store, statements: Statements, keys: Sequence[str], prefix: str) -> str | None:
    files = [store.uri(key) for key in keys if key.startswith(prefix) and key.endswith(".parquet")]
    return statements.warehouse.source(files) if files else None


def _marker(store: Store, name: str) -> Marker:
    try:
        return run_folder.decode_marker(store.get(f"{name}/{run_folder.MARKER}"))
    except (run_folder.MarkerError, FileNotFoundError) as error:
        raise LoadError(f"{name}: {error}") from None


def _positions(store: Store, name: str, keys: Sequence[str]) -> Positions:
    key = f"{name}/{run_folder.POSITIONS}"
    if key not in keys:
        raise LoadError(f"{name}: {run_folder.POSITIONS} is missing, so nobody can say which records the folder holds")
    try:
        return run_folder.decode_positions(store.get(key))
    except msgspec.MsgspecError as error:
        raise LoadError(f"{name}: {run_folder.POSITIONS} is not valid: {error}") from None


def _facts(name: str, marker: Marker, positions: Positions) -> dict[str, Value]:
    """What the manifest keeps of a folder."""
    return {
        "base": marker.base,
        "run": name,
        "types": _json(marker.types_info.types),
        "shredding_started": marker.timestamps.job_started,
        "shredding_completed": marker.timestamps.job_completed,
        "min_collector_tstamp": marker.timestamps.min,
        "max_collector_tstamp": marker.timestamps.max,
        "processor_artifact": marker.processor.artifact,
        "processor_version": marker.processor.version,
        "records": positions.records,
        "bad_records": positions.bad_records,
        "count_good": positions.good if marker.count is None else marker.count.good,
        "count_bad": positions.bad if marker.count is None or marker.count.bad is None else marker.count.bad,
        "first_positions": _json(positions.first),
        "last_positions": _json(positions.last),
    }


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
