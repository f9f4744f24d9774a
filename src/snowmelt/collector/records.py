"""The record of a request: one collector payload, or several where one would be too large for the log."""

import re
from functools import lru_cache

import msgspec

from snowmelt.collector.headers import utf8
from snowmelt.protocol.collector_payload import SCHEMA, encode_record

_TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_MEDIA_TYPE = re.compile(rb"(%b/%b)((?:[ \t]*;[ \t]*%b=(?:%b|\"[^\"]*\"))*)" % (_TOKEN, _TOKEN, _TOKEN, _TOKEN))
_PARAMETER = re.compile(rb";[ \t]*(%b)=(?:\"([^\"]*)\"|(%b))" % (_TOKEN, _TOKEN))

OCTETS = b"application/octet-stream"
NOTHING = b"none/none"


class Payload(msgspec.Struct, frozen=True, gc=False):
    """The fields of a collector payload as bytes, before they become a record."""

    ip_address: bytes
    timestamp: int
    collector: bytes
    user_agent: bytes | None
    referer_uri: bytes | None
    path: bytes
    querystring: bytes | None
    body: bytes | None
    headers: list[bytes]
    content_type: bytes | None
    hostname: bytes
    network_user_id: bytes

    def encode(self, body: bytes | None) -> bytes:
        """The record, with that body."""
        return encode_record(
            ip_address=self.ip_address,
            timestamp=self.timestamp,
            collector=self.collector,
            user_agent=self.user_agent,
            referer_uri=self.referer_uri,
            path=self.path,
            querystring=self.querystring,
            body=body,
            headers=self.headers,
            content_type=self.content_type,
            hostname=self.hostname,
            network_user_id=self.network_user_id,
        )

    def text(self) -> str:
        """All fields as one line, for people: what a size_violation shows the beginning of."""
        fields = {
            "schema": SCHEMA,
            "ipAddress": utf8(self.ip_address).decode(),
            "timestamp": self.timestamp,
            "encoding": "UTF-8",
            "collector": self.collector.decode(),
            "userAgent": self.user_agent,
            "refererUri": self.referer_uri,
            "path": self.path,
            "querystring": self.querystring,
            "body": self.body,
            "headers": b"[%b]" % b", ".join(self.headers),
            "contentType": self.content_type,
            "hostname": self.hostname,
            "networkUserId": self.network_user_id,
        }
        shown = (
            f"{name}:{value.decode('utf-8', 'replace') if isinstance(value, bytes) else value}"
            for name, value in fields.items()
            if value is not None
        )
        return f"CollectorPayload({', '.join(shown)})"


class TooLarge(msgspec.Struct, frozen=True, gc=False):
    """Something that fits into no record."""

    size: int
    expectation: str


class _Envelope(msgspec.Struct, frozen=True):
    schema: str
    data: list[msgspec.Raw]


def split(payload: Payload, size: int, max_bytes: int) -> tuple[list[bytes], list[TooLarge]]:
    """The records that carry a payload whose own record has ``size`` bytes, too many; and what fits into none.

    A POST whose data is an array is split between its items, as Snowplow's collector does it; items keep their order
    and their bytes.
    """
    if payload.body is None:
        return [], [_too_large(size, "GET requests cannot be split")]
    try:
        envelope = msgspec.json.decode(payload.body, type=_Envelope)
    except msgspec.ValidationError:
        return [], [_too_large(size, _why_not_split(payload.body))]
    except msgspec.DecodeError as error:
        return [], [_too_large(size, f"cannot split POST requests which are not json: {error}")]
    sizes = [len(bytes(item)) + 1 for item in envelope.data]
    without_data = size - sum(sizes) - 1
    if without_data >= max_bytes:
        reason = 'cannot split this POST request because event without "data" field is still too big'
        return [], [_too_large(size, reason)]
    batches, too_large = _batches(envelope.data, sizes, max_bytes - without_data)
    schema = msgspec.json.encode(envelope.schema)
    bodies = (b'{"schema":%b,"data":[%b]}' % (schema, b",".join(batch)) for batch in batches)
    return [payload.encode(body) for body in bodies], too_large


def content_type(raw: bytes | None, body: bytes) -> tuple[bytes, bytes | None]:
    """The content type of a POST as it is stored, and a header line that keeps one that cannot be read.

    JSON loses its charset, since it is UTF-8 whatever is said.
    """
    if raw is None:
        return (OCTETS if body else NOTHING), None
    stored = _media_type(raw)
    return (stored, None) if stored else (OCTETS, b"content-type: " + utf8(raw))


@lru_cache(maxsize=256)
def _media_type(raw: bytes) -> bytes | None:
    match = _MEDIA_TYPE.fullmatch(raw.strip())
    if not match:
        return None
    stored = match[1].lower()
    for name, quoted, token in _PARAMETER.findall(match[2]):
        if stored != b"application/json" or name.lower() != b"charset":
            stored += b"; %b=%b" % (name.lower(), (quoted or token).lower())
    return stored


def _batches(items: list[msgspec.Raw], sizes: list[int], room: int) -> tuple[list[list[bytes]], list[TooLarge]]:
    """Items in order, filled up to ``room`` bytes a batch; an item that fills more than that alone is too large."""
    batches: list[list[bytes]] = []
    too_large: list[TooLarge] = []
    left = 0
    for item, size in zip(items, sizes, strict=True):
        if size > room:
            too_large.append(_too_large(size - 1, "this POST request split is still too large"))
            continue
        if size > left:
            batches.append([])
            left = room
        batches[-1].append(bytes(item))
        left -= size
    return batches, too_large


def _why_not_split(body: bytes) -> str:
    """What keeps a JSON body from being split."""
    value = msgspec.json.decode(body)
    if isinstance(value, dict) and isinstance(value.get("schema"), str) and "data" in value:
        return "cannot split POST requests which do not contain a data array"
    return "cannot split POST requests which are not self-describing"


def _too_large(size: int, reason: str) -> TooLarge:
    return TooLarge(size, f"oversized collector payload: {reason}")
