"""The pages that are not for trackers: health, robots, the root, the Flash policy."""

from collections.abc import Callable
from functools import partial
from xml.sax.saxutils import quoteattr

from snowmelt.collector.messages import Response, response, text
from snowmelt.collector.settings import CollectorSettings, CrossDomain, RootResponse

Page = Callable[[], Response]

UNAVAILABLE = text(503, "unavailable")


class Pages:
    """GET pages by path. ``accepting`` and ``healthy`` tell the collector's state at the moment of a request."""

    def __init__(self, settings: CollectorSettings, accepting: Callable[[], bool], healthy: Callable[[], bool]) -> None:
        self._pages: dict[bytes, tuple[str, Page]] = {
            b"/health": ("health", partial(_health, accepting, text(200, "OK"))),
            b"/sink-health": ("sink-health", partial(_health, healthy, text(200, "ok"))),
            b"/robots.txt": ("robots", partial(text, 200, "User-agent: *\nDisallow: /")),
        }
        if settings.root_response.enabled:
            self._pages[b"/"] = "root", partial(_root, settings.root_response)
        if settings.cross_domain.enabled:
            self._pages[b"/crossdomain.xml"] = "crossdomain", partial(_policy, settings.cross_domain)

    def find(self, path: bytes) -> tuple[str, Response] | None:
        """The name of a page and what it answers now; None where there is none."""
        found = self._pages.get(path)
        return (found[0], found[1]()) if found else None


def _health(well: Callable[[], bool], answer: Response) -> Response:
    return answer if well() else UNAVAILABLE


def _root(root: RootResponse) -> Response:
    lines = "".join(f"{name}: {value}\r\n" for name, value in root.headers.items())
    return response(root.status_code, lines.encode(), root.body.encode())


def _policy(policy: CrossDomain) -> Response:
    secure = "true" if policy.secure else "false"
    allowed = "".join(
        f'  <allow-access-from domain={quoteattr(domain)} secure="{secure}" />\n' for domain in policy.domains
    )
    page = f'<?xml version="1.0"?>\n<cross-domain-policy>\n{allowed}</cross-domain-policy>'
    return response(200, b"Content-Type: text/xml; charset=ISO-8859-1\r\n", page.encode("iso-8859-1", "replace"))
