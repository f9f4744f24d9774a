"""Airflow's own API server in this process, with two people who log in by their passwords."""

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from snowmelt.workspace import Workspace

ORIGIN = "http://testserver"
PEOPLE = {"vera": "viewer", "ada": "admin"}


@dataclass(frozen=True, slots=True)
class AirflowApi:
    """The application, and clients of it."""

    app: Any
    workspace: Workspace

    def anonymous(self) -> TestClient:
        """Nobody: a browser without a cookie."""
        return TestClient(self.app, base_url=ORIGIN, follow_redirects=False)

    def person(self, name: str) -> TestClient:
        """A browser in which this person has logged in."""
        client = self.anonymous()
        answer = client.post("/auth/token", json={"username": name, "password": f"{name}'s password"})
        client.cookies.set("_token", answer.json()["access_token"])
        return client

    def dag_runs(self) -> list[tuple[Any, ...]]:
        """Who triggered `decide_run` with what, from the metadata database; the state of all runs is ended after."""
        from airflow.models.dagrun import DagRun
        from airflow.utils.session import create_session
        from sqlalchemy import select

        with create_session() as session:
            found = session.scalars(select(DagRun).where(DagRun.dag_id == "decide_run").order_by(DagRun.id))
            return [(run.triggering_user_name, run.state, run.conf, run.note) for run in found]

    def forget_dag_runs(self) -> None:
        """As if nobody had decided anything."""
        from airflow.models.dagrun import DagRun
        from airflow.utils.session import create_session
        from sqlalchemy import select

        with create_session() as session:
            for run in session.scalars(select(DagRun)):
                session.delete(run)


@contextmanager
def airflow_api(root: Path, workspace: Workspace) -> Iterator[AirflowApi]:
    """The server's application on a workspace whose environment is set, with the DAGs that the view speaks of."""
    passwords = workspace.airflow_home / "passwords.json"
    passwords.write_text(json.dumps({name: f"{name}'s password" for name in PEOPLE}), encoding="utf-8")
    before = dict(os.environ)
    os.environ |= {
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "False",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": ",".join(f"{name}:{role}" for name, role in PEOPLE.items()),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(passwords),
    }
    from airflow.api_fastapi.app import create_app, purge_cached_app

    import run_chain

    try:
        run_chain.prepare_metadata()
        for dag_id in ("load_events", "check_events", "decide_run"):
            _register(root / "dags" / f"{dag_id}.py")
        purge_cached_app()
        yield AirflowApi(create_app(), workspace)
    finally:
        purge_cached_app()
        os.environ.clear()
        os.environ.update(before)


def _register(file: Path) -> None:
    """What the DAG processor does: the DAGs of a file, in the metadata database."""
    from airflow.dag_processing.bundles.manager import DagBundlesManager
    from airflow.dag_processing.dagbag import DagBag, sync_bag_to_db

    DagBundlesManager().sync_bundles_to_db()
    bag = DagBag(str(file), bundle_path=file.parent, bundle_name="dags-folder")
    assert bag.import_errors == {}
    sync_bag_to_db(bag, "dags-folder", None)


def token_in(html: str) -> str:
    """The token of the form on the page that asks for a confirmation."""
    found = re.search(r'name="token" value="([^"]+)"', html)
    assert found, html
    return found[1]
