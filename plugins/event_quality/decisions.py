"""Deciding about a held run, as the task of `decide_run` does it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from snowmelt.loader.manifest import ManifestError, State
from warehouse import WarehouseHook


class Decision(StrEnum):
    """What becomes of a held run: the models read it, or its events are deleted."""

    RELEASE = "release"
    DROP = "drop"


MADE_BY: Mapping[Decision, State] = {Decision.RELEASE: State.RELEASED, Decision.DROP: State.DROPPED}
"""Decision -> the state it makes."""


def decide(run: str, decision: str, decided_by: str, why: str) -> str:
    """Releases or drops the run and gives a sentence for the log.

    A run that is already what it is to be is well; one that is something else and not held is skipped.
    """
    hook = WarehouseHook()
    with hook.open() as warehouse:
        manifest = hook.manifest(warehouse)
        try:
            found = manifest.run(run)
        except ManifestError as error:
            raise AirflowFailException(str(error)) from None
        wanted = Decision(decision)
        if found.state is MADE_BY[wanted]:  # by us, who were killed before we could say so, or by somebody else
            return f"{found.run} is {found.state} already"
        if found.state is not State.HELD:
            raise AirflowSkipException(f"{found.run} is {found.state} and not held: nothing is left to decide")
        match wanted:
            case Decision.RELEASE:
                decided = manifest.release(found.base)
            case Decision.DROP:
                decided = manifest.drop(found.base)
    return f"{decided.run} is {decided.state}, {decided.count_good} events, decided by {decided_by}: {why}"
