"""Registries for the tests, in this process and as processes of their own."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import msgspec
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import delete, insert, select
from tests.iglu.doubles import Clock

from snowmelt.iglu.lint import METASCHEMA
from snowmelt.iglu.server.app import create_app
from snowmelt.iglu.server.database import Database
from snowmelt.iglu.server.permissions import digest
from snowmelt.iglu.server.registry import Registry
from snowmelt.iglu.server.settings import Database as DatabaseSettings
from snowmelt.iglu.server.settings import IgluSettings
from snowmelt.iglu.server.tables import METADATA, migrate
from snowmelt.iglu.server.webhooks import Webhooks

SQLITE = pytest.mark.parametrize("kind", ["sqlite"])
"""For tests of what has nothing to do with the database."""

SUPER_KEY = UUID("deadbeef-dead-4eef-8ead-deadbeefdead")
_SPACE = UUID("00000000-0000-4000-8000-000000000000")


def schema(vendor: str, name: str, version: str, **more: Any) -> dict[str, Any]:
    """A schema that lint finds nothing wrong with."""
    self = {"vendor": vendor, "name": name, "format": "jsonschema", "version": version}
    body = {"description": "A test", "type": "object", "properties": {}, "additionalProperties": False}
    return {"$schema": METASCHEMA, "self": self, **body, **more}


@dataclass
class Keys:
    """Makes the same keys in every run."""

    made: list[UUID] = field(default_factory=list)

    def __call__(self) -> UUID:
        self.made.append(uuid5(_SPACE, str(len(self.made))))
        return self.made[-1]


@dataclass
class Told:
    """What webhooks sent, instead of sending it."""

    messages: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    status: int = 200

    def __call__(self, uri: str, body: bytes) -> int:
        self.messages.append((uri, msgspec.json.decode(body)))
        return self.status


@dataclass
class Made:
    """A registry in this process."""

    app: FastAPI
    client: TestClient
    clock: Clock
    told: Told
    registry: Registry

    def send(self, method: str, path: str, body: Any = None, key: object = None, **headers: str) -> Any:
        """One request; its body as JSON, or as it is where it is text."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if key is not None:
            named["apikey"] = str(key)
        content = body if body is None or isinstance(body, (str, bytes)) else msgspec.json.encode(body)
        return self.client.request(method, path, content=content, headers=named)

    def publish(self, vendor: str, name: str, version: str, *, public: bool = False, **more: Any) -> None:
        """Publishes by the super key what has to be publishable."""
        answer = self.send(
            "POST", f"/api/schemas?isPublic={str(public).lower()}", schema(vendor, name, version, **more), SUPER_KEY
        )
        assert answer.status_code in (200, 201), answer.text


@contextmanager
def made(settings: IgluSettings, file: Path) -> Iterator[Made]:
    """A registry in this process over the configured database, or SQLite in a file."""
    clock, told = Clock(), Told()
    database = Database.open(settings.database, file)
    migrate(database)
    webhooks = Webhooks(settings.webhooks.schema_published, told)
    registry = Registry(settings, database, digest(SUPER_KEY), webhooks, clock, Keys())
    app = create_app(registry)
    with TestClient(app, follow_redirects=False) as client:
        yield Made(app, client, clock, told, registry)


@contextmanager
def undone(made: Made) -> Iterator[None]:
    """Puts the tables back to what they held before."""
    tables = METADATA.sorted_tables
    with made.registry.database.reading() as connection:
        before = [[dict(row._mapping) for row in connection.execute(select(table))] for table in tables]
    yield
    with made.registry.database.writing("tests") as connection:
        for table, rows in zip(tables, before, strict=True):
            connection.execute(delete(table))
            if rows:
                connection.execute(insert(table), rows)


@dataclass
class Process:
    """A registry's process. What it logs is read all the time, or it would stop when nobody did."""

    popen: subprocess.Popen[bytes]
    lines: list[bytes] = field(default_factory=list)
    heard: threading.Condition = field(default_factory=threading.Condition)
    ended: bool = False

    def read(self) -> None:
        for line in self.popen.stderr or ():
            with self.heard:
                self.lines.append(line)
                self.heard.notify_all()
        with self.heard:
            self.ended = True
            self.heard.notify_all()

    def said(self, pattern: bytes) -> re.Match[bytes]:
        """The line that it says, now or soon."""

        def found() -> re.Match[bytes] | None:
            return next(filter(None, (re.search(pattern, line) for line in self.lines)), None)

        with self.heard:
            assert self.heard.wait_for(lambda: found() or self.ended, 60), self.lines
            match = found()
        assert match, self.lines
        return match


@contextmanager
def process(
    folder: Path, database: DatabaseSettings, *arguments: str, **settings: Any
) -> Iterator[tuple[Process, int]]:
    """A registry's process that listens, and its port. It is killed at the end if it still runs."""
    file = folder / "iglu.json"
    tree = {"database": msgspec.to_builtins(database), "superApiKey": str(SUPER_KEY), **settings}
    file.write_bytes(msgspec.json.encode(tree))
    command = [sys.executable, "-m", "snowmelt.iglu.server.main", "--port", "0", "--config", str(file), *arguments]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("SNOWMELT")}
    home = str(folder / "home")
    with subprocess.Popen(command, stderr=subprocess.PIPE, cwd=folder, env=environ | {"SNOWMELT_HOME": home}) as popen:
        running = Process(popen)
        reader = threading.Thread(target=running.read)
        reader.start()
        try:
            yield running, int(running.said(rb" listening on 127\.0\.0\.1:(\d+)")[1])
        finally:
            popen.kill()
            reader.join(30)
