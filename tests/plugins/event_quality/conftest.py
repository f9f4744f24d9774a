"""Airflow's API server with the view in it, and the copy of the numbers that the view shows."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from tests.plugins.event_quality.airflow_api import AirflowApi, airflow_api
from tests.plugins.event_quality.warehouses import NOW, SQL, MadeRun, make_warehouse

from snowmelt.workspace import Workspace


@pytest.fixture(scope="session")
def server(root: Path, airflow_home: Workspace) -> Iterator[AirflowApi]:
    with airflow_api(root, airflow_home) as server:
        yield server


@pytest.fixture
def api(server: AirflowApi) -> Iterator[AirflowApi]:
    """The server, with no copy published and nothing decided."""
    yield server
    (server.workspace.published.parent / "quality.duckdb").unlink(missing_ok=True)
    server.forget_dag_runs()


@pytest.fixture
def publish(api: AirflowApi, tmp_path: Path) -> Callable[[Sequence[MadeRun]], None]:
    """Publishes a copy of a warehouse with these runs."""
    from event_quality.quality_copy import publish, quality_copy

    def published(runs: Sequence[MadeRun]) -> None:
        file = tmp_path / "snowmelt.duckdb"
        file.unlink(missing_ok=True)
        make_warehouse(file, runs)
        publish(file, SQL, quality_copy(api.workspace), NOW - timedelta(days=365))

    return published
