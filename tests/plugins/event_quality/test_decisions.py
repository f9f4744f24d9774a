"""What the task of `decide_run` does to the warehouse."""

import pytest
from tests.plugins.event_quality.warehouses import MadeBadRow, MadeRun, make_warehouse

from snowmelt.loader.duckdb import DuckDbWarehouse
from snowmelt.loader.manifest import State

pytestmark = pytest.mark.filterwarnings("ignore")  # of Airflow's own imports


@pytest.fixture
def decide(airflow_home, tmp_path, monkeypatch):
    """The task's function on a warehouse with one run held and one released; and what the warehouse then holds."""
    from event_quality import decisions
    from warehouse import WarehouseHook

    file = tmp_path / "snowmelt.duckdb"
    monkeypatch.setenv("AIRFLOW_CONN_SNOWMELT_WAREHOUSE", f'{{"conn_type": "duckdb", "host": "{file}"}}')
    runs = [MadeRun("a"), MadeRun("b", State.HELD, bad_rows=[MadeBadRow()])]
    make_warehouse(file, runs)

    def decided(decision, name="b"):
        said = decisions.decide(MadeRun(name).run, decision, "ada", "the toaster is ours")
        with WarehouseHook().open() as warehouse:
            states = [run.state for run in WarehouseHook().manifest(warehouse).list_runs()]
            return said, states, count(warehouse, "events"), count(warehouse, "bad_rows")

    return decided


def count(warehouse: DuckDbWarehouse, table: str) -> int:
    ((rows,),) = warehouse.execute(f"select count(*) from atomic.{table}", {})
    return rows


def test_a_released_run_keeps_its_events(decide):
    said, *found = decide("release")
    assert found == [[State.RELEASED, State.RELEASED], 6, 1]
    assert said == f"{MadeRun('b').run} is released, 3 events, decided by ada: the toaster is ours"


def test_a_dropped_run_loses_its_events_and_keeps_its_bad_rows(decide):
    said, *found = decide("drop")
    assert found == [[State.RELEASED, State.DROPPED], 3, 1]
    assert "is dropped, 3 events, decided by ada" in said


def test_another_decision_comes_too_late(decide):
    from airflow.sdk.exceptions import AirflowSkipException

    decide("drop")
    with pytest.raises(AirflowSkipException, match=r"run=.*-b is dropped and not held: nothing is left to decide"):
        decide("release")


@pytest.mark.parametrize("decision", ["release", "drop"])
def test_a_task_that_was_killed_before_it_could_say_so_is_well(decide, decision):
    """So that its asset is told of, and the build follows."""
    state = decide(decision)[1]
    said, *found = decide(decision)
    assert found[0] == state
    assert said.endswith(" already")


def test_a_released_run_cannot_be_dropped(decide):
    from airflow.sdk.exceptions import AirflowSkipException

    with pytest.raises(AirflowSkipException, match="-a is released and not held"):
        decide("drop", "a")


def test_an_unknown_run_fails_without_retry(decide):
    from airflow.sdk.exceptions import AirflowFailException

    with pytest.raises(AirflowFailException, match=r"the manifest has no run run=.*-c"):
        decide("release", "c")


def test_an_unknown_decision_changes_nothing(decide):
    with pytest.raises(ValueError, match="burn"):
        decide("burn")
    assert decide("release")[1] == [State.RELEASED, State.RELEASED]


def returned(dag_id, task_id):
    """What the runs of a task gave back."""
    from airflow.models.xcom import XComModel
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        rows = session.scalars(select(XComModel).filter_by(dag_id=dag_id, task_id=task_id, key="return_value"))
        return [XComModel.deserialize_value(row) for row in rows]


def test_the_dag_carries_it_out_and_publishes(api, root, tmp_path, monkeypatch):
    from airflow.dag_processing.dagbag import DagBag

    from event_quality.quality_copy import quality_copy, reading

    file = tmp_path / "snowmelt.duckdb"
    monkeypatch.setenv("AIRFLOW_CONN_SNOWMELT_WAREHOUSE", f'{{"conn_type": "duckdb", "host": "{file}"}}')
    make_warehouse(file, [MadeRun("b", State.HELD)])
    (dag,) = DagBag(str(root / "dags" / "decide_run.py")).dags.values()
    dag.deadline = None  # DAG.test fails on one
    why = '{{ 7 * 7 }} "toasters"'
    conf = {"run": MadeRun("b").run, "decision": "release", "decided_by": "ada", "why": why}
    for expected in ({"decide": "success", "publish_quality": "success"}, {"decide": "success"}):
        run = dag.test(run_conf=conf)
        states = {task.task_id: str(task.state) for task in run.get_task_instances()}
        assert expected.items() <= states.items()
    assert [why in said for said in returned("decide_run", "decide")] == [True, False]
    with reading(quality_copy(api.workspace), root / "include" / "sql" / "duckdb") as numbers:
        assert numbers.run(MadeRun("b").run).state is State.RELEASED
