"""From a request to the parameters of its events (Snowplow tracker protocol and Iglu webhook), one function per API.

An adapter takes a request whole or not at all: one bad event in a body loses the others, as the protocol has it.
"""

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import msgspec

from snowmelt.enrich import query_strings, uris
from snowmelt.enrich.parameters import MAX_JSON_DEPTH, Parameters, decoded_base64
from snowmelt.enrich.requests import Request
from snowmelt.iglu.validation import Rules, Validator
from snowmelt.protocol import self_describing
from snowmelt.protocol.bad_rows import AdapterMessage, CriterionMismatch, InputData, NotJson, TrackerMessage
from snowmelt.protocol.json_text import Json, JsonError, dumps, loads
from snowmelt.protocol.schema_key import SchemaCriterion, SchemaKey, SchemaVer
from snowmelt.protocol.self_describing import NotIglu, SelfDescribing
from snowmelt.protocol.tracker import CONTENT_TYPES

_SNOWPLOW: Final = "com.snowplowanalytics.snowplow"
_PAYLOAD_DATA: Final = SchemaCriterion(_SNOWPLOW, "payload_data", "jsonschema", 1, 0)
_UNSTRUCT_EVENT: Final = SchemaKey(_SNOWPLOW, "unstruct_event", "jsonschema", SchemaVer(1, 0, 0))
_CONTEXTS: Final = SchemaKey(_SNOWPLOW, "contexts", "jsonschema", SchemaVer(1, 0, 1))
_URI_REDIRECT: Final = SchemaKey(_SNOWPLOW, "uri_redirect", "jsonschema", SchemaVer(1, 0, 0))

_JSON_TYPES: Final = ("application/json", "application/json; charset=utf-8")
_FORM_TYPE: Final = "application/x-www-form-urlencoded"
_ENVELOPE_PARAMETERS: Final = frozenset({"nuid", "aid", "cv", "p"})
"""Parameters of a webhook's query that are no data of the event."""

_WEBHOOK_PARAMETERS: Final = frozenset({"nuid", "aid", "cv", "eid", "ttm", "url"})
"""Parameters of a webhook's query that become parameters of the event."""


@dataclass(frozen=True, slots=True)
class BrokenProtocol:
    """A request against the tracker protocol; there is at least one message."""

    messages: Sequence[TrackerMessage]


@dataclass(frozen=True, slots=True)
class NotAdapted:
    """A request that no adapter, or not the one of its API, could read; there is at least one message."""

    messages: Sequence[AdapterMessage]


Adapted: TypeAlias = "list[Parameters] | BrokenProtocol | NotAdapted"


def adapt(request: Request, validator: Validator) -> Adapted:
    """The parameters of each event of a request, or why it has none."""
    adapter = _ADAPTERS.get((request.vendor, request.version))
    if adapter is None:
        api = f"{request.vendor}/{request.version}"
        return NotAdapted([InputData("vendor/version", api, "vendor/version combination is not supported")])
    return adapter(request, validator)


def _tp1(request: Request, _: Validator) -> Adapted:
    """One event in the query string."""
    if not request.query:
        return NotAdapted([InputData("querystring", None, "empty querystring: not a valid URI redirect")])
    return [request.parameters]


def _tp2(request: Request, validator: Validator) -> Adapted:
    """The events of a payload_data body, the query's parameters over those of each; or one event in the query."""
    body, content_type = request.payload.body, request.payload.content_type
    if body is None and not request.query:
        return BrokenProtocol(
            [
                InputData("body", None, "empty body: not a valid tracker protocol event"),
                InputData("querystring", None, "empty querystring: not a valid tracker protocol event"),
            ]
        )
    if content_type not in CONTENT_TYPES and (content_type is not None or body is not None):
        return BrokenProtocol([InputData("contentType", content_type, f"expected one of {', '.join(CONTENT_TYPES)}")])
    if body is None:
        if content_type is not None:
            return BrokenProtocol([InputData("body", None, "empty body: not a valid track protocol event")])
        return [request.parameters]
    return _payload_data(body, request.parameters, validator)


