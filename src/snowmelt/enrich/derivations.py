"""The columns computed from other columns, and the entities that enrichments add.

Pages, referrers and user agents come again and again, so what follows from each is remembered.
"""

from collections.abc import MutableSequence
from typing import Final, NamedTuple, TypeAlias

from snowmelt.enrich import clocks, query_strings, uris
from snowmelt.enrich.enrichments import Enrichments, UaParser, cross_domain
from snowmelt.enrich.enrichments.cross_domain import CrossDomain, NotAMoment
from snowmelt.enrich.enrichments.referer import Referer
from snowmelt.enrich.parameters import Parameters
from snowmelt.enrich.requests import Request
from snowmelt.enrich.uris import Uri
from snowmelt.iglu.validation import Validator
from snowmelt.protocol import timestamps
from snowmelt.protocol.atomic import INDEX
from snowmelt.protocol.bad_rows import EnrichmentFailure, IgluError, InputData, SimpleError
from snowmelt.protocol.json_text import dumps
from snowmelt.protocol.memory import remembering
from snowmelt.protocol.schema_key import SchemaKey
from snowmelt.protocol.self_describing import SelfDescribing

REMEMBERED: Final = 5_000
"""Distinct pages, referrers and user agents remembered, each."""

_V_COLLECTOR = INDEX["v_collector"]
_USERAGENT = INDEX["useragent"]
_PAGE_URL = INDEX["page_url"]
_PAGE_PARTS = slice(INDEX["page_urlscheme"], INDEX["page_urlfragment"] + 1)
_PAGE_REFERRER = INDEX["page_referrer"]
_REFERRER_PARTS = slice(INDEX["refr_urlscheme"], INDEX["refr_urlfragment"] + 1)
_REFERER = slice(INDEX["refr_medium"], INDEX["refr_term"] + 1)
_CAMPAIGN = slice(INDEX["mkt_medium"], INDEX["mkt_campaign"] + 1)
_CLICK = slice(INDEX["mkt_clickid"], INDEX["mkt_network"] + 1)
_CROSS_DOMAIN = slice(INDEX["refr_domain_userid"], INDEX["refr_dvce_tstamp"] + 1)
_CREATED = INDEX["dvce_created_tstamp"]
_SENT = INDEX["dvce_sent_tstamp"]
_TRUE = INDEX["true_tstamp"]
_DERIVED = INDEX["derived_tstamp"]
_FINGERPRINT = INDEX["event_fingerprint"]
_EVENT = INDEX["event"]
_EVENT_SCHEMA = slice(INDEX["event_vendor"], INDEX["event_version"] + 1)

_EVENT_SCHEMAS: Final = {
    name: ("com.snowplowanalytics.snowplow", name, "jsonschema", "1-0-0")
    for name in ("page_view", "page_ping", "transaction", "transaction_item")
} | {"struct": ("com.google.analytics", "event", "jsonschema", "1-0-0")}
"""The names by which events without a schema of their own go."""

_Parts: TypeAlias = tuple[str | None, ...]


class _Page(NamedTuple):
    """What follows from a page's URL. `host` is what a referrer is compared with."""

    text: str
    parts: _Parts
    host: str | None
    campaign: tuple[_Parts, _Parts] | None  # the first five of its columns, the other two
    cross_domain: CrossDomain | NotAMoment


class _Referrer(NamedTuple):
    """What follows from a referrer and the host of the page."""

    parts: _Parts
    referer: Referer | None


class _NotValidError(Exception):
    """An entity of ours that violates its schema. An exception, because those are not remembered."""

    def __init__(self, problem: IgluError) -> None:
        super().__init__(problem.schema_key.uri)
        self.problem = problem


