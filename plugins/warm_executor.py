"""An executor whose tasks start at once: its workers begin with all that the tasks would import and compile."""

from __future__ import annotations

import importlib
import logging

from airflow.executors.local_executor import LocalExecutor

IMPORTED_BY_TASKS = (
    "cosmos.operators.local",
    "dashboard_page",
    "dbt.adapters.duckdb",
    "dbt.task.build",
    "event_quality.publishing",
    "great_expectations",
    "model_builds",
    "run_checks",
    "run_folders",
)

log = logging.getLogger(__name__)


class WarmExecutor(LocalExecutor):
    """LocalExecutor that loads Great Expectations, Cosmos and dbt before it forks its workers, which fork each task.

    A build is one task a model, one after the other, and each would import them again: three seconds of work for one
    of its own. Where processes are spawned and not forked (macOS) it is LocalExecutor and no more.
    """

    def start(self) -> None:
        """Warms up, then starts the workers. What cannot be loaded is left to the task that needs it, to fail there."""
        if self.is_mp_using_fork:
            try:
                warm_up()
            except Exception:
                log.exception("the tasks begin cold")
        super().start()


def warm_up() -> None:
    """Imports what the tasks import, and parses the models once, since dbt compiles its readers at their first use."""
    for module in IMPORTED_BY_TASKS:
        importlib.import_module(module)

    from dbt.cli.main import dbtRunner

    dbtRunner().invoke(["--quiet", "--no-write-json", "--log-level-file", "none", "parse"])
