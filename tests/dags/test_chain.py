"""The four DAGs as a user runs them: nothing to do, a good batch, a bad batch, and what follows it."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from tests.dags.run_folders import write_run
from tests.mailbox import Mailbox, text

from snowmelt.environment import clean_environment
from snowmelt.workspace import Workspace

CHAIN = ("load_events", "check_events", "build_models", "refresh_dashboard")

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@dataclass(frozen=True, slots=True)
class Installation:
    """A state folder of its own, and the commands on it."""

    project: Path
    workspace: Workspace

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environ = clean_environment(os.environ) | {
            "SNOWMELT_HOME": str(self.workspace.root),
            "AIRFLOW__CORE__DAGS_FOLDER": "/nowhere",  # what the caller's shell holds must not matter
            "DBT_TARGET_PATH": "/nowhere",
        }
        return subprocess.run(
            [sys.executable, *arguments], env=environ, capture_output=True, text=True, check=False, timeout=300
        )

    def chain(self, *dag_ids: str) -> subprocess.CompletedProcess[str]:
        return self.run(str(self.project / "plugins" / "run_chain.py"), *dag_ids)

    def snowmelt(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run("-m", "snowmelt.cli", *arguments)

    def states(self) -> dict[str, str]:
        rows = self.rows("select run, state from atomic.load_manifest", self.workspace.warehouse)
        return {str(run): str(state) for run, state in rows}

    def dashboard(self) -> str:
        return (self.workspace.reports / "dashboard.html").read_text(encoding="utf-8")

    def rows(self, statement: str, file: Path | None = None) -> list[tuple[object, ...]]:
        with duckdb.connect(file or self.workspace.published, read_only=True) as connection:
            return connection.execute(statement).fetchall()


@pytest.fixture
def installation(root: Path, tmp_path: Path) -> Installation:
    workspace = Workspace(tmp_path / "home")
    workspace.prepare()
    return Installation(root, workspace)


def test_an_empty_warehouse_gives_an_empty_dashboard(installation: Installation) -> None:
    done = installation.chain(*CHAIN)
    assert done.returncode == 0, done.stderr
    assert re.search(r"load_events\.find_run_folders +skipped", done.stdout)
    assert installation.rows("select count(*) from derived.sessions") == [(0,)]
    assert "No events yet" in installation.dashboard()


def test_bad_batches_are_held_then_released_or_dropped(
    installation: Installation, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SNOWMELT_NOTIFY_MAIL_TO", "on.call@example.com")
    good = write_run(installation.workspace, 1, [{}, {}, {}])
    strange = write_run(installation.workspace, 2, [{}, {"platform": "toaster"}])
    broken = write_run(installation.workspace, 3, [{"event_version": "one"}])
    kept = write_run(installation.workspace, 4, [{"event": "pv"}])

    stopped = installation.chain(*CHAIN)
    assert stopped.returncode == 1
    assert "build_models" not in stopped.stdout
    assert f"{strange} is held, none of its 2 events is seen downstream" in stopped.stderr
    assert "column_values_to_be_in_set(platform) failed on 1 of 2 rows (for instance 'toaster')" in stopped.stderr
    assert f"`snowmelt runs release {strange}` or `snowmelt runs drop {strange}`" in stopped.stderr
    assert installation.states() == {good: "released", strange: "held", broken: "held", kept: "held"}
    report = json.loads((installation.workspace.reports / "checks" / f"{strange}.json").read_text(encoding="utf-8"))
    assert report["stopped"] == 1
    assert unfinished_runs(installation.workspace) == []
    told = {str(mail["Subject"]): text(mail) for mail in mailbox.mails}
    assert set(told) == {f"snowmelt: check_events.check_run[{place}] failed" for place in (1, 2, 3)}
    assert f"{strange} is held" in told["snowmelt: check_events.check_run[1] failed"]
    assert all("\nRunbook: docs/runbooks/held-run.md\n" in said for said in told.values())

    for verb, run in (("release", strange), ("drop", broken)):
        decided = installation.snowmelt("runs", verb, run)
        assert decided.returncode == 0, decided.stderr

    onward = installation.chain(*CHAIN)
    assert onward.returncode == 0, onward.stderr
    assert installation.states() == {good: "released", strange: "released", broken: "dropped", kept: "held"}
    assert installation.rows("select sum(events) from derived.event_quality") == [(5,)]
    assert installation.rows("select count(*) from atomic.events") == [(6,)]
    assert "dropped: 1 events." in installation.dashboard()


def unfinished_runs(workspace: Workspace) -> list[str]:
    with sqlite3.connect(workspace.airflow_home / "airflow.db") as metadata:
        return [str(dag_id) for (dag_id,) in metadata.execute("select dag_id from dag_run where state = 'running'")]
