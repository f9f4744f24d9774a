"""The registry as a process: how it starts, what it says, how it ends."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from tests.iglu.server.harness import SUPER_KEY, process, schema

from snowmelt.iglu.server.database import DatabaseError
from snowmelt.iglu.server.main import PREFIX, _parser, _settings, open_registry
from snowmelt.iglu.server.settings import Database, IgluSettings
from snowmelt.iglu.server.stored_keys import SuperKeyError
from snowmelt.settings import SettingsError
from snowmelt.workspace import Workspace

COMMAND = [sys.executable, "-m", "snowmelt.iglu.server.main"]


def environment(folder: Path, **settings: str) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SNOWMELT")}
    named = {f"{PREFIX}_{name}": value for name, value in settings.items()}
    return clean | named | {"SNOWMELT_HOME": str(folder / "home")}


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_it_finishes_what_was_begun_and_ends_well(tmp_path: Path, ending: signal.Signals) -> None:
    body = json.dumps(schema("com.acme", "thing", "1-0-0")).encode()
    head = f"POST /api/schemas HTTP/1.1\r\nHost: x\r\napikey: {SUPER_KEY}\r\nContent-Length: {len(body)}\r\n\r\n"
    with process(tmp_path, Database()) as (running, port):
        with socket.create_connection(("127.0.0.1", port), 20) as client:
            client.sendall(head.encode() + body[:-5])
            assert httpx.get(f"http://127.0.0.1:{port}/api/meta/health").text == "OK"
            running.popen.send_signal(ending)
            running.said(rb"stopping")
            client.sendall(body[-5:])
            assert client.recv(100).startswith(b"HTTP/1.1 201 ")
        assert running.popen.wait(20) == 0
        running.said(rb"snowmelt.iglu stopped$")


def test_what_it_logs_and_stores_holds_no_key(tmp_path: Path) -> None:
    """Nor do the files of the database, when it ends or when it is killed."""
    with process(tmp_path, Database(), superApiKey=None) as (running, port):
        file = tmp_path / "home" / "iglu" / "super_key"
        key = file.read_text().strip()
        with httpx.Client(base_url=f"http://127.0.0.1:{port}/api", headers={"apikey": key}) as client:
            made = client.post("/auth/keygen", json={"vendorPrefix": "com.acme"}).json()
            assert client.get("/schemas", headers={"apikey": made["read"]}).status_code == 200
            assert client.delete("/auth/keygen", params={"key": made["read"]}).status_code == 200
    log = b"".join(running.lines)
    keys = [UUID(text) for text in (key, *made.values())]
    for stored in [log, *(one.read_bytes() for one in (tmp_path / "home").rglob("*") if one.is_file() and one != file)]:
        for one in keys:
            assert str(one).encode() not in stored
            assert one.bytes not in stored
    assert log.count(b"snowmelt.iglu.access") == 3


def test_the_super_key_outlives_a_restart(tmp_path: Path) -> None:
    answers = []
    for _ in range(2):
        with process(tmp_path, Database(), superApiKey=None) as (_, port):
            key = (tmp_path / "home" / "iglu" / "super_key").read_text().strip()
            answers.append(httpx.get(f"http://127.0.0.1:{port}/api/meta/server", headers={"apikey": key}).json())
    assert [one["authInfo"]["level"] for one in answers] == ["SUPER", "SUPER"]


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            COMMAND, cwd=tmp_path, capture_output=True, env=environment(tmp_path, REPO_SERVER__PORT=port), timeout=60
        )
    assert done.returncode == 2
    (line,) = done.stderr.decode().splitlines()
    assert line.endswith(
        f" ERROR snowmelt.iglu cannot start: 127.0.0.1:{port} cannot be listened on: address already in use; "
        "free that port or set another one in SNOWMELT_IGLU_REPO_SERVER__PORT"
    )
    assert not (tmp_path / "home").exists()


def test_a_port_that_is_none() -> None:
    arguments = _parser().parse_args(["--port", "70000"])
    with pytest.raises(SettingsError, match="SNOWMELT_IGLU_REPO_SERVER__PORT: Expected `int` <= 65535"):
        _settings(arguments, {})


def started(folder: Path, path: str = "") -> None:
    """As far as it comes before it listens."""
    registry = open_registry(IgluSettings(database=Database(path=path)), Workspace(folder / "home"))
    registry.webhooks.close()
    registry.database.close()


def test_the_default_database_is_in_the_workspace(tmp_path: Path) -> None:
    started(tmp_path)
    assert {one.name for one in (tmp_path / "home" / "iglu").iterdir()} >= {"registry.sqlite", "super_key"}


def test_a_super_key_that_is_none(tmp_path: Path) -> None:
    Workspace(tmp_path / "home").prepare()
    file = tmp_path / "home" / "iglu" / "super_key"
    file.parent.mkdir(exist_ok=True)
    file.write_text("not a key\n")
    with pytest.raises(SuperKeyError, match="does not hold a UUID: remove it"):
        started(tmp_path)


def test_a_database_of_another_version(tmp_path: Path) -> None:
    file = tmp_path / "registry.sqlite"
    connection = sqlite3.connect(file)
    connection.executescript("create table registry_version (version integer); insert into registry_version values (7)")
    connection.close()
    with pytest.raises(DatabaseError, match="the database has tables of version 7; this program knows version 1"):
        started(tmp_path, str(file))
