"""The collector's settings, under the names of Snowplow's collector."""

import re
from typing import Annotated

import msgspec

from snowmelt.settings import Port, Positive, Settings, seconds


class Cookie(Settings, frozen=True):
    """The cookie that carries the network user id."""

    enabled: bool = True
    name: str = "sp"
    expiration: str = "365 days"
    domains: tuple[str, ...] = ()
    """The first of these that the request's Origin belongs to becomes the cookie's Domain …"""
    fallback_domain: str = ""
    """… else this one; empty: the host that was asked."""
    secure: bool = True
    http_only: bool = True
    same_site: str = "None"
    client_cookie_name: str = ""
    """A second cookie of this name with the same value that scripts may read."""

    def __post_init__(self) -> None:
        """Refuses what could not stand in a Set-Cookie header."""
        seconds(self.expiration)
        for text in (self.name, self.client_cookie_name, self.fallback_domain, self.same_site, *self.domains):
            if not re.fullmatch(r"[A-Za-z0-9._-]*", text):
                raise ValueError(f"{text!r} cannot stand in a cookie")


class Cors(Settings, frozen=True):
    """Answers to browsers that ask first."""

    access_control_max_age: str = "60 minutes"
    """How long a browser remembers the answer."""

    def __post_init__(self) -> None:
        """Refuses a duration that is none."""
        seconds(self.access_control_max_age)


class DoNotTrackCookie(Settings, frozen=True):
    """A cookie by which a visitor opts out: answered, never stored."""

    enabled: bool = False
    name: str = ""
    value: str = ""
    """A regular expression that the whole value has to match."""

    def __post_init__(self) -> None:
        """Refuses an expression that does not compile."""
        try:
            re.compile(self.value)
        except re.error as error:
            raise ValueError(f"{self.value!r} is no regular expression: {error}") from None


class CookieBounce(Settings, frozen=True):
    """A redirect to the same address that finds out whether third-party cookies are kept."""

    enabled: bool = False
    name: str = "n3pc"
    """The query parameter that marks the second request."""
    fallback_network_user_id: str = "00000000-0000-4000-A000-000000000000"
    forwarded_protocol_header: str = ""
    """The header in which a proxy says whether the visitor came by http or https."""


class RedirectMacro(Settings, frozen=True):
    """A placeholder in redirect targets that is replaced by the network user id."""

    enabled: bool = False
    placeholder: str | None = None


class RootResponse(Settings, frozen=True):
    """What ``/`` answers."""

    enabled: bool = False
    status_code: Annotated[int, msgspec.Meta(ge=200, le=599)] = 302
    headers: dict[str, str] = msgspec.field(default_factory=dict)
    body: str = ""

    def __post_init__(self) -> None:
        """Refuses headers that would break the answer."""
        for name, value in self.headers.items():
            if not re.fullmatch(r"[A-Za-z0-9-]+", name) or re.search(r"[\r\n\0]", value):
                raise ValueError(f"the header {name!r} cannot be sent")


class CrossDomain(Settings, frozen=True):
    """The Flash policy at ``/crossdomain.xml``."""

    enabled: bool = False
    domains: tuple[str, ...] = ("*",)
    secure: bool = True


class P3p(Settings, frozen=True):
    """The privacy header of old Internet Explorers."""

    policy_ref: str = "/w3c/p3p.xml"
    cp: str = msgspec.field(default="NOI DSP COR NID PSA OUR IND COM NAV STA", name="CP")


class Networking(Settings, frozen=True):
    """Limits on what a client may send. Sizes in bytes."""

    max_connections: Positive = 1024
    idle_timeout: str = "610 seconds"
    """How long a quiet connection is kept: longer than a load balancer keeps its side."""
    response_header_timeout: str = "30 seconds"
    """How long a client may take to send one request."""
    max_request_line_length: Positive = 32768
    max_headers_length: Positive = 40960
    max_header_value_length: Positive = 8192
    max_header_count: Positive = 64
    drop_payload_size: Positive = 2 * 1024 * 1024
    """A larger body is refused with 413."""

    def __post_init__(self) -> None:
        """Refuses durations that are none."""
        seconds(self.idle_timeout)
        seconds(self.response_header_timeout)


class Queue(Settings, frozen=True):
    """What may wait for the log. Beyond it requests are answered 503, which trackers retry."""

    record_limit: Positive = 10_000
    byte_limit: Positive = 64 * 1024 * 1024


class Log(Settings, frozen=True):
    """What the log keeps. Its oldest records go first, and only what every consumer has read goes at all."""

    disk_budget: Positive = 16 * 1024 * 1024 * 1024
    """Bytes it may take. Beyond it requests are answered 503, which trackers retry."""
    retention: str | None = None
    """How long what was read is kept, as in ``7 days``; none: for ever. The books need all of it."""

    def __post_init__(self) -> None:
        """Refuses a duration that is none."""
        if self.retention is not None:
            seconds(self.retention)


class Streams(Settings, frozen=True):
    """What is written, and how."""

    use_ip_address_as_partition_key: bool = False
    """Keeps one visitor's records in one partition; random otherwise."""
    max_bytes: Positive = 1_000_000
    """A larger record is split by event; an event that is larger alone becomes a size_violation bad row."""
    queue: Queue = Queue()
    log: Log = Log()


class Metrics(Settings, frozen=True):
    """The Prometheus page."""

    enabled: bool = True
    interface: str = "127.0.0.1"
    port: Port = 8125


class CollectorSettings(Settings, frozen=True):
    """Everything the collector can be told."""

    interface: str = "127.0.0.1"
    port: Port = 8080
    """0 takes any free port; the log says which."""
    paths: dict[str, str] = msgspec.field(default_factory=dict)
    """Own addresses: ``{"/acme/track": "/com.snowplowanalytics.snowplow/tp2"}``."""
    cookie: Cookie = Cookie()
    cors: Cors = Cors()
    do_not_track_cookie: DoNotTrackCookie = DoNotTrackCookie()
    cookie_bounce: CookieBounce = CookieBounce()
    redirect_macro: RedirectMacro = RedirectMacro()
    root_response: RootResponse = RootResponse()
    cross_domain: CrossDomain = CrossDomain()
    p3p: P3p | None = None
    """Sent only when named: browsers have forgotten it."""
    enable_default_redirect: bool = False
    """Whether ``/r/…`` redirects to the address in ``u``."""
    redirect_domains: tuple[str, ...] = ()
    """Hosts that may be redirected to; none named: any."""
    pre_termination_period: str = "0 seconds"
    """How long ``/health`` answers 503 before the collector stops accepting."""
    termination_deadline: str = "10 seconds"
    """How long open requests may take to finish after that."""
    networking: Networking = Networking()
    streams: Streams = Streams()
    metrics: Metrics = Metrics()

    def __post_init__(self) -> None:
        """Refuses durations that are none and paths that no request could match."""
        seconds(self.pre_termination_period)
        seconds(self.termination_deadline)
        for path in (*self.paths, *self.paths.values()):
            if not re.fullmatch(r"/[^/?#]+/[^/?#]+", path):
                raise ValueError(f"{path!r} is no path of two segments, as in '/acme/track'")
