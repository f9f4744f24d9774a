"""What the collector does with a request: what is stored of it, and what it is answered."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from snowmelt.collector import headers, identity, records, targets
from snowmelt.collector.headers import Fields
from snowmelt.collector.identity import ANONYMOUS_ID, Ids
from snowmelt.collector.messages import Request, Response, text
from snowmelt.collector.pages import Pages
from snowmelt.collector.records import Payload
from snowmelt.collector.replies import Replies, host_of
from snowmelt.collector.settings import CollectorSettings
from snowmelt.collector.targets import Target, TargetError, TrackingPaths
from snowmelt.protocol import bad_rows
from snowmelt.protocol.bad_rows import BadRow, Processor
from snowmelt.streams.log import Record

NOT_FOUND = text(404, "404 not found")
REDIRECTS_DISABLED = text(404, "redirects disabled")
UNKNOWN_METHOD = text(501, "unknown method")

METHODS = {b"GET", b"HEAD", b"POST", b"PUT", b"PATCH", b"DELETE", b"OPTIONS", b"TRACE", b"CONNECT"}
_PIXEL_METHODS = {b"GET", b"HEAD"}
_SHOWN_BYTES = 10_000


class Decision(msgspec.Struct, frozen=True, gc=False):
    """What happens to one request: the response is sent once the records are durable, at once where there are none."""

    route: str
    """The kind of request, for counting; never a text the client chose."""
    response: Response
    good: tuple[Record, ...] = ()
    """Collector payloads."""
    bad: tuple[Record, ...] = ()
    """Bad rows as JSON."""


class Rules:
    """Decides on requests. Pure but for the ids, which come from the source passed in."""

    def __init__(self, settings: CollectorSettings, pages: Pages, processor: Processor, sink: str, ids: Ids) -> None:
        self._settings = settings
        self._pages = pages
        self._processor = processor
        self._collector = f"{processor}-{sink}".encode()
        self._ids = ids
        self._replies = Replies(settings)
        self._paths = TrackingPaths(settings.paths)
        self._cookie = settings.cookie.name.encode()
        self._max_bytes = settings.streams.max_bytes
        self._by_address = settings.streams.use_ip_address_as_partition_key
        opt_out = settings.do_not_track_cookie
        self._opt_out = (opt_out.name.encode(), re.compile(opt_out.value)) if opt_out.enabled else None
        self._bounce = settings.cookie_bounce if settings.cookie_bounce.enabled else None
        macro = settings.redirect_macro
        self._macro = (macro.placeholder or "${SP_NUID}").encode() if macro.enabled else None
        self._redirect_hosts = {host.lower().encode() for host in settings.redirect_domains}

    def decide(self, request: Request, now: int) -> Decision:
        """The decision on a request that came at ``now``, in milliseconds since 1970."""
        fields = headers.read(request.headers)
        several_hosts = b"host" in fields.repeated
        try:
            target = targets.read(request.target, fields.values.get(b"host"), several_hosts=several_hosts)
        except TargetError as error:
            return self._malformed(request, str(error), now)
        if request.method == b"OPTIONS":
            return Decision("preflight", self._replies.preflight(fields.values.get(b"origin", b"")))
        path = self._paths.stored(target.path)
        pixel = request.method in _PIXEL_METHODS
        if path is not None and (pixel or (request.method == b"POST" and path not in targets.PIXELS)):
            if path.startswith(targets.REDIRECT):
                if not self._settings.enable_default_redirect and target.path.startswith(targets.REDIRECT):
                    return Decision("redirect", REDIRECTS_DISABLED)
                return self._track("redirect", request, fields, target, path, now)
            return self._track("pixel" if pixel else "post", request, fields, target, path, now)
        if request.method == b"GET" and (page := self._pages.find(target.path)):
            return Decision(*page)
        return Decision("none", NOT_FOUND if request.method in METHODS else UNKNOWN_METHOD)

    def _track(self, route: str, request: Request, fields: Fields, target: Target, path: bytes, now: int) -> Decision:
        """Stores a tracking request, unless its visitor opted out or is first asked for a cookie."""
        if self._opt_out and identity.opted_out(fields, *self._opt_out):
            return Decision(route, self._answer(route, request, fields, target, None, now))
        anonymous = fields.anonymous
        user_id = ANONYMOUS_ID if anonymous else identity.known_user_id(fields, target.query, self._cookie)
        if user_id is None:
            user_id = self._ids.uuid()
            if self._bounce and route == "pixel":
                if self._bounce.name.encode() not in identity.parameters(target.query or b""):
                    return Decision("bounce", self._send_back(fields, target, user_id, now))
                user_id = self._bounce.fallback_network_user_id.encode()
        payload = self._payload(request, fields, target, path, user_id, now)
        answer = self._answer(route, request, fields, target, None if anonymous else user_id, now)
        record = payload.encode(payload.body)
        if len(record) < self._max_bytes:
            return Decision(route, answer, (self._record(record, payload.ip_address),))
        split, too_large = records.split(payload, len(record), self._max_bytes)
        bad = [self._size_violation(payload, item.size, item.expectation, now) for item in too_large]
        good = tuple(self._record(record, payload.ip_address) for record in split)
        return Decision(route, answer, good, self._bad_records(bad))

    def _payload(
        self, request: Request, fields: Fields, target: Target, path: bytes, user_id: bytes, now: int
    ) -> Payload:
        values, lines = fields.values, fields.lines
        body = content_type = None
        if request.method == b"POST":
            body = headers.utf8(request.body)
            content_type, unreadable = records.content_type(values.get(b"content-type"), body)
            lines = [*lines, unreadable, content_type] if unreadable else [*lines, content_type]
        return Payload(
            ip_address=identity.address(fields, request.peer),
            timestamp=now,
            collector=self._collector,
            user_agent=values.get(b"user-agent"),
            referer_uri=values.get(b"referer"),
            path=path,
            querystring=target.query,
            body=body,
            headers=lines,
            content_type=content_type,
            hostname=target.host,
            network_user_id=user_id,
        )

    def _answer(
        self, route: str, request: Request, fields: Fields, target: Target, user_id: bytes | None, now: int
    ) -> Response:
        origin = fields.values.get(b"origin", b"")
        if route == "post":
            return self._replies.ok(origin, user_id, now // 1000)
        if route == "pixel":
            return self._replies.pixel(origin, user_id, now // 1000, head=request.method == b"HEAD")
        location = self._location(target.query or b"", user_id)
        pixel = request.method in _PIXEL_METHODS
        return self._replies.redirect(location, origin, user_id, now // 1000, pixel=pixel)

    def _location(self, query: bytes, user_id: bytes | None) -> bytes | None:
        """Where a redirect leads; None where its ``u`` is missing or names a host that is not allowed."""
        location = identity.parameter(query, b"u")
        if not location:
            return None
        if self._macro and user_id is not None:
            location = location.replace(self._macro, user_id)
        return location if not self._redirect_hosts or host_of(location) in self._redirect_hosts else None

    def _send_back(self, fields: Fields, target: Target, user_id: bytes, now: int) -> Response:
        """The bounce: the same address once more, marked, with a cookie that may come back or not."""
        assert self._bounce
        name = self._bounce.forwarded_protocol_header.lower().encode()
        stated = next((line[len(name) + 2 :] for line in fields.lines if line.lower().startswith(name + b": ")), b"")
        scheme = stated.lower() if name and stated.lower() in (b"http", b"https") else b"http"
        query = b"&".join(filter(None, (target.query, b"%b=true" % self._bounce.name.encode())))
        location = b"%b://%b%b?%b" % (scheme, target.authority, target.path, query)
        origin = fields.values.get(b"origin", b"")
        return self._replies.redirect(location, origin, user_id, now // 1000, pixel=True)

    def _malformed(self, request: Request, reason: str, now: int) -> Decision:
        """400; where the request carries events, a bad row keeps them."""
        path, _, query = request.target.partition(b"?")
        answer = text(400, reason)
        if self._paths.stored(path) is None or not (query or request.body):
            return Decision("malformed", answer)
        shown = b"%b %b\n\n%b" % (request.method, request.target, request.body)
        payload = shown[:_SHOWN_BYTES].decode("utf-8", "replace")
        row = bad_rows.generic_error(self._processor, _moment(now), [reason], payload)
        return Decision("malformed", answer, bad=self._bad_records([row]))

    def _size_violation(self, payload: Payload, size: int, expectation: str, now: int) -> BadRow:
        shown = payload.text()[: self._max_bytes // 10]
        return bad_rows.size_violation(self._processor, _moment(now), self._max_bytes, size, expectation, shown)

    def _record(self, data: bytes, address: bytes) -> Record:
        by_address = self._by_address and address != b"unknown"
        return Record(address.decode("ascii") if by_address else self._ids.key(), data)

    def _bad_records(self, rows: Sequence[BadRow]) -> tuple[Record, ...]:
        return tuple(Record(self._ids.key(), row.to_json().encode()) for row in rows)


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
