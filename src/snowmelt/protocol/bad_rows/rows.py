"""The bad rows of Snowplow's pipeline, one constructor a type, each in the newest version of its schema."""

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final, Self

from snowmelt.protocol import json_text, self_describing, timestamps
from snowmelt.protocol.bad_rows import limits
from snowmelt.protocol.bad_rows.limits import cut
from snowmelt.protocol.bad_rows.messages import (
    AdapterMessage,
    EnrichmentFailure,
    InputData,
    InvalidValue,
    LoaderMessage,
    SchemaMessage,
    SimpleError,
    TrackerMessage,
)
from snowmelt.protocol.bad_rows.payloads import event_object
from snowmelt.protocol.enriched import EnrichedEvent, TsvError
from snowmelt.protocol.json_text import Json
from snowmelt.protocol.schema_key import SchemaKey, SchemaVer
from snowmelt.protocol.self_describing import NotIglu

VENDOR: Final = "com.snowplowanalytics.snowplow.badrows"

_VERSIONS: Final = {
    "adapter_failures": SchemaVer(1, 0, 0),
    "collector_payload_format_violation": SchemaVer(1, 0, 0),
    "enrichment_failures": SchemaVer(2, 0, 1),
    "generic_error": SchemaVer(1, 0, 0),
    "loader_iglu_error": SchemaVer(2, 0, 1),
    "loader_parsing_error": SchemaVer(2, 0, 0),
    "loader_recovery_error": SchemaVer(1, 0, 0),
    "loader_runtime_error": SchemaVer(1, 0, 1),
    "recovery_error": SchemaVer(1, 0, 1),
    "schema_violations": SchemaVer(2, 0, 1),
    "size_violation": SchemaVer(1, 0, 0),
    "tracker_protocol_violations": SchemaVer(1, 0, 1),
}
SCHEMAS: Final[Mapping[str, SchemaKey]] = MappingProxyType(
    {kind: SchemaKey(VENDOR, kind, "jsonschema", version) for kind, version in _VERSIONS.items()}
)
"""Bad-row type -> the schema it is written with."""

_PROCESSOR_VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+.*")


@dataclass(frozen=True, slots=True)
class Processor:
    """The application that made a bad row. ValueError for a name or version the schemas refuse."""

    artifact: str
    version: str

    def __post_init__(self) -> None:
        too_long = len(self.artifact) > limits.ARTIFACT or len(self.version) > limits.PROCESSOR_VERSION
        if too_long or not _PROCESSOR_VERSION.fullmatch(self.version):
            raise ValueError(f"{self.artifact} {self.version}: a processor's version looks like 1.2.3")

    def __str__(self) -> str:
        """The form of `v_etl`: "snowmelt-enrich-0.1.0"."""
        return f"{self.artifact}-{self.version}"


@dataclass(frozen=True, slots=True)
class BadRow:
    """Data that could not go on, and why. `kind` is the name in `schema`; `recoveries` only recovery_error has."""

    kind: str
    schema: SchemaKey
    processor: Processor
    failure: Json
    payload: Json
    recoveries: int | None = None

    @classmethod
    def parse(cls, text: str | bytes) -> Self | None:
        """The bad row in a line of text, of any type and version; None for anything that is no bad row."""
        try:
            found = self_describing.parse(json_text.loads(text))
        except ValueError:
            return None
        if isinstance(found, NotIglu) or found.key.vendor != VENDOR or not isinstance(found.data, dict):
            return None
        match found.data:
            case {"processor": {"artifact": str(artifact), "version": str(version)}, "failure": failure, **rest}:
                try:
                    processor = Processor(artifact, version)
                except ValueError:
                    return None
                recoveries = rest.get("recoveries")
                counted = recoveries if isinstance(recoveries, int) else None
                return cls(found.key.name, found.key, processor, failure, rest.get("payload"), counted)
            case _:
                return None

    def to_object(self) -> dict[str, Json]:
        """The self-describing JSON of the row."""
        data: dict[str, Json] = {
            "processor": {"artifact": self.processor.artifact, "version": self.processor.version},
            "failure": self.failure,
            "payload": self.payload,
        }
        if self.recoveries is not None:
            data["recoveries"] = self.recoveries
        return {"schema": self.schema.uri, "data": data}

    def to_json(self) -> str:
        """The same as one line of text."""
        return json_text.dumps(self.to_object())


def size_violation(
    processor: Processor, now: datetime, maximum: int, actual: int, expectation: str, payload: str
) -> BadRow:
    """Data larger than its stream admits. Sizes are bytes; `payload` is what the caller keeps of it."""
    failure: dict[str, Json] = {
        "timestamp": timestamps.iso(now),
        "maximumAllowedSizeBytes": min(maximum, limits.SIZE),
        "actualSizeBytes": min(actual, limits.SIZE),
        "expectation": cut(expectation, limits.EXPECTATION),
    }
    return _row("size_violation", processor, failure, payload)