class _Texts(msgspec.Struct, forbid_unknown_fields=True):
    """A body as trackers send it: nothing but texts."""

    schema: str
    data: list[dict[str, str]]


_TEXTS: Final = msgspec.json.Decoder(_Texts)


def _payload_data(body: str, query: dict[str, str | None], validator: Validator) -> Adapted:
    """The events of a body: the quick way if it accepts them, else the plain way, which knows what is wrong."""
    if (texts := _valid_texts(body, validator)) is not None:
        return [{**event, **query} for event in texts] if query else [*texts]
    try:
        value = loads(body, max_depth=MAX_JSON_DEPTH)
    except JsonError as error:
        return BrokenProtocol([NotJson("body", body, f"invalid json: {error}")])
    document = self_describing.parse(value)
    if isinstance(document, NotIglu):
        return BrokenProtocol([document])
    checked = validator.check(document)
    if not isinstance(checked, SelfDescribing):
        return BrokenProtocol([checked.iglu_error()])
    if not _PAYLOAD_DATA.matches(document.key):
        return BrokenProtocol([CriterionMismatch(document.key, _PAYLOAD_DATA)])
    return _events(document.data, query)


def _valid_texts(body: str, validator: Validator) -> list[dict[str, str]] | None:
    """The events of a payload_data that is good and holds nothing but texts; None says nothing.

    Reading for a type proves that there is no number, whose spelling would have to be kept, and no depth. What it
    refuses, lone surrogates too, the plain way may still accept; what it reads, it reads alike.
    """
    try:
        texts = _TEXTS.decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    key = SchemaKey.parse(texts.schema)
    if key is None or not texts.data or not _PAYLOAD_DATA.matches(key):
        return None
    rules = validator.rules(key)
    if not isinstance(rules, Rules) or rules.superseded_by is not None:
        return None
    return texts.data if rules.admit(texts.data) else None


def _events(data: Json, query: dict[str, str | None]) -> Adapted:
    """The events of a payload_data. The schema admits nothing but texts; a registry may have another idea of it."""
    if not isinstance(data, list) or not data:
        return BrokenProtocol([InputData("body", dumps(data), "json is not an array of events")])
    events: list[Parameters] = []
    for item in data:
        if not isinstance(item, dict):
            return BrokenProtocol([InputData("body", dumps(item), "an event is not an object")])
        event: dict[str, str | None] = {}
        for name, value in item.items():
            if not isinstance(value, str):
                return BrokenProtocol([InputData(name, dumps(value), "value is not a string")])
            event[name] = value
        events.append(event | query if query else event)
    return events


def _redirect(request: Request, _: Validator) -> Adapted:
    """One event in the query string. The URI the visitor was sent to is an entity of it or, without `e`, the event."""
    parameters = request.parameters
    uri = parameters.pop("u", None)
    if not request.query:
        return BrokenProtocol([InputData("querystring", None, "empty querystring: not a valid URI redirect")])
    if uri is None:
        said = "missing `u` parameter: not a valid URI redirect"
        return BrokenProtocol([InputData("querystring", request.payload.querystring, said)])
    redirect = SelfDescribing(_URI_REDIRECT, {"uri": uri}).to_json()
    if "e" not in parameters:
        parameters |= {"e": "ue", "ue_pr": _self_describing_text(_UNSTRUCT_EVENT, redirect)}
    else:
        encoded, plain = parameters.get("cx"), parameters.get("co")
        text = plain or None if encoded is None else decoded_base64(encoded)
        contexts = _with_entity(redirect, text)
        if isinstance(contexts, NotJson):
            return BrokenProtocol([contexts])
        parameters |= {"co": contexts} if encoded is None else {"cx": _base64(contexts)}
    parameters["tv"] = "r-tp2"
    parameters.setdefault("p", "web")
    return [parameters]


def _with_entity(entity: dict[str, Json], contexts: str | None) -> str | NotJson:
    """The text of contexts with an entity before the others; contexts that are none stay what they are."""
    if contexts is None:
        return _self_describing_text(_CONTEXTS, [entity])
    try:
        value = loads(contexts, max_depth=MAX_JSON_DEPTH)
    except JsonError as error:
        return NotJson("co|cx", contexts, f"invalid json: {error}")
    if isinstance(value, dict) and isinstance(entities := value.get("data"), list):
        value["data"] = [entity, *entities]
    return dumps(value)


