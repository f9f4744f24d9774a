"""How a build begins: up to which release it reads, and when there is nothing for it to do."""

from pathlib import Path
from types import ModuleType

import pytest
from tests.dags.run_folders import write_run

from snowmelt.workspace import Workspace

pytestmark = pytest.mark.filterwarnings("ignore")  # of Airflow's own imports


@pytest.fixture
def workspace(airflow_home: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A lake and a warehouse of this test alone."""
    workspace = Workspace(tmp_path / "state")
    workspace.prepare()
    monkeypatch.setenv("SNOWMELT_HOME", str(workspace.root))
    connection = f'{{"conn_type": "duckdb", "host": "{workspace.warehouse}"}}'
    monkeypatch.setenv("AIRFLOW_CONN_SNOWMELT_WAREHOUSE", connection)
    return workspace


@pytest.fixture
def model_builds(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    import model_builds

    monkeypatch.setattr(model_builds.models_manifest, "refresh", lambda workspace: None)
    return model_builds


def release(workspace: Workspace, number: int) -> str:
    """A run of one event, loaded and released; when it was released."""
    import run_folders
    from warehouse import WarehouseHook

    name = write_run(workspace, number, [{}])
    hook = WarehouseHook()
    with hook.open() as warehouse:
        run_folders.prepare(warehouse, hook.statements)
    run_folders.load_new()
    with hook.open() as warehouse:
        manifest = hook.manifest(warehouse)
        manifest.release(manifest.run(name).base)
        released = manifest.run(name).released_tstamp
    return f"{released:%Y-%m-%d %H:%M:%S.%f}"


def test_it_reads_up_to_the_newest_release(workspace: Workspace, model_builds: ModuleType) -> None:
    release(workspace, 1)
    newest = release(workspace, 2)
    assert model_builds.begin("asset_triggered") == newest


def test_it_skips_what_an_asset_started_when_all_is_published(workspace: Workspace, model_builds: ModuleType) -> None:
    from airflow.sdk.exceptions import AirflowSkipException

    first = release(workspace, 1)
    model_builds.publish(first)
    with pytest.raises(AirflowSkipException, match="holds all that is released"):
        model_builds.begin("asset_triggered")
    assert model_builds.begin("manual") == first  # somebody wants it, perhaps with another formula
    second = release(workspace, 2)
    assert model_builds.begin("asset_triggered") == second


def test_what_was_released_during_a_build_is_for_the_next(workspace: Workspace, model_builds: ModuleType) -> None:
    first = release(workspace, 1)
    assert model_builds.begin("asset_triggered") == first
    second = release(workspace, 2)  # while the models are built
    model_builds.publish(first)
    assert model_builds.begin("asset_triggered") == second


def test_a_copy_that_nobody_noted_is_built_again(workspace: Workspace, model_builds: ModuleType) -> None:
    first = release(workspace, 1)
    model_builds.publish(first)
    workspace.published.with_suffix(".built_up_to").unlink()
    assert model_builds.begin("asset_triggered") == first


def test_an_empty_warehouse_is_built_once(workspace: Workspace, model_builds: ModuleType) -> None:
    import run_folders
    from warehouse import WarehouseHook

    hook = WarehouseHook()
    with hook.open() as warehouse:
        run_folders.prepare(warehouse, hook.statements)
    assert model_builds.begin("manual") == model_builds.NEVER
