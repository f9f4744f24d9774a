"""What our commands run under does not depend on the caller's shell, and calls nobody."""

import stat
from pathlib import Path

import pytest

from snowmelt.environment import TELEMETRY_OFF, airflow_environment
from snowmelt.settings import SettingsError
from snowmelt.workspace import Workspace

HOSTILE = {
    "AIRFLOW_HOME": "/elsewhere",
    "AIRFLOW__CORE__DAGS_FOLDER": "/elsewhere/dags",
    "AIRFLOW_CONN_SNOWMELT_WAREHOUSE": "duckdb://elsewhere",
    "DBT_PROFILES_DIR": "/elsewhere",
    "DBT_TARGET": "production",
    "PYTHONPATH": "/elsewhere",
    "SNOWMELT_WAREHOUSE": "/elsewhere.duckdb",
    "PATH": "/usr/bin",
}


def test_the_callers_airflow_dbt_and_python_settings_do_not_leak_in(tmp_path: Path) -> None:
    made = airflow_environment(Workspace(tmp_path), tmp_path / "project", HOSTILE)
    assert not [name for name, value in made.items() if "elsewhere" in value]
    assert "DBT_TARGET" not in made
    assert "PYTHONPATH" not in made
    assert made["PATH"] == "/usr/bin"


def test_everything_lies_in_the_workspace_or_the_project(tmp_path: Path) -> None:
    made = airflow_environment(Workspace(tmp_path / "state"), tmp_path / "project", {})
    paths = [value for value in made.values() if value.startswith("/")]
    assert paths
    assert all(value.startswith(str(tmp_path)) for value in paths)


def test_telemetry_is_off(tmp_path: Path) -> None:
    made = airflow_environment(Workspace(tmp_path), tmp_path, dict.fromkeys(TELEMETRY_OFF, "on"))
    assert TELEMETRY_OFF.items() <= made.items()


def test_servers_bind_to_loopback(tmp_path: Path) -> None:
    assert airflow_environment(Workspace(tmp_path), tmp_path, {})["AIRFLOW__API__HOST"] == "127.0.0.1"


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    first = airflow_environment(workspace, tmp_path, {})["AIRFLOW__API_AUTH__JWT_SECRET"]
    assert airflow_environment(workspace, tmp_path, {})["AIRFLOW__API_AUTH__JWT_SECRET"] == first
    assert len(first) >= 32
    assert stat.S_IMODE((workspace.airflow_home / "jwt_secret").stat().st_mode) == 0o600


def test_airflow_is_where_the_setting_says(tmp_path: Path) -> None:
    made = airflow_environment(Workspace(tmp_path), tmp_path, {"SNOWMELT_AIRFLOW_PORT": "20009"})
    assert made["AIRFLOW__API__PORT"] == "20009"
    for name in ("AIRFLOW__API__BASE_URL", "AIRFLOW__CORE__EXECUTION_API_SERVER_URL"):
        assert made[name].startswith("http://127.0.0.1:20009")
    with pytest.raises(SettingsError, match="SNOWMELT_AIRFLOW_PORT"):
        airflow_environment(Workspace(tmp_path), tmp_path, {"SNOWMELT_AIRFLOW_PORT": "0"})


def test_nobody_has_to_unpause_a_dag(tmp_path: Path) -> None:
    made = airflow_environment(Workspace(tmp_path), tmp_path, {})
    assert made["AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION"] == "False"
