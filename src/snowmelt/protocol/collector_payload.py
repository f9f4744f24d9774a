"""The raw record between collector and enrich: Snowplow's `CollectorPayload` 1-0-0.

The bytes are one Thrift struct in the binary protocol, without a message envelope. The field numbers are those of the
running applications; the IDL that Iglu Central publishes under the same URI has others and describes no real record.
Writing is by hand because Thrift's own encoder walks a table up to field 31337; reading is by hand because a record
comes from anyone: it never allocates by a length it has not checked, and knows no error but PayloadError.
"""

import struct
from collections.abc import Sequence
from typing import Final

import msgspec

from snowmelt.protocol.schema_key import SchemaCriterion, SchemaKey

SCHEMA: Final = "iglu:com.snowplowanalytics.snowplow/CollectorPayload/thrift/1-0-0"
ENCODING: Final = "UTF-8"

_CRITERION = SchemaCriterion("com.snowplowanalytics.snowplow", "CollectorPayload", "thrift", 1, 0)

# Thrift binary protocol: type codes, and the sizes of the types that have one
_STOP, _I64, _STRING, _STRUCT, _MAP, _SET, _LIST = 0, 10, 11, 12, 13, 14, 15
_FIXED_SIZES = {2: 1, 3: 1, 4: 8, 6: 2, 8: 4, 10: 8, 16: 16}  # bool, byte, double, i16, i32, i64, uuid
_MAX_NESTING = 32

_TEXT_FIELDS = {
    100: "ip_address",
    210: "encoding",
    220: "collector",
    300: "user_agent",
    310: "referer_uri",
    320: "path",
    330: "querystring",
    340: "body",
    360: "content_type",
    400: "hostname",
    410: "network_user_id",
    31337: "schema",
}
_TIMESTAMP, _HEADERS, _SCHEMA = 200, 350, 31337

_FIELD = struct.Struct(">bh")
_SIZE = struct.Struct(">i")
_LONG = struct.Struct(">q")
_TEXT_FIELD = struct.Struct(">bhi")
_LONG_FIELD = struct.Struct(">bhq")
_LIST_FIELD = struct.Struct(">bhbi")


def _text_field(number: int, text: bytes) -> bytes:
    return _TEXT_FIELD.pack(_STRING, number, len(text)) + text


_ENCODING_FIELD = _text_field(210, ENCODING.encode())
_END = _text_field(_SCHEMA, SCHEMA.encode()) + bytes([_STOP])


