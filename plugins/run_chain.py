"""Runs DAGs one after the other in this process, as ``python plugins/run_chain.py load_events check_events …``.

No scheduler, no server: the metadata database, the pool and dbt's manifest are made ready, then each DAG runs by
``DAG.test``. One process imports Airflow, dbt and Great Expectations once, which is most of what a short run costs.
A line tells each task's fate and time; whatever else Airflow and dbt say goes to one log file.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from chain_progress import Progress, listener
from snowmelt.environment import airflow_environment
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


def prepare_manifest(project: Path, target: Path, manifest: Path) -> None:
    """Dbt's manifest, from which Cosmos draws the models' tasks, parsed again when anything in the project is newer.

    It is a copy of the one in dbt's target, replaced by rename, for somebody may be reading it.
    """
    from dbt.cli.main import dbtRunner

    if manifest.is_file() and manifest.stat().st_mtime > max(entry.stat().st_mtime for entry in project.rglob("*")):
        return
    folders = ("--project-dir", str(project), "--profiles-dir", str(project), "--target-path", str(target))
    outcome = dbtRunner().invoke(["--quiet", "parse", *folders])
    if not outcome.success:
        raise ChainError(f"the models do not parse: {outcome.exception or outcome.result}")
    copy = manifest.with_suffix(f".{os.getpid()}")
    shutil.copyfile(target / "manifest.json", copy)
    copy.replace(manifest)


def read_dags(folder: Path, wanted: Sequence[str]) -> list[DAG]:
    """The wanted DAGs, in that order. Raises ChainError naming a file that does not import or a DAG there is not."""
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(str(folder))
    if bag.import_errors:
        raise ChainError("\n".join(f"{file} does not import:\n{error}" for file, error in bag.import_errors.items()))
    if unknown := [dag_id for dag_id in wanted if dag_id not in bag.dags]:
        raise ChainError(f"no DAG named {', '.join(unknown)}; there are {', '.join(sorted(bag.dags))}")
    return [bag.dags[dag_id] for dag_id in wanted]


def end_unfinished(dag_ids: Sequence[str]) -> None:
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
                DagRun.dag_id.in_(dag_ids),
                DagRun.triggered_by == DagRunTriggeredByType.TEST,
                DagRun.state.in_((DagRunState.RUNNING, DagRunState.QUEUED)),
            )
            .values(state=DagRunState.FAILED, end_date=datetime.now(UTC))
        )


def run(dag: DAG, progress: Progress, conf: Mapping[str, Any]) -> bool:
    """Runs the DAG to its end and tells whether it went well. Retries are off: whoever runs this is there to look.

    Of ``conf`` it is given the params that it declares.
    """
    for task in dag.tasks:
        task.retries = 0
    started = time.monotonic()
    state = str(dag.test(run_conf={name: value for name, value in conf.items() if name in dag.params}).state)
    progress.line(dag.dag_id, state, time.monotonic() - started)
    return state == "success"


def chain(dag_ids: Sequence[str], workspace: Workspace, progress: Progress, conf: Mapping[str, Any]) -> None:
    """Makes everything ready and runs the DAGs until one fails. Raises ChainError with the failed tasks' own words."""
    with progress.step("metadata database"):
        prepare_metadata()
    from airflow.sdk.listener import get_listener_manager

    from orchestration import models_manifest

    get_listener_manager().add_listener(listener(progress))  # type: ignore[no-untyped-call]
    with progress.step("models' manifest"):
        prepare_manifest(PROJECT / "dbt", workspace.dbt_target, models_manifest(workspace))
    with progress.step("DAGs"):
        dags = read_dags(Path(os.environ["AIRFLOW__CORE__DAGS_FOLDER"]), dag_ids)
    end_unfinished(dag_ids)
    try:
        for dag in dags:
            if not run(dag, progress, conf):
                said = [f"{title}: {error}" for title, error in progress.failures.items()]
                raise ChainError("\n".join(said) or f"{dag.dag_id} failed before any of its tasks ran")
    finally:
        end_unfinished(dag_ids)


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
    parser.add_argument("dag_ids", nargs="+", metavar="DAG_ID")
    parser.add_argument("--full-refresh", action="store_true", help="build every table of the models anew")
    options = parser.parse_args(argv)
    workspace = Workspace.from_environment(environ)
    try:
        workspace.prepare()
    except WorkspaceError as error:
        print(error, file=sys.stderr)
        return 2
    prepared = airflow_environment(workspace, PROJECT, environ)
    os.environ.clear()
    os.environ.update(prepared)
    log = workspace.run_logs / f"chain-{datetime.now(UTC):%Y%m%dT%H%M%S}-{os.getpid()}.log"
    started = time.monotonic()
    try:
        with output_to(log) as terminal:
            progress = Progress(terminal)
            progress.heed_signals()
            chain(options.dag_ids, workspace, progress, {"full_refresh": options.full_refresh})
            progress.line("chain", "ok", time.monotonic() - started)
    except ChainError as error:
        print(f"{error}\n(log: {log})", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