def _iglu(request: Request, _: Validator) -> Adapted:
    """Webhook events: self-describing JSON in the body, or data in query or body with the schema in the query."""
    parameters = request.parameters
    uri = parameters.pop("schema", None)
    body, content_type = request.payload.body, request.payload.content_type
    if body is not None and content_type is None:
        return _unexpected_type(None, *_JSON_TYPES, _FORM_TYPE)
    if uri is None:
        if body is None:
            return NotAdapted(
                [InputData("schema", None, "empty `schema` field"), InputData("body", None, "empty body")]
            )
        return _webhook_document(body, content_type, parameters)
    key = SchemaKey.parse(uri)
    if key is None:
        return NotAdapted([InputData("schema", uri, "INVALID_IGLUURI")])
    if body is None:
        data: Json = {name: value or None for name, value in parameters.items() if name not in _ENVELOPE_PARAMETERS}
        return [_webhook_event(SelfDescribing(key, data), parameters)]
    if content_type in _JSON_TYPES:
        return _webhook_json(body, key, parameters)
    if content_type == _FORM_TYPE:
        return _webhook_form(body, key, parameters)
    return _unexpected_type(content_type, *_JSON_TYPES, _FORM_TYPE)


def _webhook_document(body: str, content_type: str | None, parameters: Parameters) -> Adapted:
    if content_type not in _JSON_TYPES:
        return _unexpected_type(content_type, *_JSON_TYPES)
    try:
        document = self_describing.parse(loads(body, max_depth=MAX_JSON_DEPTH))
    except JsonError as error:
        return NotAdapted([NotJson("body", body, f"invalid json: {error}")])
    return NotAdapted([document]) if isinstance(document, NotIglu) else [_webhook_event(document, parameters)]


def _webhook_json(body: str, key: SchemaKey, parameters: Parameters) -> Adapted:
    try:
        value = loads(body, max_depth=MAX_JSON_DEPTH)
    except JsonError as error:
        return NotAdapted([NotJson("body", body, f"invalid json: {error}")])
    if value == []:
        return NotAdapted([InputData("body", body, "empty array of events")])
    if not value or not isinstance(value, (list, dict)):
        return NotAdapted([InputData("body", body, "has no key-value pairs")])
    items = value if isinstance(value, list) else [value]
    return [_webhook_event(SelfDescribing(key, item), parameters) for item in items]


def _webhook_form(body: str, key: SchemaKey, parameters: Parameters) -> Adapted:
    query = uris.query(body)
    if query is None:
        return NotAdapted([InputData("body", body, "not a legal form")])
    data: Json = dict(query_strings.pairs(query))
    return [_webhook_event(SelfDescribing(key, data), parameters, platform="srv")]


def _webhook_event(document: SelfDescribing, query: Parameters, platform: str = "app") -> Parameters:
    return {
        "tv": "com.snowplowanalytics.iglu-v1",
        "e": "ue",
        "p": query.get("p", platform),
        "ue_pr": _self_describing_text(_UNSTRUCT_EVENT, document.to_json()),
        **{name: value for name, value in query.items() if name in _WEBHOOK_PARAMETERS},
    }


def _unexpected_type(content_type: str | None, *expected: str) -> NotAdapted:
    return NotAdapted([InputData("contentType", content_type, f"expected one of {', '.join(expected)}")])


def _self_describing_text(key: SchemaKey, data: Json) -> str:
    return dumps(SelfDescribing(key, data).to_json())


def _base64(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode("utf-8", "replace")).rstrip(b"=").decode()


_ADAPTERS: Final[Mapping[tuple[str, str], Callable[[Request, Validator], Adapted]]] = {
    (_SNOWPLOW, "tp1"): _tp1,
    (_SNOWPLOW, "tp2"): _tp2,
    ("r", "tp2"): _redirect,
    ("com.snowplowanalytics.iglu", "v1"): _iglu,
}
