"""What the tests of the running platform share."""

from pathlib import Path

import pytest

from snowmelt.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A prepared, empty workspace."""
    made = Workspace(tmp_path / "state")
    made.prepare()
    return made
