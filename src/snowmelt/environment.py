"""The environment our commands give to Airflow, dbt and Great Expectations, whatever the caller's shell holds."""

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import msgspec

from snowmelt.settings import Settings, read
from snowmelt.workspace import Workspace

TELEMETRY_OFF: Mapping[str, str] = {
    "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
    "AIRFLOW__COSMOS__ENABLE_TELEMETRY": "False",
    "ASTRONOMER_COSMOS_TELEMETRY": "0",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "DBT_DATABRICKS_CONNECTOR_LOG_LEVEL": "WARN",
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "false",
    "SCARF_ANALYTICS": "false",
    "SCARF_NO_ANALYTICS": "true",
}
"""Nothing on a laptop calls home: Airflow, Cosmos, dbt, Great Expectations and what they bring."""

OVERRIDDEN_PREFIXES = ("AIRFLOW_", "COSMOS_", "DBT_", "GX_", "JUPYTER_", "PYTHON", "SNOWMELT_WAREHOUSE")
OVERRIDDEN_NAMES = frozenset({"IPYTHONDIR"})
KEPT_NAMES = frozenset({"AIRFLOW_CONN_AWS_DEFAULT", "AIRFLOW_CONN_SMTP_DEFAULT"})
"""Connections by which failures are told, where somebody gives them."""


class AirflowSettings(Settings, frozen=True):
    """What one may choose about Airflow on a laptop, as SNOWMELT_AIRFLOW_… variables."""

    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 8082
    """Where its pages and its API are, on the loopback address."""


class NotifySettings(Settings, frozen=True):
    """Whom to tell, as SNOWMELT_NOTIFY_… variables. Nothing set: nobody is told, and Airflow's pages show it anyway."""

    mail_to: str = ""
    """Addresses, parted by commas. The server and the sender are those of the connection ``smtp_default``."""

    sns_topic: Annotated[str, msgspec.Meta(pattern=r"^(arn:[^:]+:sns:[^:]+:[^:]*:.+)?$")] = ""
    """ARN of a topic. The account is that of the connection ``aws_default``, or what boto3 finds by itself."""

    runbooks: str = "docs/runbooks"
    """Where the runbooks are, for whoever reads the message: the folder of the checkout, or a URL."""


def clean_environment(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The caller's environment without what would change how our commands run."""
    return {
        name: value
        for name, value in environ.items()
        if name in KEPT_NAMES or (name not in OVERRIDDEN_NAMES and not name.startswith(OVERRIDDEN_PREFIXES))
    }


def airflow_environment(workspace: Workspace, project: Path, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Everything Airflow, dbt, Great Expectations and the notebook need to run on this workspace, on one machine.

    ``project`` is the folder that holds dags/, dbt/, include/ and plugins/. Raises SettingsError.
    """
    port = read(AirflowSettings, None, environ, "SNOWMELT_AIRFLOW").port
    address = f"http://127.0.0.1:{port}"
    return {
        **clean_environment(environ),
        **TELEMETRY_OFF,
        "SNOWMELT_HOME": str(workspace.root),
        "SNOWMELT_PROJECT": str(project),
        "SNOWMELT_WAREHOUSE": str(workspace.warehouse),
        "AIRFLOW_HOME": str(workspace.airflow_home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(project / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(project / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__CORE__EXECUTOR": "warm_executor.WarmExecutor",
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__CORE__FERNET_KEY": "",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": address,
        "AIRFLOW__API__SECRET_KEY": _kept_secret(workspace.airflow_home / "secret_key"),
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{address}/execution/",
        # What was under way when a laptop was stopped is taken up soon after it is started again.
        "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "15",
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "60",
        # A build is some twenty tasks of a second each, one after the other; between two the scheduler is asleep.
        "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.3",
        "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "60",
        "AIRFLOW__LOGGING__NAMESPACE_LEVELS": "cosmos=WARNING great_expectations=WARNING",
        "AIRFLOW__API_AUTH__JWT_SECRET": _kept_secret(workspace.airflow_home / "jwt_secret"),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{workspace.airflow_home / 'airflow.db'}",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(workspace.airflow_home / "logs"),
        "AIRFLOW__COSMOS__CACHE_DIR": str(workspace.airflow_home / "cosmos"),
        "AIRFLOW_CONN_SNOWMELT_WAREHOUSE": json.dumps({"conn_type": "duckdb", "host": str(workspace.warehouse)}),
        "DBT_PROJECT_DIR": str(project / "dbt"),
        "DBT_PROFILES_DIR": str(project / "dbt"),
        "DBT_USE_COLORS": "false",
        "DBT_TARGET_PATH": str(workspace.dbt_target),
        "DBT_LOG_PATH": str(workspace.run_logs / "dbt"),
        "JUPYTER_PLATFORM_DIRS": "1",
    }


def _kept_secret(file: Path) -> str:
    """A key made at first use and kept in a file only its owner can read."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
            handle.write(secrets.token_urlsafe(64))
    return file.read_text(encoding="utf-8")
