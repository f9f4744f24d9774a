"""What every DAG keeps to. A failure names the DAG, the rule and what to do."""

import ast
import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from snowmelt.workspace import Workspace

CHAIN = ("load_events", "check_events", "build_models", "refresh_dashboard")
DAGS = (*CHAIN, "decide_run")
HEADINGS = ("What", "When", "Owner", "If it fails")
NO_WAREHOUSE = {"refresh_dashboard.render_dashboard"}
"""Tasks that do not open the warehouse's file: the dashboard reads the published copy."""

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "dags").glob("*.py"))


def test_the_files_import(bag: Any) -> None:
    assert bag.import_errors == {}


def test_the_files_import_without_warnings(bag: Any) -> None:
    assert bag.captured_warnings == {}


def test_one_dag_a_file_of_its_name(bag: Any) -> None:
    assert {Path(dag.fileloc).stem: dag.dag_id for dag in bag.dags.values()} == {name: name for name in DAGS}


@pytest.mark.parametrize("dag_id", DAGS)
def test_documented(bag: Any, dag_id: str) -> None:
    headings = re.findall(r"^### (.+)$", bag.dags[dag_id].doc_md or "", re.MULTILINE)
    assert tuple(headings) == HEADINGS, f"{dag_id}: give doc_md the headings {HEADINGS}, in that order"


@pytest.mark.parametrize("dag_id", DAGS)
def test_names_a_runbook_that_exists(bag: Any, dag_id: str) -> None:
    runbooks = re.findall(r"docs/runbooks/[\w-]+\.md", bag.dags[dag_id].doc_md)
    assert runbooks, f"{dag_id}: name the runbook under 'If it fails', e.g. docs/runbooks/failed-load.md"
    assert [runbook for runbook in runbooks if not (ROOT / runbook).is_file()] == []


@pytest.mark.parametrize("dag_id", DAGS)
def test_tagged_from_the_list(bag: Any, dag_id: str) -> None:
    from orchestration import Tag

    tags = set(bag.dags[dag_id].tags)
    assert tags, f"{dag_id}: give it a tag from orchestration.Tag"
    assert tags <= set(Tag), f"{dag_id}: take tags from orchestration.Tag, or add there: {sorted(tags - set(Tag))}"


@pytest.mark.parametrize("dag_id", DAGS)
def test_bounded(bag: Any, dag_id: str) -> None:
    dag = bag.dags[dag_id]
    assert dag.max_active_runs == 1, f"{dag_id}: set max_active_runs=1; two runs would want the warehouse at once"
    assert not dag.catchup, f"{dag_id}: set catchup=False; a run takes all there is, so missed ones need no repeat"
    assert timedelta() < dag.dagrun_timeout <= timedelta(hours=2), f"{dag_id}: set dagrun_timeout, 2 hours at most"
    assert dag.deadline, f"{dag_id}: set deadline=deadline(…, __doc__), so that somebody is told when it is late"
    for alert in dag.deadline:
        assert alert.interval < dag.dagrun_timeout, f"{dag_id}: a deadline after its timeout never comes"
        assert alert.callback.kwargs["names"], f"{dag_id}: give deadline() the DAG's documentation, for its runbook"


def test_each_task_is_owned_bounded_and_retried(bag: Any) -> None:
    for name, task in tasks(bag):
        assert task.owner == "data-platform", f"{name}: set owner, in default_args"
        assert 1 <= task.retries <= 5, f"{name}: set retries (1 to 5), in default_args"
        assert task.retry_delay >= timedelta(seconds=30), f"{name}: give retry_delay 30 seconds or more"
        assert task.on_failure_callback, f"{name}: set on_failure_callback, in default_args; or nobody is told"
        assert task.execution_timeout, f"{name}: set execution_timeout, in default_args"
        assert task.execution_timeout < task.dag.dagrun_timeout, f"{name}: its timeout must end before its DAG's"


def test_each_task_that_opens_the_warehouse_holds_its_slot(bag: Any) -> None:
    for name, task in tasks(bag):
        if name not in NO_WAREHOUSE:
            assert task.pool == "warehouse", f"{name}: set pool='warehouse'; DuckDB has one writer process"


def test_assets_join_the_dags_in_order(bag: Any) -> None:
    made = {(asset.name, name.split(".")[0]) for name, task in tasks(bag) for asset in task.outlets}
    for earlier, later in pairwise(CHAIN):
        awaited = [asset.name for asset in bag.dags[later].timetable.asset_condition.objects]
        assert {(name, earlier) for name in awaited} <= made, f"{later}: schedule it on an asset of {earlier}"


def test_loads_and_checks_take_the_slot_before_a_build(bag: Any) -> None:
    weights: dict[str, set[int]] = {}
    for name, task in tasks(bag):
        assert task.weight_rule == "absolute", f"{name}: set weight_rule='absolute', in default_args"
        weights.setdefault(name.split(".")[0], set()).add(task.priority_weight)
    assert {*weights["load_events"], *weights["check_events"]} == {2}
    assert weights["build_models"] == {1}, "a build that goes first takes one run of a batch and leaves the others"


def test_the_lake_is_watched(bag: Any, airflow_home: Workspace) -> None:
    (asset,) = bag.dags["load_events"].timetable.asset_condition.objects
    (watcher,) = asset.watchers
    assert Path(watcher.trigger.lake) == airflow_home.lake


def test_what_was_decided_reaches_the_models(bag: Any) -> None:
    (task,) = [task for task in bag.dags["decide_run"].tasks if task.outlets]
    assert [asset.name for asset in task.outlets] == ["released_runs"]


def test_whoever_changes_the_numbers_publishes_them(bag: Any) -> None:
    for dag_id in ("load_events", "check_events", "decide_run"):
        task = bag.dags[dag_id].get_task("publish_quality")
        assert task.is_teardown, f"{dag_id}: make publish_quality a teardown, or a failed task before it goes unnoticed"
        assert not task.downstream_task_ids, f"{dag_id}: publish_quality comes last"


def test_airflow_loads_none_but_the_plugin_as_plugin(bag: Any) -> None:
    from airflow._shared.module_loading import find_path_from_directory

    found = find_path_from_directory(str(ROOT / "plugins"), ".airflowignore", "glob")
    assert [Path(file).name for file in found if file.endswith(".py")] == ["event_quality_plugin.py"], (
        "keep all else out by plugins/.airflowignore: Airflow would run each module a second time"
    )


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_wiring_only(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 100, f"{file.name}: move what is not wiring to plugins/; 100 lines at most"
    assert not file.stem.startswith("dbt"), (
        f"{file.name}: a DAG file named dbt_*.py hides the package dbt (cosmos#1673)"
    )
    for statement in ast.parse(text).body:
        assert is_definition(statement), (
            f"{file.name}:{statement.lineno}: only definitions run when Airflow reads the file"
        )


def is_definition(statement: ast.stmt) -> bool:
    """An import, a docstring, a function, or the call that makes the DAG."""
    if isinstance(statement, ast.Import | ast.ImportFrom | ast.FunctionDef):
        return True
    value = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(value, ast.Constant) or (isinstance(value, ast.Call) and not value.args and not value.keywords)


def tasks(bag: Any) -> Iterator[tuple[str, Any]]:
    for dag_id, dag in sorted(bag.dags.items()):
        for task in dag.tasks:
            yield f"{dag_id}.{task.task_id}", task
