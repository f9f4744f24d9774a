"""The DAGs as Airflow reads them."""

import warnings
from pathlib import Path
from typing import Any

import pytest
from tests.mailbox import mailbox

from snowmelt.workspace import Workspace

__all__ = ["mailbox"]


@pytest.fixture(scope="session")
def bag(root: Path, airflow_home: Workspace) -> Any:
    """Airflow's DagBag over dags/, with a manifest of the dbt project to draw the models' tasks from."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Airflow's and dbt's own imports; what our files raise is in captured_warnings
        from airflow.dag_processing.dagbag import DagBag

        import models_manifest

        models_manifest.refresh(airflow_home)
        return DagBag(str(root / "dags"))
