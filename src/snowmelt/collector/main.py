"""The command ``snowmelt collector``."""

import argparse
import logging
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path

import msgspec

from snowmelt import logs
from snowmelt import settings as files
from snowmelt.collector import app
from snowmelt.collector.settings import CollectorSettings, Log
from snowmelt.collector.sinks import Sink, stdout_sink
from snowmelt.listening import ListenError
from snowmelt.settings import Port, SettingsError, seconds
from snowmelt.streams.log import BAD_PREFIX, StreamError
from snowmelt.streams.offsets import SqliteOffsets
from snowmelt.streams.segments import Retention, SegmentWriter
from snowmelt.streams.segments.writer import SEGMENT_BYTES
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
            app.run(settings, _sink(arguments, settings.streams.log, resources))
    except (SettingsError, ListenError, StreamError, WorkspaceError) as error:
        log.error("cannot start: %s", error)
        return 2
    return 0


def open_log(folder: Path, kept: Log, resources: ExitStack) -> Sink:
    """The durable log in ``folder``; beside it lie the bad rows, and the offsets that tell what may be forgotten.

    Raises StreamError.
    """
    offsets = SqliteOffsets(folder.parent / "offsets.sqlite")
    resources.callback(offsets.close)
    age = None if kept.retention is None else timedelta(seconds=seconds(kept.retention))

    def opened(home: Path, partition: str, segment_bytes: int) -> SegmentWriter:
        writer = SegmentWriter.open(
            home,
            segment_bytes=segment_bytes,
            disk_budget=kept.disk_budget,
            retention=Retention(max_age=age),
            committed=partial(offsets.smallest, partition),
            floor=offsets.largest(partition),
        )
        resources.callback(writer.close)
        return writer

    good = opened(folder, "0", SEGMENT_BYTES)
    bad = opened(folder.parent / "bad", f"{BAD_PREFIX}0", _BAD_SEGMENT_BYTES)
    return Sink("log", good, bad)


def _settings(arguments: argparse.Namespace, environ: Mapping[str, str]) -> CollectorSettings:
    settings = files.read(CollectorSettings, arguments.config, environ, PREFIX)
    if arguments.port is not None:
        settings = msgspec.structs.replace(settings, port=arguments.port)
    if arguments.metrics_port is not None:
        metrics = msgspec.structs.replace(settings.metrics, port=arguments.metrics_port)
        settings = msgspec.structs.replace(settings, metrics=metrics)
    return settings


def _sink(arguments: argparse.Namespace, kept: Log, resources: ExitStack) -> Sink:
    if arguments.sink == "stdout":
        return stdout_sink(sys.stdout.buffer, sys.stderr.buffer)
    folder = arguments.log_dir
    if folder is None:
        workspace = Workspace.from_environment()
        workspace.prepare()
        folder = workspace.log
    return open_log(folder, kept, resources)


def _port(text: str) -> int:
    try:
        return msgspec.convert(text, Port, strict=False)
    except msgspec.ValidationError:
        raise argparse.ArgumentTypeError(f"{text!r} is no port, which is a number from 0 to 65535") from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="snowmelt collector", description="Collects events from Snowplow trackers.")
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings, TOML or JSON, with Snowplow's names")
    parser.add_argument("--sink", choices=("log", "stdout"), default="log", help="stdout: one base64 record a line")
    parser.add_argument("--port", type=_port, help="where trackers send to; 0 takes a free one")
    parser.add_argument("--metrics-port", type=_port, metavar="PORT", help="the Prometheus page; 0 takes a free one")
    parser.add_argument("--log-dir", type=Path, metavar="DIR", help="the log; bad rows and offsets lie beside it")
    return parser


if __name__ == "__main__":
    sys.exit(main())
