"""What the DAGs share: the assets that join them, the words they are tagged with, and their tasks' defaults."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from airflow.sdk import Asset

from snowmelt.workspace import Workspace

WAREHOUSE_POOL = "warehouse"
"""One slot: DuckDB has one writer process, and a writer keeps readers of the file out too."""

START = datetime(2026, 1, 1, tzinfo=UTC)
"""No DAG runs for a time before this; none catches up."""

LOADED_RUNS = Asset("loaded_runs", group="events")
RELEASED_RUNS = Asset("released_runs", group="events")
PUBLISHED_MARTS = Asset("published_marts", group="marts")
DASHBOARD = Asset("dashboard", group="reports")


def models_manifest(workspace: Workspace) -> Path:
    """Dbt's manifest, from which Cosmos draws the models' tasks. Whoever starts Airflow makes it: see run_chain."""
    return workspace.dbt_target.parent / "manifest.json"


class Tag(StrEnum):
    """What a DAG works on. A DAG carries one or more of these and no others."""

    EVENTS = "events"
    QUALITY = "quality"
    MODELS = "models"
    REPORTS = "reports"


def defaults(**changes: object) -> dict[str, object]:
    """Every task's arguments: an owner, retries, a timeout and the warehouse's pool, changed where a DAG says so."""
    return {
        "owner": "data-platform",
        "retries": 2,
        "retry_delay": timedelta(minutes=1),
        "execution_timeout": timedelta(minutes=30),
        "pool": WAREHOUSE_POOL,
    } | changes
