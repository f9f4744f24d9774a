"""The executor that warms up: before it forks, only where it forks, and never in the way of the tasks."""

import multiprocessing

import pytest

from snowmelt.workspace import Workspace

pytestmark = pytest.mark.filterwarnings("ignore")  # of Airflow's own imports


@pytest.fixture
def happened(airflow_home: Workspace, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the start of an executor did, without workers and without what takes long."""
    from airflow.executors.local_executor import LocalExecutor

    import warm_executor

    happened: list[str] = []
    monkeypatch.setattr(warm_executor, "warm_up", lambda: happened.append("warmed up"))
    monkeypatch.setattr(LocalExecutor, "start", lambda executor: happened.append("forked"))
    return happened


def start() -> None:
    from warm_executor import WarmExecutor

    WarmExecutor(parallelism=1).start()


@pytest.mark.parametrize(("method", "expected"), [("fork", ["warmed up", "forked"]), ("spawn", ["forked"])])
def test_it_warms_up_before_it_forks_and_only_then(
    happened: list[str], monkeypatch: pytest.MonkeyPatch, method: str, expected: list[str]
) -> None:
    monkeypatch.setattr(multiprocessing, "get_start_method", lambda: method)
    start()
    assert happened == expected


def test_what_cannot_be_loaded_does_not_stop_it(
    happened: list[str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    import warm_executor

    def fail() -> None:
        raise ImportError("no module named dbt")

    monkeypatch.setattr(multiprocessing, "get_start_method", lambda: "fork")
    monkeypatch.setattr(warm_executor, "warm_up", fail)
    start()
    assert happened == ["forked"]
    assert "no module named dbt" in caplog.text


def test_all_that_it_imports_is_there(airflow_home: Workspace) -> None:
    import warm_executor

    for module in warm_executor.IMPORTED_BY_TASKS:
        __import__(module)
