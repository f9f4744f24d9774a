"""What the tests of lake and loader put in the place of registries, stores and clocks."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from snowmelt.iglu.registry import SchemaBody
from snowmelt.iglu.resolver import Resolver
from snowmelt.lake.writer import Batch
from snowmelt.protocol.bad_rows import Processor
from snowmelt.protocol.enriched import EnrichedEvent
from snowmelt.protocol.json_text import Json, dumps
from snowmelt.protocol.schema_key import SchemaKey, SchemaVer

PROCESSOR = Processor("snowmelt-enrich", "0.1.0")
START = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)
CONTEXTS = "iglu:com.snowplowanalytics.snowplow/contexts/jsonschema/1-0-1"
UNSTRUCT = "iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0"


class MemoryRegistry:
    """Schemas given as Iglu URI -> body."""

    name = "memory"
    class_priority = 1
    priority = 0
    vendor_prefixes = ()

    def __init__(self, schemas: Mapping[str, SchemaBody]) -> None:
        self.schemas = {SchemaKey.parse(uri): body for uri, body in schemas.items()}

    def lookup(self, key: SchemaKey) -> SchemaBody | None:
        return self.schemas.get(key)

    def versions(self, vendor: str, name: str, model: int) -> list[SchemaVer]:
        return [
            key.version for key in self.schemas if (key.vendor, key.name, key.version.model) == (vendor, name, model)
        ]


def resolver(schemas: Mapping[str, SchemaBody]) -> Resolver:
    return Resolver([MemoryRegistry(schemas)], clock=START.timestamp)


def thing(properties: Mapping[str, Json], required: Sequence[str] = ()) -> SchemaBody:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": False,
    }


class Clock:
    """Each look at it is a second later."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


def sdj(uri: str, data: Json) -> Json:
    return {"schema": uri, "data": data}


def event(
    number: int = 0,
    contexts: Sequence[Json] | str = (),
    unstruct: Json = None,
    derived: Sequence[Json] = (),
    **columns: str | None,
) -> EnrichedEvent:
    """An event with every column a table requires, the given ones, and self-describing JSONs."""
    required = {
        "event_id": f"00000000-0000-4000-8000-{number:012d}",
        "collector_tstamp": "2026-11-24 12:00:00.123",
        "v_collector": "snowmelt-collector-0.1.0",
        "v_etl": "snowmelt-enrich-0.1.0",
    }
    jsons = {
        "contexts": contexts
        if isinstance(contexts, str)
        else dumps(sdj(CONTEXTS, list(contexts)))
        if contexts
        else None,
        "unstruct_event": dumps(sdj(UNSTRUCT, unstruct)) if unstruct else None,
        "derived_contexts": dumps(sdj(CONTEXTS, list(derived))) if derived else None,
    }
    return EnrichedEvent.of({**required, **jsons, **columns})


def batch(*events: EnrichedEvent, positions: Mapping[str, Sequence[str]] | None = None, **changes: object) -> Batch:
    """A batch of these events, by default one record an event, from these positions of each partition."""
    positions = positions or {"0": ["00"]}
    values = {
        "first": {name: places[0] for name, places in positions.items()},
        "last": {name: places[-1] for name, places in positions.items()},
        "records": len(events),
        "bad_records": 0,
        "good": events,
        "bad": (),
        "started": START,
        **changes,
    }
    return Batch(**values)


class MemoryStore:
    """A store that forgets nothing and syncs nothing."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def put(self, key: str, data: bytes) -> None:
        self.files[key] = data

    def get(self, key: str) -> bytes:
        try:
            return self.files[key]
        except KeyError:
            raise FileNotFoundError(key) from None

    def list(self, prefix: str) -> list[str]:
        return sorted(key for key in self.files if key.startswith(prefix))

    def delete(self, prefix: str) -> None:
        for key in reversed(self.list(prefix)):
            self.remove(key)

    def remove(self, key: str) -> None:
        del self.files[key]

    def uri(self, key: str) -> str:
        return f"memory:/{key}"


class Crash(BaseException):
    """The process dies here. Not an Exception: nothing that catches errors may survive it."""


class CrashingStore(MemoryStore):
    """Dies at the given change to a file, counted from 0, before or after it takes effect. ``files`` is the disk."""

    def __init__(self, files: dict[str, bytes], at: int, after: bool) -> None:
        super().__init__()
        self.files = files
        self.at = at
        self.after = after
        self.changes = 0

    def put(self, key: str, data: bytes) -> None:
        self._change(lambda: super(CrashingStore, self).put(key, data))

    def remove(self, key: str) -> None:
        self._change(lambda: super(CrashingStore, self).remove(key))

    def _change(self, change: Callable[[], None]) -> None:
        dies = self.changes == self.at
        self.changes += 1
        if dies and not self.after:
            raise Crash
        change()
        if dies:
            raise Crash
