"""How far the newest event has got: when each stage last passed something on."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from snowmelt.lake import run_folder
from snowmelt.lake.store import LocalStore
from snowmelt.loader.manifest import Run, State
from snowmelt.protocol.collector_payload import PayloadError, decode
from snowmelt.streams.log import Entry
from snowmelt.streams.segments import SegmentReader
from snowmelt.workspace import Workspace

_RECORDS, _BYTES = 2000, 16 * 1024 * 1024
"""Read at a time."""


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest of something, None where there is none yet."""

    what: str
    when: datetime | None


def newest(workspace: Workspace, runs: Iterable[Run]) -> list[Newest]:
    """The newest of each stage in the order of the way of an event; ``runs`` are the warehouse's."""
    known = list(runs)
    store = LocalStore(workspace.lake)
    whole, _ = run_folder.runs(store.list("run="))
    folder = whole[-1] if whole else None
    return [
        Newest("record in the log", _last_record(workspace, store, folder)),
        Newest("run folder in the lake", _last_change([workspace.lake / folder / run_folder.MARKER] if folder else [])),
        Newest("run loaded", _last(run.loaded_tstamp for run in known)),
        Newest("run released", _last(run.released_tstamp for run in known)),
        Newest("marts published", _last_change([workspace.published])),
        Newest("dashboard", _last_change([workspace.reports / "dashboard.html"])),
    ]


def held(runs: Iterable[Run]) -> list[Run]:
    """The runs that are kept from the models."""
    return [run for run in runs if run.state is State.HELD]


def ago(moment: datetime | None, now: datetime) -> str:
    """A moment as people say it: in the largest unit of which it has been at least two, and in seconds at least."""
    if moment is None:
        return "never"
    seconds = max(0, int((now - moment).total_seconds()))
    for size, unit in ((86_400, "days"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit} ago"
    return f"{seconds} s ago"


def _last_record(workspace: Workspace, store: LocalStore, folder: str | None) -> datetime | None:
    """When the newest record was collected, good or not: it waits in the log, or else the newest run folder has it."""
    reached = run_folder.read_positions(store, folder).reached if folder else {}
    moments = [_collected(entry.data) for entry in _waiting(SegmentReader(workspace.log), reached)]
    if folder and not any(moments):
        marker = run_folder.decode_marker(store.get(f"{folder}/{run_folder.MARKER}"))
        moments.append(marker.timestamps.max or run_folder.started_at(folder))  # of bad rows alone it has no time
    return _last(moments)


def _waiting(reader: SegmentReader, reached: Mapping[str, str]) -> Iterator[Entry]:
    """The records that no run folder holds yet."""
    for partition in reader.partitions():
        position: str | None = reached.get(partition)
        while entries := reader.read(partition, position, _RECORDS, _BYTES):
            yield from entries
            position = entries[-1].position


def _collected(record: bytes) -> datetime | None:
    try:
        return datetime.fromtimestamp(decode(record).timestamp / 1000, UTC)
    except PayloadError:
        return None


def _last_change(files: Iterable[Path]) -> datetime | None:
    return _last(datetime.fromtimestamp(file.stat().st_mtime, UTC) for file in files if file.exists())


def _last(moments: Iterable[datetime | None]) -> datetime | None:
    return max((moment for moment in moments if moment is not None), default=None)
