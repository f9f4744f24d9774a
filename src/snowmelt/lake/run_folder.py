"""The run folder: its name, the sidecar with its positions, and the marker that says it is whole.

Layout as Snowplow's transformer has it, wide rows in Parquet, with two things of ours beside: the sidecar, and the bad
rows a second time as a table.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

import msgspec

from snowmelt.lake.columns import Entity
from snowmelt.lake.store import LakeError, Store
from snowmelt.protocol.schema_key import SchemaKey

GOOD: Final = "output=good/part-00000.parquet"
"""Enriched events: the 128 atomic columns and one for each schema model."""

BAD: Final = "output=bad/part-00000.json"
"""Bad rows as published, one a line."""

BAD_ROWS: Final = "output=bad_rows/part-00000.parquet"
"""The same bad rows as `atomic.bad_rows` has them."""

POSITIONS: Final = "positions.json"
MARKER: Final = "shredding_complete.json"

MARKER_SCHEMA: Final = "iglu:com.snowplowanalytics.snowplow.storage.rdbloader/shredding_complete/jsonschema/2-0-1"
_ACCEPTED: Final = frozenset(
    {MARKER_SCHEMA, "iglu:com.snowplowanalytics.snowplow.storage/shredding_complete/jsonschema/2-0-1"}
)  # the one Snowplow writes, and the one Iglu Central registers
_NAME = re.compile(r"run=\d{4}(-\d\d){5}[A-Za-z0-9._-]*")


class MarkerError(ValueError):
    """A marker that cannot be read; the message is one sentence."""


class Positions(msgspec.Struct, frozen=True, rename="camel"):
    """The sidecar: which records of the log the folder holds, and what they became."""

    first: dict[str, str]
    # Partition -> position of the first record in the folder.
    last: dict[str, str]
    # Partition -> position of the last record in the folder.
    reached: dict[str, str]
    # Partition -> last position of any folder up to this one: where reading goes on.
    records: int
    # Records read from the log.
    bad_records: int
    # Records that became one bad row as a whole.
    good: int
    # Events in output=good.
    bad: int
    # Bad rows in output=bad, those of whole records included.


class _Type(msgspec.Struct, frozen=True, rename="camel"):
    schema_key: str
    snowplow_entity: Entity


class _Types(msgspec.Struct, frozen=True, rename="camel"):
    transformation: str
    types: tuple[_Type, ...]
    file_format: str = ""


class _Timestamps(msgspec.Struct, frozen=True, rename="camel"):
    job_started: datetime
    job_completed: datetime
    min: datetime | None = None
    max: datetime | None = None


class _Processor(msgspec.Struct, frozen=True):
    artifact: str
    version: str


class _Count(msgspec.Struct, frozen=True):
    good: int
    bad: int | None = None


class Marker(msgspec.Struct, frozen=True, rename="camel"):
    """The message that a folder is whole (schema shredding_complete 2-0-1)."""

    base: str
    types_info: _Types
    timestamps: _Timestamps
    compression: str
    processor: _Processor
    count: _Count | None = None

    @classmethod
    def of(
        cls,
        base: str,
        types: Iterable[tuple[SchemaKey, Entity]],
        started: datetime,
        completed: datetime,
        collected: tuple[datetime | None, datetime | None],
        processor: tuple[str, str],
        count: tuple[int, int],
    ) -> "Marker":
        """The marker of a folder of ours. Times are aware; ``collected`` is the span of collector_tstamp."""
        return cls(
            base,
            _Types("WIDEROW", tuple(_Type(key.uri, entity) for key, entity in types), "PARQUET"),
            _Timestamps(started, completed, *collected),
            "NONE",
            _Processor(*processor),
            _Count(*count),
        )


class _Envelope(msgspec.Struct, frozen=True):
    schema: str
    data: msgspec.Raw


def encode(value: Marker | Positions) -> bytes:
    """The file of a marker or of a sidecar."""
    if isinstance(value, Marker):
        return msgspec.json.encode({"schema": MARKER_SCHEMA, "data": value})
    return msgspec.json.encode(value)


def decode_marker(data: bytes) -> Marker:
    """The marker in a file, of ours or of Snowplow's transformer. Raises MarkerError."""
    try:
        envelope = msgspec.json.decode(data, type=_Envelope)
        if envelope.schema not in _ACCEPTED:
            raise MarkerError(f"the marker follows {envelope.schema}, which is not read here")
        marker = msgspec.json.decode(envelope.data, type=Marker)
    except msgspec.MsgspecError as error:
        raise MarkerError(f"the marker is not valid: {error}") from None
    if (marker.types_info.transformation, marker.types_info.file_format) != ("WIDEROW", "PARQUET"):
        raise MarkerError("only run folders of wide rows in Parquet are read here")
    return marker


def decode_positions(data: bytes) -> Positions:
    """The sidecar in a file. Raises msgspec.MsgspecError."""
    return msgspec.json.decode(data, type=Positions)


def read_positions(store: Store, name: str) -> Positions:
    """The sidecar of a whole folder. Raises LakeError when it is missing or damaged: it cannot be made anew."""
    key = f"{name}/{POSITIONS}"
    try:
        return decode_positions(store.get(key))
    except (FileNotFoundError, msgspec.MsgspecError):
        raise LakeError(
            f"{store.uri(key)} is missing or damaged, and it alone says what the folder holds: put it back from a copy"
        ) from None


def run_name(started: datetime, first: Mapping[str, str]) -> str:
    """The folder's name: the UTC second it was started, and a digest of the positions it begins with."""
    digest = hashlib.sha256("\n".join(f"{name} {place}" for name, place in sorted(first.items())).encode()).hexdigest()
    return f"run={started:%Y-%m-%d-%H-%M-%S}-{digest[:12]}"


def run_of(key: str) -> str | None:
    """The name of the run folder that a key lies in, None for another key."""
    name, slash, _ = key.partition("/")
    return name if slash and _NAME.fullmatch(name) else None


def started_at(name: str) -> datetime:
    """The UTC second in a folder's name."""
    return datetime.strptime(name.removeprefix("run=")[:19] + "+0000", "%Y-%m-%d-%H-%M-%S%z")


def runs(keys: Iterable[str]) -> tuple[list[str], list[str]]:
    """Names of the whole run folders and of those without a marker, each oldest first."""
    names: dict[str, bool] = {}
    for key in keys:
        if name := run_of(key):
            names[name] = names.get(name, False) or key == f"{name}/{MARKER}"
    return sorted(name for name in names if names[name]), sorted(name for name in names if not names[name])
