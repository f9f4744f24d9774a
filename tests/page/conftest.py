import pytest

from snowmelt.page.published import Published


@pytest.fixture(scope="session")
def sql(root):
    """The statements for DuckDB."""
    return root / "include" / "sql" / "duckdb"


@pytest.fixture
def published(tmp_path, sql):
    """A copy that is not there yet."""
    return Published(tmp_path / "published" / "snowmelt.duckdb", sql)


@pytest.fixture
def dist(tmp_path):
    """A built page."""
    folder = tmp_path / "web"
    folder.mkdir()
    (folder / "index.html").write_text("<h1>Tracker page</h1>")
    return folder
