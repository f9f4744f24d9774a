"""The command ``snowmelt page``."""

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from snowmelt import logs
from snowmelt import settings as files
from snowmelt.listening import ListenError, listen
from snowmelt.page.app import PageError, application
from snowmelt.page.published import Published
from snowmelt.page.settings import PageSettings
from snowmelt.serving import serve
from snowmelt.settings import SettingsError
from snowmelt.workspace import Workspace

log = logging.getLogger("snowmelt.page")  # its own name may be __main__

PREFIX = "SNOWMELT_PAGE"


def main(argv: Sequence[str] | None = None) -> int:
    """Serves the page until it is told to stop; 0 after that, 2 with one sentence when it cannot start."""
    arguments = _parser().parse_args(argv)
    logs.set_up()
    workspace = Workspace.from_environment()
    sql = Path(os.environ.get("SNOWMELT_PROJECT", ".")) / "include" / "sql" / "duckdb"
    try:
        given = {} if arguments.port is None else {f"{PREFIX}_PORT": arguments.port}
        settings = files.read(PageSettings, arguments.config, os.environ | given, PREFIX)
        page = application(settings, arguments.dist or workspace.web, Published(workspace.published, sql))
        listening = listen(settings.interface, settings.port, f"{PREFIX}_PORT")
    except (SettingsError, ListenError, PageError) as error:
        log.error("cannot start: %s", error)
        return 2
    serve(page, listening, log, lifespan="off")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="snowmelt page", description="Serves the tracker page and what became of the events it sent."
    )
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings, TOML or JSON")
    parser.add_argument("--dist", type=Path, metavar="FOLDER", help="the built page; .snowmelt/web by default")
    parser.add_argument("--port", help="where the page is; 0 takes a free one")
    return parser


if __name__ == "__main__":
    sys.exit(main())
