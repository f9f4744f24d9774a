"""What every test may ask for."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """Material to compare with that is not part of the product; tests that need it skip where it is absent."""
    folder = Path(os.environ.get("SNOWMELT_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip(f"the comparison material is not at {folder}; set SNOWMELT_SHARED to its folder")
    return folder
