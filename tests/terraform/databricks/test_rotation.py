"""The principal's secret goes from Databricks to Secrets Manager: real clients, and neither of the two is there."""

import itertools
import json
import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from scripts import rotate_databricks_secret

NAME = "snowmelt-dev/airflow/connections/snowmelt_databricks"
SECRETS = "/api/2.0/accounts/servicePrincipals/4711/credentials/secrets"


class Workspace(ThreadingHTTPServer):
    """The part of a workspace that keeps the secrets of principal 4711."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.kept: dict[str, str] = {}
        self.lifetimes: list[str] = []
        self.numbers = itertools.count(1)
        self.refuses = False

    def add(self) -> dict[str, str]:
        number = next(self.numbers)
        made = {"id": f"id-{number}", "create_time": f"2026-01-{number:02}T00:00:00Z"}
        self.kept[made["id"]] = made["create_time"]
        return made


class Handler(BaseHTTPRequestHandler):
    server: Workspace

    def do_GET(self) -> None:
        if self.path.startswith(SECRETS):
            # Not in the order of their making.
            found = [{"id": key, "create_time": made} for key, made in sorted(self.server.kept.items(), reverse=True)]
            self._answer(200, {"secrets": found})
        else:
            self._answer(404, {"error_code": "NOT_FOUND", "message": "not here"})

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.server.refuses or self.headers["Authorization"] != "Bearer of-an-admin":
            self._answer(403, {"error_code": "PERMISSION_DENIED", "message": "only admins make secrets"})
            return
        made = self.server.add()
        self.server.lifetimes.append(asked["lifetime"])
        self._answer(200, made | {"secret": f"dose-of-{made['id']}", "status": "ACTIVE"})

    def do_DELETE(self) -> None:
        del self.server.kept[self.path.rpartition("/")[2]]
        self._answer(200, {})

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Nothing is printed."""

    def _answer(self, status: int, body: object) -> None:
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


class ReadOnly:
    """Secrets Manager for somebody who may look but not write."""

    def describe_secret(self, **_: str) -> object:
        return {}

    def put_secret_value(self, **_: str) -> object:
        raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "not you"}}, "PutSecretValue")


@pytest.fixture
def workspace(monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    # Airflow leaves log handlers whose streams are closed; their complaints would go to stderr.
    monkeypatch.setattr(logging, "raiseExceptions", False)
    monkeypatch.setenv("DATABRICKS_TOKEN", "of-an-admin")
    monkeypatch.setenv("DATABRICKS_CONFIG_FILE", "/nowhere")
    with Workspace() as served:
        thread = threading.Thread(target=served.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield served
        served.shutdown()
        thread.join()


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "nobody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "nothing")
    with mock_aws(config={"core": {"passthrough": {"urls": [r"http://127\.0\.0\.1.*"]}}}):
        client = boto3.client("secretsmanager", region_name="eu-west-1")
        client.create_secret(Name=NAME)
        yield client
        client.close()


def rotate(workspace: Workspace, name: str = NAME) -> int:
    return rotate_databricks_secret.main(
        [
            *("--principal", "4711", "--application", "0123-app", "--catalog", "snowmelt_dev", "--secret", name),
            *("--host", f"http://127.0.0.1:{workspace.server_port}", "--http-path", "/sql/1.0/warehouses/1"),
            *("--region", "eu-west-1"),
        ]
    )


def test_airflow_finds_the_new_secret(
    workspace: Workspace, store: Any, capsys: pytest.CaptureFixture[str], airflow_home: object
) -> None:
    from airflow.sdk import Connection

    assert rotate(workspace) == 0
    kept = store.get_secret_value(SecretId=NAME)["SecretString"]
    connection = Connection.from_json(kept, conn_id="snowmelt_databricks")
    assert (connection.conn_type, connection.login, connection.password) == ("databricks", "0123-app", "dose-of-id-1")
    assert connection.extra_dejson == {
        "service_principal_oauth": True,
        "http_path": "/sql/1.0/warehouses/1",
        "catalog": "snowmelt_dev",
    }
    assert workspace.lifetimes == ["7776000s"]
    said = capsys.readouterr()
    assert "dose-of" not in said.out + said.err, "the terminal is no place for a secret"
    assert NAME in said.out


def test_the_one_before_stays_and_older_ones_go(workspace: Workspace, store: Any) -> None:
    for _ in range(5):  # all that Databricks takes
        workspace.add()
    assert rotate(workspace) == 0
    assert sorted(workspace.kept) == ["id-5", "id-6"], "tasks that run now hold the newest of those before"


def test_no_secret_is_made_that_could_not_be_stored(
    workspace: Workspace, store: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert rotate(workspace, "snowmelt-dev/no-such-secret") == 1
    assert workspace.kept == {}
    assert "the secret snowmelt-dev/no-such-secret cannot be reached" in capsys.readouterr().err


def test_a_secret_that_was_not_stored_is_deleted_again(
    workspace: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotate_databricks_secret.boto3, "client", lambda *_, **__: ReadOnly())
    assert rotate(workspace) == 1
    assert workspace.kept == {}
    assert "was deleted again" in capsys.readouterr().err


def test_databricks_says_no(workspace: Workspace, store: Any, capsys: pytest.CaptureFixture[str]) -> None:
    workspace.refuses = True
    assert rotate(workspace) == 1
    assert "only admins make secrets" in capsys.readouterr().err
    assert "SecretString" not in str(store.list_secret_version_ids(SecretId=NAME))
