"""What trackers are answered: the cookie, the CORS headers, the pixel, redirects."""

import base64
import re
from email.utils import formatdate
from functools import lru_cache
from urllib.parse import urlsplit

from snowmelt.collector import cookies
from snowmelt.collector.headers import is_origin
from snowmelt.collector.messages import TEXT, Response, response
from snowmelt.collector.settings import CollectorSettings, Cookie
from snowmelt.settings import seconds

PIXEL = base64.b64decode("R0lGODlhAQABAPAAAP///wAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==")
_OK_BEGINS = b"HTTP/1.1 200 OK\r\n"
_OK_ENDS = TEXT + b"Content-Length: 2\r\n"
_GIF = b"Content-Type: image/gif\r\n"
_NO_CACHE = b"Cache-Control: no-cache, no-store, must-revalidate\r\n"
_AUTHORITY = re.compile(rb"[a-z][a-z0-9+.-]*://[^\\\0-\x20\x7f/?#]+(?=[/?#]|$)", re.IGNORECASE)
_UNSENDABLE = re.compile(rb"[\0-\x1f\x7f]")


class Replies:
    """Answers to tracking requests. They depend on nothing but the settings and the arguments."""

    def __init__(self, settings: CollectorSettings) -> None:
        self._cookies = _cookie_templates(settings.cookie) if settings.cookie.enabled else ()
        self._lifetime = int(seconds(settings.cookie.expiration))
        self._domains = [domain.encode() for domain in settings.cookie.domains]
        self._fallback_domain = settings.cookie.fallback_domain.encode()
        self._preflight = (
            b"Access-Control-Allow-Headers: Content-Type, SP-Anonymous\r\nAccess-Control-Max-Age: %d\r\n"
            % seconds(settings.cors.access_control_max_age)
        )
        p3p = settings.p3p
        self._p3p = f'P3P: policyref="{p3p.policy_ref}", CP="{p3p.cp}"\r\n'.encode() if p3p else b""
        self._origin = lru_cache(maxsize=1024)(self._read_origin)

    def ok(self, origin: bytes, user_id: bytes | None, second: int) -> Response:
        """The answer to a POST; ``second`` is the time since 1970, ``user_id`` goes into the cookie."""
        cors, domain = self._origin(origin)
        head = b"".join((_OK_BEGINS, self.cookie(user_id, domain, second), self._p3p, cors, _OK_ENDS))
        return Response(200, head, b"ok")

    def pixel(self, origin: bytes, user_id: bytes | None, second: int, *, head: bool) -> Response:
        """The answer to a GET or HEAD."""
        cors, domain = self._origin(origin)
        headers = self.cookie(user_id, domain, second) + _NO_CACHE + self._p3p + cors + _GIF
        return response(200, headers, PIXEL, without_body=head)

    def redirect(
        self, location: bytes | None, origin: bytes, user_id: bytes | None, second: int, *, pixel: bool
    ) -> Response:
        """302 to the location; 400 where there is none. A location with control characters is left out."""
        cors, domain = self._origin(origin)
        headers = self.cookie(user_id, domain, second) + (_NO_CACHE if pixel else b"") + self._p3p + cors
        if location is None:
            return response(400, headers)
        return response(302, headers if _UNSENDABLE.search(location) else b"Location: %b\r\n" % location + headers)

    def preflight(self, origin: bytes) -> Response:
        """The answer to OPTIONS."""
        return response(200, self._origin(origin)[0] + self._preflight)

    def cookie(self, user_id: bytes | None, domain: bytes, second: int) -> bytes:
        """The Set-Cookie lines, none for no id and for one that a cookie cannot hold."""
        if user_id is None or not self._cookies or not cookies.is_value(user_id):
            return b""
        expires = http_date(second + self._lifetime)
        return b"".join([template % (user_id, expires, domain) for template in self._cookies])

    def _read_origin(self, origin: bytes) -> tuple[bytes, bytes]:
        """The CORS lines for an Origin header and the cookie's Domain attribute."""
        allowed = origin if is_origin(origin) else b"*"
        cors = b"Access-Control-Allow-Origin: %b\r\nAccess-Control-Allow-Credentials: true\r\n" % allowed
        hosts = [host_of(part) or b"" for part in origin.split()]
        for domain in self._domains:
            if any(host == domain or host.endswith(b"." + domain) for host in hosts):
                return cors, b"Domain=%b; " % domain
        return cors, b"Domain=%b; " % self._fallback_domain if self._fallback_domain else b""


def host_of(url: bytes) -> bytes | None:
    """The host a browser would open for an absolute URL, in lower case; None where programs might disagree about it."""
    match = _AUTHORITY.match(url)
    try:
        return urlsplit(match[0]).hostname if match else None
    except ValueError:
        return None


@lru_cache(maxsize=64)
def http_date(second: int) -> bytes:
    """The time as HTTP spells it: ``Mon, 23 Nov 2026 14:46:36 GMT``."""
    return formatdate(second, usegmt=True).encode()


def _cookie_templates(cookie: Cookie) -> tuple[bytes, ...]:
    """Set-Cookie lines with places for the value, the expiry and the Domain attribute."""
    secure = "; Secure" if cookie.secure else ""
    same_site = f"; SameSite={cookie.same_site}" if cookie.same_site else ""
    http_only = "; HttpOnly" if cookie.http_only else ""
    copies = [(cookie.name, http_only)] + ([(cookie.client_cookie_name, "")] if cookie.client_cookie_name else [])
    return tuple(
        f"Set-Cookie: {name}=%b; Expires=%b; %bPath=/{secure}{flag}{same_site}\r\n".encode() for name, flag in copies
    )