def collector_payload_format_violation(
    processor: Processor, now: datetime, message: SimpleError | InputData, record: bytes
) -> BadRow:
    """A record that is no collector payload, or whose parts enrich cannot take apart."""
    said = message.to_json("payloadField") if isinstance(message, InputData) else message.to_json()
    failure: dict[str, Json] = {"timestamp": timestamps.iso(now), "loader": "thrift", "message": said}
    return _row("collector_payload_format_violation", processor, failure, base64.b64encode(record).decode())


def adapter_failures(
    processor: Processor, now: datetime, messages: Sequence[AdapterMessage], payload: dict[str, Json]
) -> BadRow:
    """A request that its adapter could not turn into events. `payload` is a `collector_payload_object`."""
    return _row("adapter_failures", processor, _of_adapter(now, messages, payload), payload)


def tracker_protocol_violations(
    processor: Processor, now: datetime, messages: Sequence[TrackerMessage], payload: dict[str, Json]
) -> BadRow:
    """A request that breaks the tracker protocol. `payload` is a `collector_payload_object`."""
    return _row("tracker_protocol_violations", processor, _of_adapter(now, messages, payload), payload)


def schema_violations(
    processor: Processor, now: datetime, messages: Sequence[SchemaMessage], payload: dict[str, Json]
) -> BadRow:
    """An event with JSON that is not self-describing or not valid. `payload` is an `enrichment_payload_object`."""
    return _row("schema_violations", processor, _of_event(now, messages), payload)


def enrichment_failures(
    processor: Processor, now: datetime, messages: Sequence[EnrichmentFailure], payload: dict[str, Json]
) -> BadRow:
    """An event that enrich could not finish. `payload` is an `enrichment_payload_object`."""
    return _row("enrichment_failures", processor, _of_event(now, messages), payload)


def generic_error(processor: Processor, now: datetime, errors: Sequence[str], payload: str) -> BadRow:
    """A failure that no other type describes; there is at least one error."""
    if not errors:
        raise ValueError("a generic error says at least one thing")
    failure: dict[str, Json] = {"timestamp": timestamps.iso(now), "errors": list(errors)}
    return _row("generic_error", processor, failure, payload)


def loader_parsing_error(processor: Processor, failure: TsvError | Sequence[InvalidValue], line: str) -> BadRow:
    """A line that is no enriched event, or has columns that cannot be read (at least one)."""
    said: dict[str, Json]
    if not isinstance(failure, TsvError):
        if not failure:
            raise ValueError("a loader parsing error names at least one value")
        said = {"type": "RowDecodingError", "errors": [value.to_json() for value in failure]}
    elif failure.field_count is None:
        said = {"type": "NotTSV"}
    else:
        said = {"type": "FieldNumberMismatch", "fieldCount": min(failure.field_count, limits.FIELD_COUNT)}
    return _row("loader_parsing_error", processor, said, line)


def loader_iglu_error(processor: Processor, messages: Sequence[LoaderMessage], event: EnrichedEvent) -> BadRow:
    """An event with entities that the lake has no place for."""
    failure: list[Json] = [message.to_json() for message in messages]
    return _row("loader_iglu_error", processor, failure, event_object(event))


def loader_runtime_error(processor: Processor, error: str, event: EnrichedEvent) -> BadRow:
    """An event the loader failed on for another reason."""
    return _row("loader_runtime_error", processor, error, event_object(event))


def loader_recovery_error(processor: Processor, message: str, location: Sequence[str], payload: str) -> BadRow:
    """A row a warehouse refused; `location` names the places in it."""
    failure: dict[str, Json] = {"error": {"message": message, "location": list(location)}}
    return _row("loader_recovery_error", processor, failure, payload)


def recovery_error(
    processor: Processor, error: str, row: BadRow, recoveries: int, config_name: str | None = None
) -> BadRow:
    """A bad row that could not be repaired, after so many attempts. ValueError for types the schema does not admit."""
    if row.kind in ("recovery_error", "generic_error"):
        raise ValueError(f"{row.kind} is no bad row to recover")
    failure: dict[str, Json] = {"error": error, "configName": config_name}
    kind = "recovery_error"
    return BadRow(kind, SCHEMAS[kind], processor, failure, row.to_object(), recoveries)


def _row(kind: str, processor: Processor, failure: Json, payload: Json) -> BadRow:
    return BadRow(kind, SCHEMAS[kind], processor, failure, payload)


def _of_adapter(now: datetime, messages: Sequence[TrackerMessage], payload: dict[str, Json]) -> dict[str, Json]:
    return {
        "timestamp": timestamps.iso(now),
        "vendor": payload["vendor"],
        "version": payload["version"],
        "messages": [message.to_json() for message in messages],
    }


def _of_event(now: datetime, messages: Sequence[SchemaMessage | EnrichmentFailure]) -> dict[str, Json]:
    return {"timestamp": timestamps.iso(now), "messages": [message.to_json() for message in messages]}
