"""Runs DAGs one after the other in this process, as ``python plugins/run_chain.py load_events check_events …``.

With ``--prepare`` it only makes ready what a scheduler needs before it starts on this workspace.

No scheduler, no server: the metadata database, the pool and dbt's manifest are made ready, then each DAG runs by
``DAG.test``. One process imports Airflow, dbt and Great Expectations once, which is most of what a short run costs.
A line tells each task's fate and time; whatever else Airflow and dbt say goes to one log file.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from chain_progress import Progress, listener
from snowmelt.environment import airflow_environment
from snowmelt.settings import SettingsError
from snowmelt.workspace import Workspace, WorkspaceError

if TYPE_CHECKING:
    from airflow.sdk import DAG

PROJECT = Path(__file__).parents[1]


class ChainError(RuntimeError):
    """What stopped the chain before or between tasks; the message is for the person at the terminal."""


def prepare_metadata() -> None:
    """Airflow's metadata database at its newest layout, and the pool whose one slot opens the warehouse."""
    from airflow.models.pool import Pool
    from airflow.utils.db import upgradedb

    from orchestration import WAREHOUSE_POOL

    upgradedb()
    Pool.create_or_update_pool(
        name=WAREHOUSE_POOL, slots=1, description="DuckDB has one writer process", include_deferred=False
    )


def read_dags(folder: Path, wanted: Sequence[str]) -> list[DAG]:
    """The wanted DAGs, in that order. Raises ChainError naming a file that does not import or a DAG there is not."""
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(str(folder))
    if bag.import_errors:
        raise ChainError("\n".join(f"{file} does not import:\n{error}" for file, error in bag.import_errors.items()))
    if unknown := [dag_id for dag_id in wanted if dag_id not in bag.dags]:
        raise ChainError(f"no DAG named {', '.join(unknown)}; there are {', '.join(sorted(bag.dags))}")
    return [bag.dags[dag_id] for dag_id in wanted]


def end_test_runs() -> None:
    """Fails the test runs that a killed chain left running, which a scheduler would otherwise take up again."""
    from airflow.models.dagrun import DagRun
    from airflow.utils.session import create_session
    from airflow.utils.state import DagRunState
    from airflow.utils.types import DagRunTriggeredByType
    from sqlalchemy import update

    with create_session() as session:
        session.execute(
            update(DagRun)
            .where(
                DagRun.triggered_by == DagRunTriggeredByType.TEST,
                DagRun.state.in_((DagRunState.RUNNING, DagRunState.QUEUED)),
            )
            .values(state=DagRunState.FAILED, end_date=datetime.now(UTC))
        )


def end_jobs() -> None:
    """Ends the jobs of a scheduler that was killed, so that the next one runs their tasks again at once.

    It would first wait some minutes for them. To be used where no scheduler runs.
    """
    from airflow.jobs.job import Job, JobState
    from airflow.utils.session import create_session
    from sqlalchemy import update

    with create_session() as session:
        session.execute(
            update(Job).where(Job.state == JobState.RUNNING).values(state=JobState.FAILED, end_date=datetime.now(UTC))
        )


def unpause_dags() -> None:
    """Unpauses the DAGs that a chain of an older version left paused.

    Where a scheduler has run before, somebody may have paused one on purpose, and it stays paused.
    """
    from airflow.jobs.job import Job
    from airflow.models.dag import DagModel
    from airflow.utils.session import create_session
    from sqlalchemy import exists, update

    with create_session() as session:
        scheduled = exists().where(Job.job_type == "SchedulerJob")
        session.execute(
            update(DagModel).where(~scheduled).values(is_paused=False).execution_options(synchronize_session=False)
        )


def run(dag: DAG, progress: Progress, conf: Mapping[str, Any]) -> bool:
    """Runs the DAG to its end and tells whether it went well. Of ``conf`` it is given the params that it declares.

    Retries and deadlines are off: whoever runs this is there to look, and ``DAG.test`` fails on a deadline.
    """
    dag.deadline = None
    for task in dag.tasks:
        task.retries = 0
    started = time.monotonic()
    state = str(dag.test(run_conf={name: value for name, value in conf.items() if name in dag.params}).state)
    progress.line(dag.dag_id, state, time.monotonic() - started)
    return state == "success"


def prepare(workspace: Workspace, progress: Progress) -> None:
    """Makes ready what Airflow needs before it starts. Raises ChainError."""
    with progress.step("metadata database"):
        prepare_metadata()
        end_test_runs()
    with progress.step("models' manifest"):
        import models_manifest

        try:
            models_manifest.refresh(workspace)
        except models_manifest.ModelsError as error:
            raise ChainError(str(error)) from None


def chain(dag_ids: Sequence[str], progress: Progress, conf: Mapping[str, Any]) -> None:
    """Runs the DAGs until one fails. Raises ChainError with the failed tasks' own words."""
    from airflow.sdk.listener import get_listener_manager

    get_listener_manager().add_listener(listener(progress))  # type: ignore[no-untyped-call]
    with progress.step("DAGs"):
        dags = read_dags(Path(os.environ["AIRFLOW__CORE__DAGS_FOLDER"]), dag_ids)
    try:
        for dag in dags:
            if not run(dag, progress, conf):
                said = [f"{title}: {error}" for title, error in progress.failures.items()]
                raise ChainError("\n".join(said) or f"{dag.dag_id} failed before any of its tasks ran")
    finally:
        end_test_runs()


@contextmanager
def output_to(file: Path) -> Iterator[TextIO]:
    """Sends all that this process prints to the file, and gives what was standard output for the progress lines."""
    file.parent.mkdir(parents=True, exist_ok=True)
    sys.stdout.flush()
    sys.stderr.flush()
    saved = os.dup(1), os.dup(2)
    with file.open("ab") as log, os.fdopen(os.dup(1), "w", encoding="utf-8") as terminal:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
        try:
            yield terminal
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os.dup2(saved[0], 1)
            os.dup2(saved[1], 2)
            for descriptor in saved:
                os.close(descriptor)


def main(argv: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """0 when every DAG ended well, 1 with the failed task's error otherwise, 2 when the state folder cannot be used."""
    parser = argparse.ArgumentParser(prog="run_chain.py", description="Run DAGs in order, in this process.")
    parser.add_argument("dag_ids", nargs="*", metavar="DAG_ID")
    parser.add_argument("--prepare", action="store_true", help="only make ready what a scheduler needs")
    parser.add_argument("--full-refresh", action="store_true", help="build every table of the models anew")
    options = parser.parse_args(argv)
    if options.prepare is bool(options.dag_ids):
        parser.error("name the DAGs to run, or give --prepare alone")
    workspace = Workspace.from_environment(environ)
    try:
        workspace.prepare()
        prepared = airflow_environment(workspace, PROJECT, environ)
    except (SettingsError, WorkspaceError) as error:
        print(error, file=sys.stderr)
        return 2
    os.environ.clear()
    os.environ.update(prepared)
    log = workspace.run_logs / f"chain-{datetime.now(UTC):%Y%m%dT%H%M%S}-{os.getpid()}.log"
    started = time.monotonic()
    try:
        with output_to(log) as terminal:
            progress = Progress(terminal)
            progress.heed_signals()
            prepare(workspace, progress)
            if options.prepare:
                end_jobs()
                unpause_dags()
            else:
                chain(options.dag_ids, progress, {"full_refresh": options.full_refresh})
                progress.line("chain", "ok", time.monotonic() - started)
    except ChainError as error:
        print(f"{error}\n(log: {log})", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
