"""The exact way of a record through enrich: request, adapter, parameters, entities, enrichments, lengths.

The order decides which bad row an event becomes when several things are wrong with it: unreadable parameters hide
invalid entities, those hide failed enrichments, and these texts that are too long. It is the order of OpenSnowcat's
enrich, the Apache-2.0 line of Snowplow's.
"""

import base64
import traceback
from collections.abc import MutableSequence, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Final, TypeAlias

import msgspec

from snowmelt.enrich import adapters, columns, entities, lengths, parameters, requests
from snowmelt.enrich.adapters import BrokenProtocol, NotAdapted
from snowmelt.enrich.derivations import Derivations
from snowmelt.enrich.enrichments import Enrichments
from snowmelt.enrich.entities import Extracted
from snowmelt.enrich.event_ids import event_id
from snowmelt.enrich.familiar import FamiliarEntities
from snowmelt.enrich.parameters import Absent, Embedded, Parameters
from snowmelt.enrich.requests import Request
from snowmelt.iglu.registry import RegistryFailure
from snowmelt.iglu.resolver import Resolver
from snowmelt.iglu.validation import Validator
from snowmelt.protocol import bad_rows, collector_payload, timestamps
from snowmelt.protocol.atomic import INDEX
from snowmelt.protocol.bad_rows import BadRow, EnrichmentFailure, InputData, Processor, SchemaMessage, SimpleError
from snowmelt.protocol.collector_payload import PayloadError
from snowmelt.protocol.enriched import EnrichedEvent
from snowmelt.protocol.json_text import Json, dumps

ARTIFACT: Final = "snowmelt-enrich"
"""The name of this application in bad rows and, with its version, in v_etl."""

_COLLECTOR_TSTAMP = INDEX["collector_tstamp"]
_EVENT_ID = INDEX["event_id"]
_USERAGENT = INDEX["useragent"]
_CONTEXTS = INDEX["contexts"]
_UNSTRUCT_EVENT = INDEX["unstruct_event"]
_DERIVED_CONTEXTS = INDEX["derived_contexts"]

_etl_tstamp = lru_cache(1)(timestamps.of)  # one moment serves many records


class Good(msgspec.Struct, frozen=True, gc=False):
    """An enriched event; `index` counts the events of its record from 0."""

    event: EnrichedEvent
    index: int


class Bad(msgspec.Struct, frozen=True):
    """A bad row of one event of a record, or of the whole record where `index` is None."""

    row: BadRow
    index: int | None


Item: TypeAlias = Good | Bad


class _Run(msgspec.Struct, frozen=True, gc=False):
    """What the events of one record have in common."""

    request: Request
    columns: Sequence[str | None]
    now: datetime