class Derivations:
    """The enrichments at work on one event after the other."""

    def __init__(self, enrichments: Enrichments, validator: Validator) -> None:
        """Derivations that remember nothing yet."""
        self._enrichments = enrichments
        self._validator = validator
        self._page = remembering(REMEMBERED, self._read_page)
        self._referrer = remembering(REMEMBERED, self._read_referrer)
        self._user_agent = remembering(REMEMBERED, self._read_user_agent)

    def apply(
        self, request: Request, parameters: Parameters, event_key: SchemaKey | None, fields: MutableSequence[str | None]
    ) -> tuple[list[str], list[EnrichmentFailure]]:
        """Sets the derived columns of an event, and gives the JSON texts of new entities and all that failed."""
        failures: list[EnrichmentFailure] = []
        entities: list[str] = []
        if fields[_V_COLLECTOR] in (None, ""):
            failures.append(EnrichmentFailure(InputData("v_collector", None, "should be set")))
        page_host = self._set_page(request, fields, failures)
        self._set_referrer(page_host, fields, failures)
        failures += _set_derived_tstamp(request.payload.timestamp, parameters, fields)
        self._add_user_agent(fields, entities, failures)
        if self._enrichments.event_fingerprint is not None:
            fields[_FINGERPRINT] = self._enrichments.event_fingerprint.of(parameters)
        failures += _set_event_schema(event_key, fields)
        return entities, failures

    def _set_page(
        self, request: Request, fields: MutableSequence[str | None], failures: list[EnrichmentFailure]
    ) -> str | None:
        """Sets what follows from the page's URL and gives its host. Without `url` the HTTP referer is the page."""
        text = fields[_PAGE_URL]
        if text is None:
            text = request.payload.referer_uri
        if text is None:
            return None
        page = self._page(text, request.encoding)
        if page is None:
            failures.append(_not_a_uri(text))
            return None
        fields[_PAGE_URL] = page.text or None
        fields[_PAGE_PARTS] = page.parts
        if page.campaign is not None:
            fields[_CAMPAIGN], fields[_CLICK] = page.campaign
        if isinstance(page.cross_domain, NotAMoment):
            failures.append(EnrichmentFailure(InputData(cross_domain.TIMESTAMP_FIELD, *page.cross_domain)))
        else:
            fields[_CROSS_DOMAIN] = page.cross_domain
        return page.host

    def _set_referrer(
        self, page_host: str | None, fields: MutableSequence[str | None], failures: list[EnrichmentFailure]
    ) -> None:
        text = fields[_PAGE_REFERRER]
        if text is None:
            return
        referrer = self._referrer(text, page_host)
        if referrer is None:
            failures.append(_not_a_uri(text))
            return
        fields[_REFERRER_PARTS] = referrer.parts
        if referrer.referer is not None:
            fields[_REFERER] = referrer.referer

    def _add_user_agent(
        self, fields: MutableSequence[str | None], entities: list[str], failures: list[EnrichmentFailure]
    ) -> None:
        text = fields[_USERAGENT]
        if self._enrichments.ua_parser is None or text is None:
            return
        try:
            entities.append(self._user_agent(text, self._enrichments.ua_parser))
        except _NotValidError as error:
            origin = (error.problem.schema_key, "enrichments-contexts-validation")
            failures.append(EnrichmentFailure(error.problem, origin))

    def _read_page(self, text: str, encoding: str) -> _Page | None:
        uri = uris.split(text)
        if uri is None:
            return None
        query = {name: value or "" for name, value in query_strings.pairs(uri.query or "", encoding)}
        attribution = self._enrichments.campaign_attribution
        found = None if attribution is None else attribution.attribute(query)
        campaign = None if found is None else (found[:5], found[5:])
        link = cross_domain.parse(query.get(cross_domain.PARAMETER, ""))
        return _Page(uri.text, _parts(uri), uri.host, campaign, link)

    def _read_referrer(self, text: str, page_host: str | None) -> _Referrer | None:
        uri = uris.split(text)
        if uri is None:
            return None
        parser = self._enrichments.referer_parser
        return _Referrer(_parts(uri), None if parser is None else parser.parse(uri, page_host))

    def _read_user_agent(self, text: str, parser: UaParser) -> str:
        entity = parser.entity(text)
        checked = self._validator.check(entity)
        if not isinstance(checked, SelfDescribing):
            raise _NotValidError(checked.iglu_error())
        return dumps(entity.to_json())


def _parts(uri: Uri) -> _Parts:
    """The six columns of a URI's parts, in wire order."""
    return (
        uri.scheme,
        uri.host,
        str(uri.effective_port),
        uri.path or None,
        uri.query or None,
        uri.fragment or None,
    )


def _set_derived_tstamp(
    collected: int, parameters: Parameters, fields: MutableSequence[str | None]
) -> list[EnrichmentFailure]:
    """Sets derived_tstamp: what the tracker calls the true moment, else what the clocks make of it."""
    text = fields[_TRUE]
    if text is None:
        created = None if fields[_CREATED] is None else int(parameters["dtm"] or 0)
        sent = None if fields[_SENT] is None else int(parameters["stm"] or 0)
        text = timestamps.from_epoch_ms(clocks.derived(collected, created, sent))
    fields[_DERIVED] = text
    if text is None:
        return [EnrichmentFailure(SimpleError("the derived timestamp is outside of the years 0 to 9999"))]
    return []


def _set_event_schema(event_key: SchemaKey | None, fields: MutableSequence[str | None]) -> list[EnrichmentFailure]:
    """Sets vendor, name, format and version of the event. A self-describing event without data has none."""
    event = fields[_EVENT]
    if event == "unstruct":
        if event_key is not None:
            key = event_key
            fields[_EVENT_SCHEMA] = (key.vendor, key.name, key.format, str(key.version))
        return []
    schema = None if event is None else _EVENT_SCHEMAS.get(event)
    if schema is None:
        expectation = f"expected one of unstruct, {', '.join(_EVENT_SCHEMAS)}"
        return [EnrichmentFailure(InputData("event", event, expectation))]
    fields[_EVENT_SCHEMA] = schema
    return []


def _not_a_uri(text: str) -> EnrichmentFailure:
    return EnrichmentFailure(SimpleError(f"not a URI, and not to be mended into one: {text}"))
