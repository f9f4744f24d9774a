"""The command `snowmelt enrich`."""

import argparse
import json
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from io import TextIOWrapper
from pathlib import Path

from snowmelt import __version__
from snowmelt.drain.application import Application, Progress, utc_now
from snowmelt.drain.lines import enrich_lines, enrich_lines_to_json
from snowmelt.drain.patience import Patience, patient
from snowmelt.drain.settings import EnrichSettings
from snowmelt.drain.sources import Source, bad_rows_of
from snowmelt.enrich.configuration import ConfigurationError, load_enrichments
from snowmelt.enrich.enrichments import Enrichments
from snowmelt.enrich.pipeline import ARTIFACT, Enricher
from snowmelt.iglu.configuration import ResolverConfigError
from snowmelt.iglu.registry import RegistryFailure
from snowmelt.iglu.resolver import Resolver, default_resolver
from snowmelt.lake.store import LakeError, LocalStore
from snowmelt.lake.writer import LakeWriter
from snowmelt.protocol.bad_rows import Processor
from snowmelt.settings import SettingsError, read
from snowmelt.streams.log import BAD_PREFIX, StreamError
from snowmelt.streams.offsets import SqliteOffsets
from snowmelt.streams.segments import SegmentReader
from snowmelt.workspace import Workspace, WorkspaceError

PROCESSOR = Processor(ARTIFACT, __version__)

_REASONS = (
    SettingsError,
    ConfigurationError,
    ResolverConfigError,
    RegistryFailure,
    WorkspaceError,
    StreamError,
    LakeError,
)
"""What keeps it from working; each is one sentence."""


def main(argv: Sequence[str]) -> int:
    """Runs the command and gives its exit code: 0, or 2 with one sentence when it cannot start or go on."""
    options = _parser().parse_args(argv)
    try:
        _start_logging(options)
        settings = read(EnrichSettings, options.config, os.environ, "SNOWMELT_ENRICH")
        resolver = _resolver(options.iglu_config)
        enrichments = load_enrichments(options.enrichments) if options.enrichments else Enrichments()
        enricher = Enricher(resolver, enrichments, PROCESSOR)
        if options.stdin:
            return _over_lines(options, settings, enricher)
        return _over_log(options, settings, resolver, enricher)
    except BrokenPipeError:
        raise  # who reads the lines has had enough: not an error of ours
    except OSError as error:
        kept = "" if options.stdin else "; nothing is lost: mend that and start it again"
        print(f"snowmelt enrich: {error}{kept}", file=sys.stderr)
        return 2
    except _REASONS as error:
        print(f"snowmelt enrich: {error}", file=sys.stderr)
        return 2


def _resolver(file: Path | None) -> Resolver:
    """One that insists on answers: a registry that is down delays events, it never makes good ones bad."""
    return default_resolver(insists=True) if file is None else Resolver.from_file(file, insists=True)


def _over_lines(options: argparse.Namespace, settings: EnrichSettings, enricher: Enricher) -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace", newline="\n")  # whatever the locale is
    process = patient(enricher.process, Patience(settings.registry_patience), time.sleep)
    if options.json:
        enrich_lines_to_json(sys.stdin.buffer, process, sys.stdout, utc_now)
    else:
        enrich_lines(sys.stdin.buffer, process, sys.stdout, sys.stderr, utc_now)
    return 0


def _over_log(options: argparse.Namespace, settings: EnrichSettings, resolver: Resolver, enricher: Enricher) -> int:
    workspace = Workspace.from_environment()
    workspace.prepare()
    payloads = Path(settings.input.path or workspace.log)
    store = LocalStore(Path(settings.output.path or workspace.lake))
    sources = [
        Source("", SegmentReader(payloads), enricher.process),
        Source(BAD_PREFIX, SegmentReader(payloads.parent / "bad"), bad_rows_of(PROCESSOR)),
    ]
    log = logging.getLogger("snowmelt.enrich")
    log.info("enriching %s into %s", payloads, store.root)

    def report(progress: Progress) -> None:
        if options.progress:
            print(json.dumps({"records": progress.records, "folders": progress.folders}), flush=True)

    with _stop_on_signal() as stopped, store.sole_writer(), closing(SqliteOffsets(workspace.offsets)) as offsets:
        lake = LakeWriter(store, resolver, PROCESSOR, utc_now)
        patience = Patience(settings.registry_patience if options.once else None)
        application = Application(sources, offsets, lake, settings, patience=patience)
        progress = application.run(stopped, once=options.once, report=report)
    log.info("%d records gave %d good events and %d bad rows", progress.records, progress.good, progress.bad)
    return 0


@contextmanager
def _stop_on_signal() -> Iterator[threading.Event]:
    """An event that SIGINT and SIGTERM set for the time of a ``with`` block: what is under way is finished first."""
    stopped = threading.Event()
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda *_: stopped.set()) for number in numbers]
    try:
        yield stopped
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def _start_logging(options: argparse.Namespace) -> None:
    """Logs go to --log-file; with --stdin, where standard error carries bad rows, they are off without one."""
    form = "%(asctime)s %(levelname)s %(name)s %(message)s"
    if options.log_file:
        logging.basicConfig(filename=options.log_file, level=logging.INFO, format=form)
    elif options.stdin:
        logging.disable()
    else:
        logging.basicConfig(stream=sys.stderr, level=logging.INFO, format=form)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="snowmelt enrich", description="Validate and enrich collector payloads: from the log into the lake."
    )
    parser.add_argument("--config", type=Path, help="settings, TOML or JSON")
    parser.add_argument("--iglu-config", type=Path, help="resolver configuration JSON; default: the built-in schemas")
    parser.add_argument("--enrichments", type=Path, help="folder of enrichment JSONs; default: none is on")
    parser.add_argument("--once", action="store_true", help="stop when the log holds nothing new")
    parser.add_argument("--progress", action="store_true", help="print totals to standard output, a JSON a line")
    parser.add_argument("--log-file", type=Path, help="write logs here")
    lines = parser.add_argument_group("over lines instead of the log")
    lines.add_argument("--stdin", action="store_true", help="read one base64 record a line; TSV to standard output")
    lines.add_argument("--json", action="store_true", help='write {"good": […], "bad": […]} a record instead')
    return parser
