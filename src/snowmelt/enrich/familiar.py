"""The quick way of the JSON that comes with an event: what stands in a text that came before is known without reading.

Trackers send a page, a session or a browser with event after event. This way only accepts; what it does not know to be
good it leaves to the plain way, `parameters.embedded` and `entities.extract`, which alone tells what is wrong.

It is sound for two reasons. A wrapper is cut where its entities seem to begin, and the cuts are proven: if each piece
is JSON, then the text is a wrapper of exactly these values, wherever else one might have cut. And a verdict is
remembered together with the rules it was made by, so it counts only as long as they are the rules.
"""

from typing import Final

from snowmelt.enrich import entities
from snowmelt.enrich.entities import Extracted
from snowmelt.enrich.parameters import Parameters, decoded_base64
from snowmelt.iglu.validation import Rules, Validator
from snowmelt.protocol import json_text, self_describing
from snowmelt.protocol.json_text import JsonError, dumps, loads
from snowmelt.protocol.memory import remembering
from snowmelt.protocol.schema_key import SchemaKey
from snowmelt.protocol.self_describing import SelfDescribing

REMEMBERED: Final = 5_000
"""Distinct entities and events remembered."""

_SCHEMA: Final = '{"schema":"'
_NEXT_ENTITY: Final = f",{_SCHEMA}"


def _openings(name: str, versions: tuple[str, ...], inner: str) -> dict[str, SchemaKey]:
    uris = [f"iglu:com.snowplowanalytics.snowplow/{name}/jsonschema/{version}" for version in versions]
    keys = [(uri, SchemaKey.parse(uri)) for uri in uris]
    return {f'{_SCHEMA}{uri}","data":{inner}': key for uri, key in keys if key is not None}


_CONTEXTS: Final = _openings("contexts", ("1-0-0", "1-0-1"), "[")
_UNSTRUCT_EVENT: Final = _openings("unstruct_event", ("1-0-0",), "")
"""How a wrapper begins that no tracker has put spaces or other members into, and its schema."""

_CONTEXTS_LENGTH: Final = len(next(iter(_CONTEXTS)))
_UNSTRUCT_EVENT_LENGTH: Final = len(next(iter(_UNSTRUCT_EVENT)))


class _UnfamiliarError(Exception):
    """Something that this way does not accept."""


class FamiliarEntities:
    """Recognises the JSON of events by its text."""

    def __init__(self, validator: Validator) -> None:
        """One that remembers nothing yet."""
        self._validator = validator
        self._accepted = remembering(REMEMBERED, _accepted)

    def extract(self, parameters: Parameters) -> Extracted | None:
        """What `entities.extract` gives for the JSON of these parameters, if every bit of it is good; else None."""
        try:
            contexts = self._contexts(_text(parameters, "co", "cx"))
            event, event_key = self._event(_text(parameters, "ue_pr", "ue_px"))
        except (_UnfamiliarError, JsonError):
            return None
        return Extracted(contexts, event, event_key, ())

    def _contexts(self, text: str | None) -> str | None:
        if text is None:
            return None
        outer = self._rules(_CONTEXTS.get(text[:_CONTEXTS_LENGTH]))
        if not outer.is_itemwise or text[-2:] != "]}":
            raise _UnfamiliarError
        pieces = text[_CONTEXTS_LENGTH:-2].split(_NEXT_ENTITY)
        pieces[1:] = [_SCHEMA + piece for piece in pieces[1:]]
        return entities.contexts([self._entity(piece, outer, listed=True)[0] for piece in pieces])

    def _event(self, text: str | None) -> tuple[str | None, SchemaKey | None]:
        if text is None:
            return None, None
        outer = self._rules(_UNSTRUCT_EVENT.get(text[:_UNSTRUCT_EVENT_LENGTH]))
        if text[-1] != "}":
            raise _UnfamiliarError
        event, key = self._entity(text[_UNSTRUCT_EVENT_LENGTH:-1], outer, listed=False)
        return entities.unstruct_event(event), key

    def _entity(self, text: str, outer: Rules, *, listed: bool) -> tuple[str, SchemaKey]:
        """The compact text of one self-describing JSON, and its schema."""
        uri = text[len(_SCHEMA) : text.find('"', len(_SCHEMA))]
        rules = self._rules(SchemaKey.parse(uri))
        return self._accepted(text, outer, rules, listed), rules.key

    def _rules(self, key: SchemaKey | None) -> Rules:
        rules = None if key is None else self._validator.rules(key)
        if not isinstance(rules, Rules) or rules.superseded_by is not None:
            raise _UnfamiliarError
        return rules


def _text(parameters: Parameters, plain: str, base64: str) -> str | None:
    """The JSON text of a parameter that came in one form only."""
    text, encoded = parameters.get(plain), parameters.get(base64)
    if encoded is None:
        return text
    if text is not None:
        raise _UnfamiliarError
    return decoded_base64(encoded)


def _accepted(text: str, outer: Rules, rules: Rules, listed: bool) -> str:
    """The compact text of a self-describing JSON that follows its rules and, by itself or alone in a list, `outer`."""
    item = loads(text)
    document = self_describing.parse(item)
    if not isinstance(document, SelfDescribing) or document.key != rules.key:
        raise _UnfamiliarError
    if outer.violations([item] if listed else item) or not rules.admit(json_text.plain(document.data)):
        raise _UnfamiliarError  # the data is less deep than the item, which is not too deep
    return dumps(document.to_json())
