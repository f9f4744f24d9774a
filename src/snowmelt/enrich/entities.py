"""The self-describing JSON that came with an event: its own data if it is a self-describing event, and its entities.

Each is looked up and validated by itself, and what is wrong with any of them is told, not only the first.
"""

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from snowmelt.enrich.parameters import Absent, Embedded
from snowmelt.iglu.validation import Validator
from snowmelt.protocol import self_describing
from snowmelt.protocol.bad_rows import CriterionMismatch, SchemaMessage
from snowmelt.protocol.json_text import Json, dumps
from snowmelt.protocol.schema_key import SchemaCriterion, SchemaKey, SchemaVer
from snowmelt.protocol.self_describing import NotIglu, SelfDescribing

_SNOWPLOW: Final = "com.snowplowanalytics.snowplow"
_CONTEXTS: Final = SchemaCriterion(_SNOWPLOW, "contexts", "jsonschema", 1, 0)
_UNSTRUCT_EVENT: Final = SchemaCriterion(_SNOWPLOW, "unstruct_event", "jsonschema", 1, 0)
_VALIDATION_INFO: Final = SchemaKey("com.snowplowanalytics.iglu", "validation_info", "jsonschema", SchemaVer(1, 0, 0))

_CONTEXTS_OPENING: Final = f'{{"schema":"iglu:{_SNOWPLOW}/contexts/jsonschema/1-0-1","data":'
_UNSTRUCT_OPENING: Final = f'{{"schema":"iglu:{_SNOWPLOW}/unstruct_event/jsonschema/1-0-0","data":'


class Extracted(msgspec.Struct, frozen=True, gc=False):
    """What an event brought along, as text for its columns, and the schema of a self-describing event.

    `validation_infos` tell of data that was validated with another version than it names.
    """

    contexts: str | None
    unstruct_event: str | None
    event_key: SchemaKey | None
    validation_infos: Sequence[SelfDescribing]


def extract(embedded: Embedded, validator: Validator) -> Extracted | list[SchemaMessage]:
    """The validated JSON of an event, or all that is wrong with it, first with the entities."""
    problems: list[SchemaMessage] = []
    infos: dict[SchemaKey, SelfDescribing] = {}

    def accepted(value: Json) -> list[SelfDescribing]:
        """The self-describing JSON under the version it follows; none if there is a problem, which is noted."""
        document = self_describing.parse(value)
        if isinstance(document, NotIglu):
            problems.append(document)
            return []
        checked = validator.check(document)
        if not isinstance(checked, SelfDescribing):
            problems.append(checked.iglu_error())
            return []
        if checked is not document:
            infos[document.key] = _validation_info(document.key, checked.key.version)
        return [checked]

    def inside(value: "Json | Absent", criterion: SchemaCriterion) -> list[Json]:
        """The data of a wrapper; none if there is a problem, which is noted."""
        if isinstance(value, Absent):
            return []
        wrapper = _wrapper(value, criterion, validator)
        if isinstance(wrapper, SelfDescribing):
            return [wrapper.data]
        problems.append(wrapper)
        return []

    sent = [
        checked
        for data in inside(embedded.contexts, _CONTEXTS)
        for item in (data if isinstance(data, list) else [data])
        for checked in accepted(item)
    ]
    events = [checked for data in inside(embedded.unstruct_event, _UNSTRUCT_EVENT) for checked in accepted(data)]
    if problems:
        return problems
    return Extracted(
        contexts=_contexts_text(sent, embedded.contexts),
        unstruct_event=unstruct_event(dumps(events[0].to_json())) if events else None,
        event_key=events[0].key if events else None,
        validation_infos=list(infos.values()),
    )


def contexts(entities: Iterable[str]) -> str | None:
    """The text of a column of entities, each given as its own JSON text; None for none."""
    joined = ",".join(entities)
    return f"{_CONTEXTS_OPENING}[{joined}]}}" if joined else None


def unstruct_event(event: str) -> str:
    """The text of the column of a self-describing event, given as its own JSON text."""
    return f"{_UNSTRUCT_OPENING}{event}}}"


def _wrapper(value: Json, criterion: SchemaCriterion, validator: Validator) -> SelfDescribing | SchemaMessage:
    """The wrapper of entities or of an event, if it is the one expected and follows its schema."""
    document = self_describing.parse(value)
    if isinstance(document, NotIglu):
        return document
    if not criterion.matches(document.key):
        return CriterionMismatch(document.key, criterion)
    checked = validator.check(document)
    return checked if isinstance(checked, SelfDescribing) else checked.iglu_error()


def _contexts_text(entities: list[SelfDescribing], sent: "Json | Absent") -> str | None:
    """The column of entities; a wrapper that was sent empty stays as it was sent."""
    if entities:
        return contexts(dumps(entity.to_json()) for entity in entities)
    return None if isinstance(sent, Absent) else dumps(sent)


def _validation_info(key: SchemaKey, version: SchemaVer) -> SelfDescribing:
    return SelfDescribing(_VALIDATION_INFO, {"originalSchema": key.uri, "validatedWith": str(version)})
