"""One stored request made ready for the adapters: which API it called, its query, and who sent it."""

import re
from typing import Final

import msgspec

from snowmelt.enrich import query_strings, uris, values
from snowmelt.protocol.bad_rows import InputData
from snowmelt.protocol.collector_payload import CollectorPayload

_API_PATH: Final = re.compile(r"/?([^/]+)/([^/]+)/?")
_PIXEL_VENDOR, _PIXEL_VERSION = "com.snowplowanalytics.snowplow", "tp1"

_FORWARDED_ADDRESS: Final = re.compile(
    r"(x-forwarded-for: |forwarded: for=)\"?\[?"
    r"(?:([0-9]{1,3}(?:\.[0-9]{1,3}){3})|([0-9a-f.:]+)(?![a-z0-9_\-]))"
)


class Request(msgspec.Struct, frozen=True, gc=False):
    """A payload whose path, query and user id are understood. `query` is decoded, in order, duplicates included."""

    payload: CollectorPayload
    vendor: str
    version: str
    query: list[tuple[str, str | None]]
    encoding: str
    ip_address: str | None
    network_user_id: str | None

    @property
    def parameters(self) -> dict[str, str | None]:
        """The query by name; of a name that comes twice the last one counts."""
        return dict(self.query)


def of(payload: CollectorPayload) -> Request | InputData:
    """The request of a payload, or the first thing that is wrong with it."""
    encoding = query_strings.codec(payload.encoding)
    if encoding is None:
        return InputData("encoding", payload.encoding, "not a charset every reader knows")
    query = uris.query(payload.querystring) if payload.querystring else ""
    if query is None:
        return InputData("querystring", payload.querystring, "could not extract name-value pairs: not a legal query")
    if payload.path is None:
        return InputData("path", None, "request does not contain a path")
    api = _api(payload.path)
    if api is None:
        return InputData(
            "path", payload.path, "path does not match (/)vendor/version(/) nor is a legacy /i(ce.png) request"
        )
    network_user_id = payload.network_user_id
    if network_user_id is not None:
        network_user_id = values.lenient_uuid(network_user_id)
        if network_user_id is None:
            return InputData("networkUserId", payload.network_user_id, "not valid UUID")
    return Request(
        payload,
        *api,
        query_strings.pairs(query, encoding) if query else [],
        encoding,
        _ip_address(payload.headers, payload.ip_address),
        network_user_id,
    )


def _api(path: str) -> tuple[str, str] | None:
    """Vendor and version of a collector path; the pixel's paths stand for the tracker protocol's first version."""
    match = _API_PATH.fullmatch(path)
    if match:
        return match[1], match[2]
    if path == "/i" or path.startswith(("/i?", "/ice.png")):
        return _PIXEL_VENDOR, _PIXEL_VERSION
    return None


def _ip_address(headers: tuple[str, ...], stored: str) -> str | None:
    """The address a proxy has seen, else the one the collector has stored.

    X-Forwarded-For counts wherever it stands, Forwarded only as the last header, as in the JVM applications. A value
    that does not begin with an address is passed over.
    """
    forwarded = None
    for header in headers:
        forwarded = None
        match = _FORWARDED_ADDRESS.match(header.lower()) if header[:1] in "xXfF" else None
        if match is None:
            continue
        forwarded = match[2] or match[3]
        if match[1][0] == "x":
            break
    return values.ip_address(forwarded or stored or "")
