"""The warehouse as Airflow's tasks see it: a hook on the connection that names it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from airflow.sdk import BaseHook

from snowmelt.loader.duckdb import DuckDbWarehouse, connect
from snowmelt.loader.manifest import Manifest

if TYPE_CHECKING:
    import pandas as pd

STATEMENTS = Path(__file__).parents[1] / "include" / "sql"


class WarehouseHook(BaseHook):
    """Opens the warehouse of a connection. Of type ``duckdb``, its host is the path of the file.

    The file has one writer process, so a task that opens it holds the slot of the pool ``warehouse`` and closes it.
    """

    conn_name_attr = "warehouse_conn_id"
    default_conn_name = "snowmelt_warehouse"
    conn_type = "duckdb"
    hook_name = "DuckDB warehouse"

    def __init__(self, warehouse_conn_id: str = default_conn_name) -> None:
        """Nothing is opened yet."""
        super().__init__()
        self.warehouse_conn_id = warehouse_conn_id

    @property
    def file(self) -> Path:
        """The DuckDB file. Raises ValueError for a connection that does not name one."""
        connection = self.get_connection(self.warehouse_conn_id)
        if connection.conn_type != self.conn_type or not connection.host:
            raise ValueError(
                f"connection {self.warehouse_conn_id} is of type {connection.conn_type!r}: give it the type duckdb "
                'and the file as host, e.g. {"conn_type": "duckdb", "host": "/data/snowmelt.duckdb"}'
            )
        return Path(connection.host)

    @property
    def statements(self) -> Path:
        """The folder of the engine's statements, which the loader runs."""
        return STATEMENTS / self.conn_type

    def open(self) -> DuckDbWarehouse:
        """The loader's warehouse, to be closed at the end of a ``with`` block."""
        return DuckDbWarehouse(self.file)

    def manifest(self, warehouse: DuckDbWarehouse) -> Manifest:
        """The load manifest of the open warehouse."""
        return Manifest(warehouse, self.statements, utc_now)

    def frame(self, statement: str, parameters: Mapping[str, object] | None = None) -> pd.DataFrame:
        """The rows of one statement; ``$name`` in it stands for a parameter, and times are UTC without a zone."""
        with connect(self.file) as connection:
            connection.execute("set TimeZone = 'UTC'")
            return connection.execute(statement, dict(parameters or {})).df()

    def publish(self, copy: Path) -> None:
        """Replaces the copy by what the file holds now. Readers of the old one keep it until they close it."""
        with connect(self.file) as connection:
            connection.execute("force checkpoint")
        copy.parent.mkdir(parents=True, exist_ok=True)
        written = copy.with_name(f".{copy.name}.{os.getpid()}")
        try:
            shutil.copyfile(self.file, written)
            written.replace(copy)
        finally:
            written.unlink(missing_ok=True)


def utc_now() -> datetime:
    """The clock of the tasks."""
    return datetime.now(UTC)
