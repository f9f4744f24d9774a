"""A state folder for the Airflow of the test process, which reads its settings once, when it is first imported.

Tests that use it import Airflow, and our modules that do, inside the test.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from snowmelt.environment import airflow_environment
from snowmelt.workspace import Workspace


@pytest.fixture(scope="session")
def airflow_home(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """The environment our commands give to Airflow, in this process, for as long as the tests run."""
    workspace = Workspace(tmp_path_factory.mktemp("airflow"))
    workspace.prepare()
    before = dict(os.environ)
    os.environ.update(airflow_environment(workspace, root))
    yield workspace
    os.environ.clear()
    os.environ.update(before)
