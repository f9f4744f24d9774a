"""Bad rows for what the lake cannot hold, in the formats of Snowplow's loaders."""

from collections.abc import Sequence

from snowmelt.iglu.resolver import ResolutionFailure
from snowmelt.lake.entities import Failure, WrongValue
from snowmelt.lake.rows import Refusal
from snowmelt.lake.typing import Array, Decimal, Scalar, Struct, Type
from snowmelt.protocol.bad_rows import (
    BadRow,
    IgluError,
    InvalidValue,
    LoaderMessage,
    Processor,
    WrongType,
    loader_iglu_error,
    loader_parsing_error,
)
from snowmelt.protocol.enriched import EnrichedEvent


def refused_event(event: EnrichedEvent, reasons: Sequence[Refusal], processor: Processor) -> BadRow:
    """The bad row of an event: texts that could not be read hide what else is wrong with it."""
    unread = [reason for reason in reasons if isinstance(reason, InvalidValue)]
    if unread:
        return loader_parsing_error(processor, unread, "\t".join(field or "" for field in event.fields))
    messages = [_message(reason) for reason in reasons if not isinstance(reason, InvalidValue)]
    return loader_iglu_error(processor, messages, event)


def _message(failure: Failure) -> LoaderMessage:
    match failure:
        case ResolutionFailure(key=key):
            return IgluError(key, failure.error())
        case WrongValue(key, misfit):
            return WrongType(key, misfit.value, type_name(misfit.expected))


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