class PayloadError(ValueError):
    """The bytes are no collector payload; `error` is one sentence for the bad row."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


class CollectorPayload(msgspec.Struct, frozen=True, gc=False):
    """One request as the collector stored it. Texts are undecoded as they came; None means absent.

    timestamp is milliseconds since 1970 at receipt; headers are "Name: value"; ip_address may be "unknown".
    """

    ip_address: str
    timestamp: int
    encoding: str
    collector: str
    user_agent: str | None = None
    referer_uri: str | None = None
    path: str | None = None
    querystring: str | None = None
    body: str | None = None
    headers: tuple[str, ...] = ()
    content_type: str | None = None
    hostname: str | None = None
    network_user_id: str | None = None


def encode_record(
    *,
    ip_address: bytes,
    timestamp: int,
    collector: bytes,
    user_agent: bytes | None,
    referer_uri: bytes | None,
    path: bytes | None,
    querystring: bytes | None,
    body: bytes | None,
    headers: Sequence[bytes],
    content_type: bytes | None,
    hostname: bytes | None,
    network_user_id: bytes | None,
    encoding: bytes = b"UTF-8",
) -> bytes:
    """The record of a request whose parts are already bytes: fields ascending, schema last, absent ones left out."""
    pack = _TEXT_FIELD.pack
    parts = [
        pack(_STRING, 100, len(ip_address)),
        ip_address,
        _LONG_FIELD.pack(_I64, _TIMESTAMP, timestamp),
        _ENCODING_FIELD if encoding == b"UTF-8" else _text_field(210, encoding),
        pack(_STRING, 220, len(collector)),
        collector,
    ]
    for number, text in ((300, user_agent), (310, referer_uri), (320, path), (330, querystring), (340, body)):
        if text is not None:
            parts += (pack(_STRING, number, len(text)), text)
    size = _SIZE.pack
    parts.append(_LIST_FIELD.pack(_LIST, _HEADERS, _STRING, len(headers)))
    for header in headers:
        parts += (size(len(header)), header)
    for number, text in ((360, content_type), (400, hostname), (410, network_user_id)):
        if text is not None:
            parts += (pack(_STRING, number, len(text)), text)
    parts.append(_END)
    return b"".join(parts)


def encode(payload: CollectorPayload) -> bytes:
    """The record of a payload. A lone surrogate, which UTF-8 cannot hold, becomes "?"."""
    return encode_record(
        ip_address=_utf8(payload.ip_address),
        timestamp=payload.timestamp,
        encoding=_utf8(payload.encoding),
        collector=_utf8(payload.collector),
        user_agent=_utf8_or_none(payload.user_agent),
        referer_uri=_utf8_or_none(payload.referer_uri),
        path=_utf8_or_none(payload.path),
        querystring=_utf8_or_none(payload.querystring),
        body=_utf8_or_none(payload.body),
        headers=[_utf8(header) for header in payload.headers],
        content_type=_utf8_or_none(payload.content_type),
        hostname=_utf8_or_none(payload.hostname),
        network_user_id=_utf8_or_none(payload.network_user_id),
    )


def decode(record: bytes) -> CollectorPayload:
    """The payload of a record, its fields in any order, unknown ones skipped. Raises PayloadError.

    Bytes that are not UTF-8 are read as U+FFFD. A missing address is empty, because other collectors leave it out;
    a record without timestamp, collector or the schema field is refused.
    """
    try:
        texts, timestamp, headers = _fields(record)
    except (struct.error, IndexError):
        raise PayloadError("the Thrift record ends before its last field") from None
    _check_schema(texts.pop("schema", None))
    collector = texts.pop("collector", None)
    if collector is None or timestamp is None:
        raise PayloadError(f"the collector payload has no {'collector' if collector is None else 'timestamp'}")
    return CollectorPayload(
        ip_address=texts.pop("ip_address", ""),
        timestamp=timestamp,
        encoding=texts.pop("encoding", ENCODING),
        collector=collector,
        headers=headers,
        **texts,
    )


def _check_schema(uri: str | None) -> None:
    if uri == SCHEMA:
        return
    if uri is None:
        raise PayloadError("the record has no schema field: it is no collector payload")
    key = SchemaKey.parse(uri)
    if key is None:
        raise PayloadError("the schema of the record is no Iglu URI")
    if not _CRITERION.matches(key):
        raise PayloadError(f"expected {_CRITERION}, found {uri}")


def _fields(record: bytes) -> tuple[dict[str, str], int | None, tuple[str, ...]]:
    """The known fields of a struct. A known field of another type is skipped, as Thrift readers do."""
    texts: dict[str, str] = {}
    timestamp: int | None = None
    headers: tuple[str, ...] = ()
    unpack, length, at = _TEXT_FIELD.unpack_from, len(record), 0
    while (kind := record[at]) != _STOP:
        if kind == _STRING:
            _, number, size = unpack(record, at)
            start = at + 7
            at = start + size
            if size < 0 or at > length:
                raise _does_not_fit(size)
            if (name := _TEXT_FIELDS.get(number)) is not None:
                texts[name] = record[start:at].decode("utf-8", "replace")
            continue
        _, number = _FIELD.unpack_from(record, at)
        at += 3
        if kind == _I64 and number == _TIMESTAMP:
            (timestamp,) = _LONG.unpack_from(record, at)
            at += 8
        elif kind == _LIST and number == _HEADERS and record[at] == _STRING:
            headers, at = _texts(record, at)
        else:
            at = _skip(record, at, kind, _MAX_NESTING)
    return texts, timestamp, headers


def _texts(record: bytes, at: int) -> tuple[tuple[str, ...], int]:
    count = _count(record, at + 1, 4)
    unpack, length, at = _SIZE.unpack_from, len(record), at + 5
    texts = []
    for _ in range(count):
        (size,) = unpack(record, at)
        start = at + 4
        at = start + size
        if size < 0 or at > length:
            raise _does_not_fit(size)
        texts.append(record[start:at].decode("utf-8", "replace"))
    return tuple(texts), at


def _does_not_fit(size: int) -> PayloadError:
    return PayloadError(f"a text of {size} bytes does not fit into the Thrift record")


def _count(record: bytes, at: int, smallest: int) -> int:
    """The number of elements written at a place, which must fit into what is left at `smallest` bytes each."""
    (count,) = _SIZE.unpack_from(record, at)
    if not 0 <= count * smallest <= len(record) - at - 4:
        raise PayloadError(f"{count} elements do not fit into the Thrift record")
    return int(count)


def _skip(record: bytes, at: int, kind: int, nesting: int) -> int:
    """Where the value of that type ends, which may be behind the record: reading on from there then fails."""
    if (size := _FIXED_SIZES.get(kind)) is not None:
        end = at + size
    elif kind == _STRING:
        (size,) = _SIZE.unpack_from(record, at)
        end = at + 4 + size
        if size < 0 or end > len(record):
            raise _does_not_fit(size)
    elif nesting == 0:
        raise PayloadError("the Thrift record is nested too deeply")
    elif kind == _STRUCT:
        end = at
        while (inner := record[end]) != _STOP:
            end = _skip(record, end + 3, inner, nesting - 1)
        end += 1
    elif kind in (_LIST, _SET):
        inner = record[at]
        end = at + 5
        for _ in range(_count(record, at + 1, 1)):
            end = _skip(record, end, inner, nesting - 1)
    elif kind == _MAP:
        key, value = record[at], record[at + 1]
        end = at + 6
        for _ in range(_count(record, at + 2, 2)):
            end = _skip(record, _skip(record, end, key, nesting - 1), value, nesting - 1)
    else:
        raise PayloadError(f"the Thrift record has a field of the unknown type {kind}")
    return end


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _utf8_or_none(text: str | None) -> bytes | None:
    return None if text is None else _utf8(text)
