"""What a client may send, and what it is answered when it sends something else."""

import msgspec

from snowmelt.collector.messages import text
from snowmelt.collector.settings import Networking
from snowmelt.settings import seconds

TOO_LARGE = text(413, "the body is too large")
HEADERS_TOO_LARGE = text(431, "the headers are too large")
URI_TOO_LONG = text(414, "the request target is too long")
TOO_MANY_HEADERS = text(400, "the request has too many headers")
TIMED_OUT = text(408, "the request took too long")
BAD_VERSION = text(505, "this version of HTTP is not spoken here")
UNKNOWN_METHOD = text(501, "unknown method")
MALFORMED = text(400, "the request is malformed")
TOO_MANY_CONNECTIONS = text(503, "too many connections")


class Limits(msgspec.Struct, frozen=True):
    """What a client may send, in bytes and seconds."""

    target: int
    head: int
    """All headers together."""
    header_value: int
    headers: int
    body: int
    connections: int
    idle: float
    request: float

    @classmethod
    def of(cls, networking: Networking) -> "Limits":
        """The limits from the settings."""
        return cls(
            target=networking.max_request_line_length,
            head=networking.max_headers_length,
            header_value=networking.max_header_value_length,
            headers=networking.max_header_count,
            body=networking.drop_payload_size,
            connections=networking.max_connections,
            idle=seconds(networking.idle_timeout),
            request=seconds(networking.response_header_timeout),
        )
