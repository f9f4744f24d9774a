"""The models' build: its tasks, drawn by Cosmos from dbt's manifest, what it reads, how it is judged and published."""

from __future__ import annotations

import logging
from pathlib import Path

from airflow.sdk import XComArg
from airflow.sdk.exceptions import AirflowFailException
from cosmos import DbtTaskGroup, ExecutionConfig, ProfileConfig, ProjectConfig, RenderConfig
from cosmos.constants import ExecutionMode, InvocationMode, LoadMode, TestBehavior

import check_reports
import suites
from orchestration import models_manifest
from snowmelt.loader.manifest import State
from snowmelt.workspace import Workspace
from warehouse import WarehouseHook

PROJECT = Path(__file__).parents[1] / "dbt"
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
            dbt_project_path=PROJECT,
            manifest_path=models_manifest(Workspace.from_environment()),
            install_dbt_deps=False,
        ),
        profile_config=ProfileConfig(
            profile_name="snowmelt", target_name="duckdb", profiles_yml_filepath=PROJECT / "profiles.yml"
        ),
        execution_config=ExecutionConfig(execution_mode=ExecutionMode.LOCAL, invocation_mode=InvocationMode.DBT_RUNNER),
        render_config=RenderConfig(
            load_method=LoadMode.DBT_MANIFEST,
            test_behavior=TestBehavior.BUILD,
            should_detach_multiple_parents_tests=True,
            emit_datasets=False,
        ),
        operator_args={
            "vars": {"released_up_to": released_up_to},
            "full_refresh": full_refresh,
            "dbt_cmd_global_flags": ["--no-use-colors"],
            "dbt_cmd_flags": ["--exclude-resource-type", "unit_test"],  # unit tests judge code, which no run changes
            "install_deps": False,
            # In Cosmos' copy of the project: it mends the paths in the parsed state it keeps there, and only there.
            "env": {"DBT_TARGET_PATH": "target"},
            "append_env": True,
        },
    )


def released_up_to() -> str:
    """When the newest run was released, as text in UTC: this build reads up to it and no further."""
    hook = WarehouseHook()
    with hook.open() as warehouse:
        runs = hook.manifest(warehouse).list_runs()
    released = [run.released_tstamp for run in runs if run.state is State.RELEASED and run.released_tstamp]
    return f"{max(released):%Y-%m-%d %H:%M:%S.%f}" if released else NEVER


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


def publish() -> None:
    """Puts a copy of the warehouse where people read it."""
    WarehouseHook().publish(Workspace.from_environment().published)
