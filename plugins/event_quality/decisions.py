"""Deciding about a held run, as the task of `decide_run` does it."""

from __future__ import annotations

from enum import StrEnum

from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from snowmelt.loader.manifest import ManifestError, State
from warehouse import WarehouseHook


class Decision(StrEnum):
    """What becomes of a held run: the models read it, or its events are deleted."""

    RELEASE = "release"
    DROP = "drop"


def decide(run: str, decision: str, decided_by: str, why: str) -> str:
    """Releases or drops the run and gives a sentence for the log. A run that is not held any more is skipped."""
    hook = WarehouseHook()
    with hook.open() as warehouse:
        manifest = hook.manifest(warehouse)
        try:
            found = manifest.run(run)
        except ManifestError as error:
            raise AirflowFailException(str(error)) from None
        if found.state is not State.HELD:
            raise AirflowSkipException(f"{found.run} is {found.state} and not held: nothing is left to decide")
        match Decision(decision):
            case Decision.RELEASE:
                decided = manifest.release(found.base)
            case Decision.DROP:
                decided = manifest.drop(found.base)
    return f"{decided.run} is {decided.state}, {decided.count_good} events, decided by {decided_by}: {why}"
