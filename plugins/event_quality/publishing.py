"""The task that publishes the numbers of the view *Event quality*, last in every DAG that changes them."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from airflow.sdk import task

REMEMBERED: Final = timedelta(days=30)
"""Bad rows of runs that were loaded longer ago are not counted by cause any more."""


@task
def publish_quality() -> None:
    """Makes the copy that the view reads anew.

    To be used as a teardown: so it runs whatever became of the tasks before it, and has no say in how their DAG ends.
    """
    from event_quality.quality_copy import publish, quality_copy
    from snowmelt.workspace import Workspace
    from warehouse import WarehouseHook, utc_now

    hook = WarehouseHook()
    publish(hook.file, hook.statements, quality_copy(Workspace.from_environment()), utc_now() - REMEMBERED)
