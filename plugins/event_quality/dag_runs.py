"""What the view asks of Airflow's metadata database: decisions asked for, and whether loading goes on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from airflow.api.common.trigger_dag import trigger_dag
from airflow.models.dag import DagModel
from airflow.models.dagrun import DagRun
from airflow.models.log import Log
from airflow.utils.session import create_session
from airflow.utils.state import DagRunState
from airflow.utils.types import DagRunTriggeredByType
from sqlalchemy import select

from event_quality.access import DECIDE_DAG

LOAD_DAG: Final = "load_events"
NEWEST: Final = 200
"""Decisions that are looked up, so that none of those that still wait is missed."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A decision that somebody asked for: a run of the DAG that carries it out."""

    run: str
    decision: str
    decided_by: str
    why: str
    state: DagRunState
    asked: datetime
    dag_run: str

    @property
    def pending(self) -> bool:
        """Whether it is still to be carried out."""
        return self.state in (DagRunState.QUEUED, DagRunState.RUNNING)


@dataclass(frozen=True, slots=True)
class Loading:
    """How loading goes on: the last run of its DAG that ended, if one did, and whether the DAGs are switched on."""

    failed: bool
    ended: datetime | None
    paused: frozenset[str]
    """Of the DAG that loads and the one that decides, those that are paused."""


def ask(run: str, decision: str, decided_by: str, why: str) -> str:
    """Asks for a decision to be carried out and gives the id of the DAG's run. Raises what Airflow does if it cannot.

    Airflow's log of who did what has it too, as if the DAG had been triggered by hand.
    """
    conf = {"run": run, "decision": decision, "decided_by": decided_by, "why": why}
    with create_session() as session:
        found = trigger_dag(
            DECIDE_DAG,
            triggered_by=DagRunTriggeredByType.UI,
            triggering_user_name=decided_by,
            conf=conf,
            note=f"{decision} {run}: {why}",
            session=session,
        )
        if found is None:
            raise ValueError(f"Airflow made no run of {DECIDE_DAG}")
        extra = json.dumps({**conf, "method": "POST"})
        who = {"owner": decided_by, "owner_display_name": decided_by}
        session.add(Log("trigger_dag_run", **who, extra=extra, dag_id=DECIDE_DAG, run_id=found.run_id))
        return str(found.run_id)


def decisions() -> Sequence[Asked]:
    """The decisions last asked for, the newest first."""
    newest = select(DagRun).where(DagRun.dag_id == DECIDE_DAG).order_by(DagRun.id.desc()).limit(NEWEST)
    with create_session() as session:
        return [_asked(found) for found in session.scalars(newest)]


def loading() -> Loading:
    """How loading goes on."""
    last = (
        select(DagRun.state, DagRun.end_date)
        .where(DagRun.dag_id == LOAD_DAG, DagRun.end_date.is_not(None))
        .order_by(DagRun.end_date.desc())
        .limit(1)
    )
    paused = select(DagModel.dag_id).where(DagModel.dag_id.in_((LOAD_DAG, DECIDE_DAG)), DagModel.is_paused)
    with create_session() as session:
        state, ended = session.execute(last).first() or (None, None)
        return Loading(state == DagRunState.FAILED, ended, frozenset(session.scalars(paused)))


def _asked(found: DagRun) -> Asked:
    conf = {**(found.conf or {})} | ({"decided_by": found.triggering_user_name} if found.triggering_user_name else {})
    said = (str(conf.get(name) or "") for name in ("run", "decision", "decided_by", "why"))
    return Asked(*said, DagRunState(found.state), found.run_after, found.run_id)
