"""The DAGs as Airflow reads them."""

import warnings
from pathlib import Path
from typing import Any

import pytest
from tests.airflow_home import airflow_home

from snowmelt.workspace import Workspace

__all__ = ["airflow_home"]


@pytest.fixture(scope="session")
def bag(root: Path, airflow_home: Workspace) -> Any:
    """Airflow's DagBag over dags/, with a manifest of the dbt project to draw the models' tasks from."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Airflow's and dbt's own imports; what our files raise is in captured_warnings
        from airflow.dag_processing.dagbag import DagBag

        import run_chain
        from orchestration import models_manifest

        run_chain.prepare_manifest(root / "dbt", airflow_home.dbt_target, models_manifest(airflow_home))
        return DagBag(str(root / "dags"))
