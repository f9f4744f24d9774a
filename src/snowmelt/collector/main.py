"""The command ``snowmelt collector``."""

import argparse
import logging
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import msgspec

from snowmelt import settings as files
from snowmelt.collector import app, logs
from snowmelt.collector.server import ListenError
from snowmelt.collector.settings import CollectorSettings
from snowmelt.collector.sinks import Sink, stdout_sink
from snowmelt.settings import SettingsError
from snowmelt.streams.log import StreamError
from snowmelt.streams.offsets import SqliteOffsets
from snowmelt.streams.segments import SegmentWriter
from snowmelt.workspace import Workspace, WorkspaceError

log = logging.getLogger("snowmelt.collector")  # its own name may be __main__

PREFIX = "SNOWMELT_COLLECTOR"
_BAD_SEGMENT_BYTES = 8 << 20


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the collector until it is told to stop; 0 after that, 2 with one sentence when it cannot start."""
    arguments = _parser().parse_args(argv)
    logs.set_up()
    try:
        settings = _settings(arguments, os.environ)
        with ExitStack() as resources:
            app.run(settings, _sink(arguments, resources))
    except (SettingsError, ListenError, StreamError, WorkspaceError) as error:
        log.error("cannot start: %s", error)
        return 2
    return 0


def open_log(folder: Path, resources: ExitStack) -> Sink:
    """The durable log in ``folder``; beside it lie the bad rows, and the offsets that tell what may be forgotten.

    Raises StreamError.
    """
    offsets = SqliteOffsets(folder.parent / "offsets.sqlite")
    resources.callback(offsets.close)
    good = SegmentWriter.open(folder, floor=offsets.largest("0"), committed=lambda: offsets.smallest("0"))
    resources.callback(good.close)
    bad = SegmentWriter.open(folder.parent / "bad", segment_bytes=_BAD_SEGMENT_BYTES)
    resources.callback(bad.close)
    return Sink("log", good, bad)


def _settings(arguments: argparse.Namespace, environ: Mapping[str, str]) -> CollectorSettings:
    settings = files.read(CollectorSettings, arguments.config, environ, PREFIX)
    if arguments.port is not None:
        settings = msgspec.structs.replace(settings, port=arguments.port)
    if arguments.metrics_port is not None:
        metrics = msgspec.structs.replace(settings.metrics, port=arguments.metrics_port)
        settings = msgspec.structs.replace(settings, metrics=metrics)
    return settings


def _sink(arguments: argparse.Namespace, resources: ExitStack) -> Sink:
    if arguments.sink == "stdout":
        return stdout_sink(sys.stdout.buffer, sys.stderr.buffer)
    folder = arguments.log_dir
    if folder is None:
        workspace = Workspace.from_environment()
        workspace.prepare()
        folder = workspace.log
    return open_log(folder, resources)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="snowmelt collector", description="Collects events from Snowplow trackers.")
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings, TOML or JSON, with Snowplow's names")
    parser.add_argument("--sink", choices=("log", "stdout"), default="log", help="stdout: one base64 record a line")
    parser.add_argument("--port", type=int, help="where trackers send to; 0 takes a free one")
    parser.add_argument("--metrics-port", type=int, metavar="PORT", help="the Prometheus page; 0 takes a free one")
    parser.add_argument("--log-dir", type=Path, metavar="DIR", help="the log; bad rows and offsets lie beside it")
    return parser


if __name__ == "__main__":
    sys.exit(main())
