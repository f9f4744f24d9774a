"""What the DAGs share: the assets that join them, the words they are tagged with, and their tasks' defaults."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum

from airflow.sdk import Asset, AssetWatcher, DeadlineAlert, DeadlineReference, SyncCallback

from lake_watch import RunFolderTrigger
from notifications import runbook_names, tell_of_delay, tell_of_failure
from snowmelt.workspace import Workspace

WAREHOUSE_POOL = "warehouse"
"""One slot: DuckDB has one writer process, and a writer keeps readers of the file out too."""

START = datetime(2026, 1, 1, tzinfo=UTC)
"""No DAG runs for a time before this; none catches up."""

RUN_FOLDERS = Asset(
    "run_folders",
    group="events",
    watchers=[AssetWatcher("lake", trigger=RunFolderTrigger(str(Workspace.from_environment().lake)))],
)
LOADED_RUNS = Asset("loaded_runs", group="events")
RELEASED_RUNS = Asset("released_runs", group="events")
PUBLISHED_MARTS = Asset("published_marts", group="marts")
DASHBOARD = Asset("dashboard", group="reports")


class Tag(StrEnum):
    """What a DAG works on. A DAG carries one or more of these and no others."""

    EVENTS = "events"
    QUALITY = "quality"
    MODELS = "models"
    REPORTS = "reports"


def defaults(**changes: object) -> dict[str, object]:
    """Every task's arguments, changed where a DAG says so.

    An owner, retries, a timeout, who is told when it fails, and the warehouse's pool. How many tasks hang on one says
    nothing of its turn there: a build, which begins when the first run of a batch is released, waits for the others.
    """
    return {
        "owner": "data-platform",
        "retries": 2,
        "retry_delay": timedelta(minutes=1),
        "execution_timeout": timedelta(minutes=30),
        "on_failure_callback": tell_of_failure,
        "pool": WAREHOUSE_POOL,
        "weight_rule": "absolute",
        "priority_weight": 2,
    } | changes


def deadline(within: timedelta, doc: str | None) -> DeadlineAlert:
    """Has people told when a run is not done in time after it was queued. ``doc`` is the DAG's, for its runbooks."""
    told = SyncCallback(tell_of_delay, kwargs={"names": runbook_names(doc)})
    return DeadlineAlert(reference=DeadlineReference.DAGRUN_QUEUED_AT, interval=within, callback=told)
