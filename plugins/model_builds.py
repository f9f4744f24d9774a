"""The models' build: its tasks, drawn by Cosmos from dbt's manifest, what it reads, how it is judged and published."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from airflow.sdk import XComArg
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException
from airflow.utils.types import DagRunType
from cosmos import DbtTaskGroup, ExecutionConfig, ProfileConfig, ProjectConfig, RenderConfig
from cosmos.constants import ExecutionMode, InvocationMode, LoadMode, TestBehavior

import check_reports
import models_manifest
import suites
from snowmelt.loader.duckdb import DuckDbWarehouse
from snowmelt.loader.manifest import Run, State
from snowmelt.workspace import Workspace
from warehouse import WarehouseHook

MARTS_SUITE = "marts"
NEVER = "1970-01-01 00:00:00"

log = logging.getLogger(__name__)


class MartsRefused(AirflowFailException):
    """The marts broke a *stop* expectation. Retrying cannot help; the message says which."""


def model_tasks(released_up_to: XComArg, full_refresh: str) -> DbtTaskGroup:
    """A task for each model, which builds and then tests it with dbt in the process of the task.

    ``full_refresh`` is a template that gives True or False when the task runs.
    """
    return DbtTaskGroup(
        group_id="models",
        project_config=ProjectConfig(
            dbt_project_path=models_manifest.PROJECT,
            manifest_path=models_manifest.manifest(Workspace.from_environment()),
            install_dbt_deps=False,
        ),
        profile_config=ProfileConfig(
            profile_name="snowmelt",
            target_name="duckdb",
            profiles_yml_filepath=models_manifest.PROJECT / "profiles.yml",
        ),
        execution_config=ExecutionConfig(execution_mode=ExecutionMode.LOCAL, invocation_mode=InvocationMode.DBT_RUNNER),
        render_config=RenderConfig(
            load_method=LoadMode.DBT_MANIFEST,
            exclude=["resource_type:exposure"],
            test_behavior=TestBehavior.BUILD,
            should_detach_multiple_parents_tests=True,
            emit_datasets=False,
        ),
        operator_args={
            "full_refresh": full_refresh,
            "dbt_cmd_global_flags": ["--no-use-colors", "--no-write-json"],
            "dbt_cmd_flags": ["--exclude-resource-type", "unit_test"],  # unit tests judge code, which no run changes
            "install_deps": False,
            # A variable of the environment, not of dbt: with another value of one of those, dbt parses all models anew.
            # The target is in Cosmos' copy of the project: it mends the paths in the parsed state it keeps there alone.
            "env": {"SNOWMELT_RELEASED_UP_TO": released_up_to, "DBT_TARGET_PATH": "target"},
            "append_env": True,
        },
    )


def begin(run_type: str) -> str:
    """When the newest run was released, as text in UTC: this build reads up to it and no further.

    Draws the models anew where one changed. A build that an asset started skips when the published copy was built up to
    that moment and knows all that the manifest says: the runs of a batch are released one after the other, and each
    starts a build. The moment counts, not the copy's manifest alone: a run that was released while a build went on is
    in the manifest that it publishes, and in none of its models.
    """
    workspace = Workspace.from_environment()
    models_manifest.refresh(workspace)
    hook = WarehouseHook()
    with hook.open() as warehouse:
        runs = hook.manifest(warehouse).list_runs()
    released = [run.released_tstamp for run in runs if run.state is State.RELEASED and run.released_tstamp]
    up_to = f"{max(released):%Y-%m-%d %H:%M:%S.%f}" if released else NEVER
    is_built = built_up_to(workspace.published) == up_to and published_runs(hook, workspace.published) == runs
    if run_type == DagRunType.ASSET_TRIGGERED and is_built:
        raise AirflowSkipException("the published copy holds all that is released")
    return up_to


def built_up_to(copy: Path) -> str:
    """Up to when the build read that published the copy; empty where that is not known."""
    try:
        return _note(copy).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def published_runs(hook: WarehouseHook, copy: Path) -> list[Run]:
    """The runs that the published copy's manifest has; none where nothing was published yet."""
    if not copy.is_file():
        return []
    with DuckDbWarehouse(copy, read_only=True) as published:
        return hook.manifest(published).list_runs()


def check_marts() -> None:
    """Judges the marts as a whole. Raises MartsRefused when a *stop* expectation fails: nothing is published."""
    hook = WarehouseHook()
    suite = suites.read(MARTS_SUITE)
    outcomes = suites.judge(suite, hook.frame(suite.query))
    report = check_reports.write(Workspace.from_environment().reports, "marts", outcomes)
    for outcome in suites.failed(outcomes, suites.Severity.WARN):
        log.warning("marts: %s", outcome)
    if stopped := suites.failed(outcomes, suites.Severity.STOP):
        reason = "; ".join(map(str, stopped))
        raise MartsRefused(f"nothing is published: {reason}. See {report} and docs/runbooks/failed-model.md")


def publish(released_up_to: str) -> None:
    """Puts a copy of the warehouse where people read it, and notes up to when it was built, in that order.

    After a crash between the two the note is an older one, and the next build builds once more.
    """
    copy = Workspace.from_environment().published
    WarehouseHook().publish(copy)
    written = _note(copy).with_suffix(f".{os.getpid()}")
    written.write_text(released_up_to, encoding="utf-8")
    written.replace(_note(copy))


def _note(copy: Path) -> Path:
    return copy.with_suffix(".built_up_to")
