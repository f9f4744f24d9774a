"""Bad rows for what the lake cannot hold, in the formats of Snowplow's loaders."""

from collections.abc import Sequence
from datetime import UTC, datetime

from snowmelt.iglu.resolver import Attempt, ResolutionFailure
from snowmelt.lake.entities import BrokenRegistry, Failure
from snowmelt.lake.rows import Refusal
from snowmelt.lake.typing import Array, Decimal, Scalar, Struct, Type
from snowmelt.protocol.bad_rows import (
    SCHEMAS,
    BadRow,
    IgluError,
    InvalidValue,
    Lookup,
    LookupProblem,
    Processor,
    ResolutionError,
    event_object,
    loader_parsing_error,
)
from snowmelt.protocol.enriched import EnrichedEvent, TsvError
from snowmelt.protocol.json_text import Json


def read_line(line: str, processor: Processor) -> EnrichedEvent | BadRow:
    """The event of one line of enriched TSV, without its line end, or why it is none."""
    try:
        return EnrichedEvent.from_tsv(line)
    except TsvError as error:
        return loader_parsing_error(processor, error, line)


def refused_event(event: EnrichedEvent, reasons: Sequence[Refusal], processor: Processor) -> BadRow:
    """The bad row of an event: texts that could not be read hide what else is wrong with it."""
    unread = [reason for reason in reasons if isinstance(reason, InvalidValue)]
    if unread:
        return loader_parsing_error(processor, unread, "\t".join(field or "" for field in event.fields))
    failures: list[Json] = [_message(reason) for reason in reasons if not isinstance(reason, InvalidValue)]
    kind = "loader_iglu_error"
    return BadRow(kind, SCHEMAS[kind], processor, failures, event_object(event))


def _message(failure: Failure) -> Json:
    match failure:
        case ResolutionFailure(key, history):
            return IgluError(key, ResolutionError([_lookup(attempt) for attempt in history])).to_json()
        case BrokenRegistry(key, message):
            return {"schemaKey": key.uri, "message": message}
        case _:
            misfit = failure.misfit
            return {"schemaKey": failure.key.uri, "value": misfit.value, "expected": type_name(misfit.expected)}


def _lookup(attempt: Attempt) -> Lookup:
    problem = LookupProblem.NOT_FOUND if attempt.failure is None else LookupProblem.REPO_FAILURE
    moment = datetime.fromtimestamp(attempt.last_attempt, UTC)
    return Lookup(attempt.repository, [(problem, attempt.failure)], attempt.attempts, moment)


def type_name(kind: Type) -> str:
    """The type in words, such as "array of integer" or "decimal(9,2)"."""
    match kind:
        case Scalar():
            return kind.value
        case Decimal(precision, scale):
            return f"decimal({precision},{scale})"
        case Array(element):
            return f"array of {type_name(element)}"
        case Struct():
            return "object"
