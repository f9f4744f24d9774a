import pytest
from tests.lake.doubles import Clock
from tests.loader.doubles import lake_at

from snowmelt.loader.duckdb import DuckDbWarehouse


@pytest.fixture(scope="session")
def sql(root):
    """The statements for DuckDB."""
    return root / "include" / "sql" / "duckdb"


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def lake(tmp_path):
    return lake_at(tmp_path / "lake")


@pytest.fixture
def file(tmp_path):
    """Where the warehouse is."""
    return tmp_path / "warehouse" / "snowmelt.duckdb"


@pytest.fixture
def warehouse(file):
    with DuckDbWarehouse(file) as warehouse:
        yield warehouse
