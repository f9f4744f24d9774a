"""From the lake into the warehouse: which run folders are new, and loading them."""

from __future__ import annotations

import logging

from airflow.sdk import BaseSensorOperator, Context, PokeReturnValue

from snowmelt.lake.store import LocalStore
from snowmelt.loader.load import load, prepare, unloaded
from snowmelt.workspace import Workspace
from warehouse import WarehouseHook, utc_now

log = logging.getLogger(__name__)


class NewRunFolderSensor(BaseSensorOperator):
    """Succeeds when the lake has whole run folders that the manifest does not call loaded, and gives their names.

    It asks once and skips when there are none: one that waited would keep the warehouse's only slot from everybody.
    It also makes the tables where there are none yet, so that models build on an empty warehouse.
    """

    def __init__(self, *, task_id: str, **arguments: object) -> None:
        """Takes the arguments of every sensor but those that would make it wait."""
        super().__init__(task_id=task_id, mode="poke", timeout=0, soft_fail=True, **arguments)  # type: ignore[arg-type]

    def poke(self, context: Context) -> PokeReturnValue:
        """Compares the markers in the lake with the manifest."""
        hook = WarehouseHook()
        with hook.open() as warehouse:
            prepare(warehouse, hook.statements)
            names = [name for name, _ in unloaded(lake(), hook.manifest(warehouse).list_runs())]
        return PokeReturnValue(is_done=bool(names), xcom_value=names)


def load_new() -> list[str]:
    """Loads the new run folders and gives their names. Safe to repeat: each folder is loaded once."""
    hook = WarehouseHook()
    with hook.open() as warehouse:
        loaded = load(lake(), warehouse, hook.statements, utc_now)
    for run in loaded:
        log.info("loaded %s: %d events, %d bad rows", run.run, run.good, run.bad)
    return [run.run for run in loaded]


def lake() -> LocalStore:
    """The lake of this installation."""
    return LocalStore(Workspace.from_environment().lake)
