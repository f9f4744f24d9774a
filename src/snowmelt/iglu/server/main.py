"""The command ``snowmelt iglu``."""

import argparse
import logging
import os
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import UUID, uuid4

from snowmelt import logs
from snowmelt import settings as files
from snowmelt.iglu.server import stored_keys
from snowmelt.iglu.server.app import create_app
from snowmelt.iglu.server.database import Database, DatabaseError
from snowmelt.iglu.server.permissions import digest, parse_key
from snowmelt.iglu.server.registry import Registry
from snowmelt.iglu.server.settings import IgluSettings
from snowmelt.iglu.server.stored_keys import SuperKeyError
from snowmelt.iglu.server.tables import migrate
from snowmelt.iglu.server.webhooks import Webhooks
from snowmelt.listening import ListenError, listen
from snowmelt.serving import serve
from snowmelt.settings import SettingsError, seconds
from snowmelt.workspace import Workspace, WorkspaceError

log = logging.getLogger("snowmelt.iglu")

PREFIX = "SNOWMELT_IGLU"


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the registry until it is told to stop; 0 after that, 2 with one sentence when it cannot start."""
    arguments = _parser().parse_args(argv)
    logs.set_up()
    logging.getLogger("httpx").setLevel(logging.WARNING)  # it would log the addresses of webhooks
    try:
        settings = _settings(arguments, os.environ)
        repo = settings.repo_server
        listening = listen(repo.interface, repo.port, f"{PREFIX}_REPO_SERVER__PORT")
        registry = open_registry(settings, Workspace.from_environment())
    except (SettingsError, ListenError, DatabaseError, SuperKeyError, WorkspaceError) as error:
        log.error("cannot start: %s", error)
        return 2
    serve_registry(registry, listening)
    return 0


def open_registry(settings: IgluSettings, workspace: Workspace) -> Registry:
    """The registry of these settings, its database ready. Raises DatabaseError, SuperKeyError, WorkspaceError."""
    workspace.prepare()
    file = Path(settings.database.path or workspace.iglu / "registry.sqlite")
    database = Database.open(settings.database, file)
    try:
        migrate(database)
        super_key = _super_key(settings, workspace)
    except BaseException:
        database.close()
        raise
    return Registry(
        settings=settings,
        database=database,
        super_digest=digest(super_key),
        webhooks=Webhooks(settings.webhooks.schema_published),
        clock=time.time,
        new_key=uuid4,
    )


def serve_registry(registry: Registry, listening: socket.socket) -> None:
    """Answers until SIGTERM or SIGINT, then finishes what was begun."""
    repo = registry.settings.repo_server
    serve(
        create_app(registry),
        listening,
        log,
        http="h11",
        lifespan="on",
        limit_concurrency=repo.max_connections,
        timeout_keep_alive=max(1, int(seconds(repo.idle_timeout))),
    )


def _super_key(settings: IgluSettings, workspace: Workspace) -> UUID:
    if settings.super_api_key is not None and (key := parse_key(settings.super_api_key)) is not None:
        return key
    file = workspace.iglu / "super_key"
    key = stored_keys.super_key(file, uuid4)
    log.info("the super key is in %s", file)
    return key


def _settings(arguments: argparse.Namespace, environ: Mapping[str, str]) -> IgluSettings:
    given = {} if arguments.port is None else {f"{PREFIX}_REPO_SERVER__PORT": arguments.port}
    return files.read(IgluSettings, arguments.config, {**environ, **given}, PREFIX)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="snowmelt iglu", description="Serves schemas as Snowplow's Iglu Server does.")
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings, TOML or JSON, with Snowplow's names")
    parser.add_argument("--port", help="where it listens; 0 takes a free one")
    return parser


if __name__ == "__main__":
    sys.exit(main())
