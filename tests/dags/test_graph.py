"""The DAGs' tasks and what joins them, as kept in graph.json; the models' tasks count as one."""

from collections.abc import Callable
from pathlib import Path
from typing import Any


def test_the_graph_is_the_one_we_know(bag: Any, golden: Callable[[Path, object], None]) -> None:
    golden(Path(__file__).with_name("graph.json"), {dag_id: graph(dag) for dag_id, dag in sorted(bag.dags.items())})


def test_every_model_is_built_by_a_task(bag: Any, root: Path) -> None:
    built = {task.task_id for task in bag.dags["build_models"].tasks}
    models = {file.stem for file in (root / "dbt" / "models").rglob("*.sql")}
    assert {f"models.{model}_model_build" for model in models} <= built


def test_a_full_refresh_reaches_every_model(bag: Any) -> None:
    dag = bag.dags["build_models"]
    assert dag.params["full_refresh"] is False
    templates = {task.full_refresh for task in dag.tasks if task.task_id.endswith("_build")}
    assert templates == {"{{ params.full_refresh }}"}


def graph(dag: Any) -> dict[str, Any]:
    tasks: dict[str, dict[str, Any]] = {}
    for task in dag.topological_sort():
        name = collapsed(task.task_id)
        known = tasks.setdefault(name, {"pool": task.pool, "then": [], "outlets": []})
        known["then"] = sorted({*known["then"], *map(collapsed, task.downstream_task_ids)} - {name})
        known["outlets"] = sorted({*known["outlets"], *(asset.name for asset in task.outlets)})
    return {"schedule": schedule(dag.timetable), "tasks": tasks}


def schedule(timetable: Any) -> list[str]:
    """The assets that start the DAG, and the times."""
    awaited = getattr(timetable, "asset_condition", None)
    times = getattr(getattr(timetable, "timetable", timetable), "expression", None)
    return [*(asset.name for asset in (awaited.objects if awaited else ())), *([times] if times else ())]


def collapsed(task_id: str) -> str:
    return task_id.split(".", 1)[0]
