"""Writes run folders: each position of the log is in exactly one whole folder, however often the writer is killed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from snowmelt.iglu.resolver import Resolver
from snowmelt.lake import run_folder
from snowmelt.lake.refusals import refused_event
from snowmelt.lake.rows import MOMENT, rows
from snowmelt.lake.run_folder import Marker, Positions
from snowmelt.lake.store import Store
from snowmelt.protocol.bad_rows import BadRow, Processor, bad_row_id, flatten
from snowmelt.protocol.enriched import EnrichedEvent

_BAD_ROW_FIELDS: "list[pa.Field[Any]]" = [
    pa.field("bad_row_id", pa.string(), nullable=False),
    pa.field("schema", pa.string(), nullable=False),
    pa.field("kind", pa.string(), nullable=False),
    pa.field("failure_tstamp", MOMENT),
    pa.field("vendor", pa.string()),
    pa.field("app_id", pa.string()),
    pa.field("first_message", pa.string()),
    pa.field("processor", pa.string(), nullable=False),
    pa.field("payload", pa.string(), nullable=False),
]
BAD_ROWS_SCHEMA = pa.schema(_BAD_ROW_FIELDS)
"""The columns of `atomic.bad_rows` that the lake gives."""

_UNIQUE_COLUMNS = frozenset({"event_id", "event_fingerprint", "bad_row_id", "payload"})
"""Columns of ever new values, for which a dictionary costs and saves nothing."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What a stretch of the log became."""

    first: Mapping[str, str]
    """Partition -> position of the first record."""
    last: Mapping[str, str]
    """Partition -> position of the last record."""
    records: int
    bad_records: int
    """Records that became one bad row as a whole."""
    good: Sequence[EnrichedEvent]
    bad: Sequence[tuple[str, BadRow]]
    """(bad_row_id, bad row), of events and of whole records."""
    started: datetime


@dataclass(frozen=True, slots=True)
class RunFolder:
    """A folder that is whole. ``good`` are events, ``bad`` bad rows, those of whole records included."""

    name: str
    base: str
    records: int
    bad_records: int
    good: int
    bad: int


class LakeWriter:
    """The only writer of a lake: ``resume``, then ``write`` batch after batch; after an error ``resume`` again."""

    def __init__(self, store: Store, resolver: Resolver, processor: Processor, clock: Callable[[], datetime]) -> None:
        """``processor`` signs markers and the bad rows the lake itself makes; ``clock`` gives aware datetimes."""
        self._store = store
        self._resolver = resolver
        self._processor = processor
        self._clock = clock
        self._reached: dict[str, str] | None = None
        self._newest = ""

    def resume(self) -> dict[str, str]:
        """Partition -> last position in the lake. Folders without a marker are removed: nobody may have read them.

        Raises LakeError when the newest whole folder does not say its positions.
        """
        self._reached = None
        whole, unfinished = run_folder.runs(self._store.list("run="))
        for name in unfinished:
            self._store.delete(f"{name}/")
        self._newest = whole[-1] if whole else ""
        self._reached = run_folder.read_positions(self._store, self._newest).reached if whole else {}
        return dict(self._reached)

    def write(self, batch: Batch) -> RunFolder:
        """The batch as a whole folder, on disk when this returns. After an exception nobody knows: ``resume`` says.

        But for RegistryFailure: then nothing has been written yet, and the same batch may be given again.
        """
        if self._reached is None:
            raise RuntimeError("call resume() before write(): only the lake knows what is in it already")
        found = rows(batch.good, self._resolver)
        reached, self._reached = {**self._reached, **batch.last}, None
        name = self._name(batch)
        base = self._store.uri(f"{name}/")
        bad = [*batch.bad, *self._refused(batch, found.refused)]
        good = found.table.num_rows
        if good:
            self._store.put(f"{name}/{run_folder.GOOD}", parquet(found.table))
        if bad:
            lines = "".join(f"{row.to_json()}\n" for _, row in bad)
            self._store.put(f"{name}/{run_folder.BAD}", lines.encode())
            self._store.put(f"{name}/{run_folder.BAD_ROWS}", parquet(bad_rows_table(bad)))
        positions = Positions(
            dict(batch.first), dict(batch.last), reached, batch.records, batch.bad_records, good, len(bad)
        )
        self._store.put(f"{name}/{run_folder.POSITIONS}", run_folder.encode(positions))
        marker = Marker.of(
            base,
            found.types,
            batch.started,
            self._clock(),
            _span(found.table),
            (self._processor.artifact, self._processor.version),
            (good, len(bad)),
        )
        self._store.put(f"{name}/{run_folder.MARKER}", run_folder.encode(marker))
        self._reached, self._newest = reached, name
        return RunFolder(name, base, batch.records, batch.bad_records, good, len(bad))

    def _name(self, batch: Batch) -> str:
        """A name after every other in order, so that the newest folder is the last, even if the clock was set back."""
        started = batch.started.astimezone(UTC).replace(microsecond=0)
        if self._newest:
            started = max(started, run_folder.started_at(self._newest) + timedelta(seconds=1))
        return run_folder.run_name(started, batch.first)

    def _refused(self, batch: Batch, refused: Mapping[int, Any]) -> list[tuple[str, BadRow]]:
        """Bad rows of events that no table holds; their ids come from the batch, which a retry reads again."""
        source = "lake " + " ".join(f"{name}/{place}" for name, place in sorted(batch.first.items()))
        made = ((row, refused_event(batch.good[row], refused[row], self._processor)) for row in sorted(refused))
        return [(bad_row_id(source, index, row.kind), row) for index, row in made]


def bad_rows_table(bad: Sequence[tuple[str, BadRow]]) -> pa.Table:
    """Bad rows as `atomic.bad_rows` has them."""
    lines = [{"bad_row_id": identity, **asdict(flatten(row))} for identity, row in bad]
    return pa.Table.from_pylist(lines, BAD_ROWS_SCHEMA)


def parquet(table: pa.Table) -> bytes:
    """The table as a Parquet file: zstd, INT64 microseconds in UTC, decimals as integers, statistics where useful."""
    sink = BytesIO()
    pq.write_table(
        table,
        sink,
        compression="zstd",
        compression_level=1,
        use_dictionary=[  # type: ignore[arg-type]  # the stubs know only bool
            path for path in _leaf_paths(table.schema) if path not in _UNIQUE_COLUMNS
        ],
        write_statistics=["collector_tstamp"] if "collector_tstamp" in table.schema.names else False,
        coerce_timestamps="us",
        store_schema=False,
        store_decimal_as_integer=True,
    )
    return sink.getvalue()


def _leaf_paths(schema: pa.Schema) -> list[str]:
    return [path for field in schema for path in _paths(field.name, field.type)]


def _paths(name: str, kind: pa.DataType) -> list[str]:
    if pa.types.is_list(kind):
        return _paths(f"{name}.list.element", kind.value_type)
    if pa.types.is_struct(kind):
        return [path for field in kind for path in _paths(f"{name}.{field.name}", field.type)]
    return [name]


def _span(table: pa.Table) -> tuple[datetime | None, datetime | None]:
    times = table["collector_tstamp"]
    return pc.min(times).as_py(), pc.max(times).as_py()