class Enricher:
    """Turns records into enriched events and bad rows. Not shared between threads."""

    def __init__(self, resolver: Resolver, enrichments: Enrichments, processor: Processor) -> None:
        """An enricher that has compiled no schema and remembers nothing yet."""
        self._processor = processor
        self._v_etl = f"{processor.artifact}-{processor.version}"
        self._validator = Validator(resolver)
        self._familiar = FamiliarEntities(self._validator)
        self._derivations = Derivations(enrichments, self._validator)

    def process(self, record: bytes, position: str | None, now: datetime) -> list[Item]:
        """The events of a CollectorPayload record in their order, at least one item.

        `position` is "<partition>/<position>" in the stream, None where there is none; `now` becomes etl_tstamp. What
        should not have happened is a generic_error with the record in base64, for the caller to report. Raises only
        what the resolver does where it insists on an answer, RegistryFailure: then nothing has happened, and the same
        record may be given again.
        """
        try:
            return self._process(record, position, now)
        except RegistryFailure:
            raise
        except Exception as error:  # a bug must not stop the stream, and the record must not be lost
            return [Bad(self._unexpected(error, record, now), None)]

    def _process(self, record: bytes, position: str | None, now: datetime) -> list[Item]:
        try:
            payload = collector_payload.decode(record)
        except PayloadError as error:
            return [Bad(self._unreadable(SimpleError(error.error), record, now), None)]
        request = requests.of(payload)
        if isinstance(request, InputData):
            return [Bad(self._unreadable(request, record, now), None)]
        adapted = adapters.adapt(request, self._validator)
        if isinstance(adapted, BrokenProtocol | NotAdapted):
            return [Bad(self._rejected(request, adapted, now), None)]
        run = _Run(request, columns.of(request, _etl_tstamp(now), self._v_etl), now)
        items: list[Item] = []
        for index, event in enumerate(adapted):
            try:
                outcome = self._enrich(run, event, record, position, index)
            except RegistryFailure:
                raise
            except Exception as error:  # the other events of the record are not to blame
                outcome = self._unexpected(error, record, now)
            items.append(Bad(outcome, index) if isinstance(outcome, BadRow) else Good(outcome, index))
        return items

    def _enrich(
        self, run: _Run, event: Parameters, record: bytes, position: str | None, index: int
    ) -> EnrichedEvent | BadRow:
        fields = list(run.columns)
        unreadable = parameters.read(event, fields)
        if fields[_EVENT_ID] is None:
            fields[_EVENT_ID] = event_id(record, position, index)
        if fields[_COLLECTOR_TSTAMP] is None:
            collected = str(run.request.payload.timestamp)
            unreadable.insert(0, InputData("collector_tstamp", collected, "outside of the years 0 to 9999"))
        extracted = None if unreadable else self._familiar.extract(event)
        if extracted is None:
            embedded = parameters.embedded(event, unreadable)
            if unreadable:
                _set_as_sent(embedded, fields)
                return self._failed(run, event, fields, [EnrichmentFailure(message) for message in unreadable])
            checked = entities.extract(embedded, self._validator)
            if not isinstance(checked, Extracted):
                _set_as_sent(embedded, fields)
                return self._invalid(run, event, fields, checked)
            extracted = checked
        fields[_CONTEXTS] = extracted.contexts
        fields[_UNSTRUCT_EVENT] = extracted.unstruct_event
        added, failures = self._derivations.apply(run.request, event, extracted.event_key, fields)
        fields[_USERAGENT] = fields[_USERAGENT] or None
        if failures:
            return self._failed(run, event, fields, failures)
        if extracted.validation_infos:
            added += [dumps(info.to_json()) for info in extracted.validation_infos]
        fields[_DERIVED_CONTEXTS] = entities.contexts(added)
        if too_long := lengths.too_long(fields):
            said = ["Enriched event does not conform to atomic schema field's length restrictions", *too_long]
            return self._failed(run, event, fields, [EnrichmentFailure(SimpleError(sentence)) for sentence in said])
        return EnrichedEvent(tuple(fields))

    def _failed(
        self, run: _Run, event: Parameters, fields: Sequence[str | None], failures: Sequence[EnrichmentFailure]
    ) -> BadRow:
        return bad_rows.enrichment_failures(self._processor, run.now, failures, _payload(run.request, event, fields))

    def _invalid(
        self, run: _Run, event: Parameters, fields: Sequence[str | None], problems: Sequence[SchemaMessage]
    ) -> BadRow:
        return bad_rows.schema_violations(self._processor, run.now, problems, _payload(run.request, event, fields))

    def _rejected(self, request: Request, rejected: BrokenProtocol | NotAdapted, now: datetime) -> BadRow:
        payload = bad_rows.collector_payload_object(request.payload, request.vendor, request.version, request.query)
        if isinstance(rejected, BrokenProtocol):
            return bad_rows.tracker_protocol_violations(self._processor, now, rejected.messages, payload)
        return bad_rows.adapter_failures(self._processor, now, rejected.messages, payload)

    def _unreadable(self, message: SimpleError | InputData, record: bytes, now: datetime) -> BadRow:
        return bad_rows.collector_payload_format_violation(self._processor, now, message, record)

    def _unexpected(self, error: Exception, record: bytes, now: datetime) -> BadRow:
        said = "".join(traceback.format_exception(error, limit=-5))
        return bad_rows.generic_error(self._processor, now, [said], base64.b64encode(record).decode())


def _set_as_sent(embedded: Embedded, fields: MutableSequence[str | None]) -> None:
    """Sets the JSON columns of an event that goes no further to what its tracker sent."""
    if not isinstance(embedded.contexts, Absent):
        fields[_CONTEXTS] = dumps(embedded.contexts)
    if not isinstance(embedded.unstruct_event, Absent):
        fields[_UNSTRUCT_EVENT] = dumps(embedded.unstruct_event)


def _payload(request: Request, event: Parameters, fields: Sequence[str | None]) -> dict[str, Json]:
    return bad_rows.enrichment_payload_object(
        EnrichedEvent(tuple(fields)), request.payload, request.vendor, request.version, list(event.items())
    )
