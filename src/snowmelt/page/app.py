"""The page's routes: what it is built of, where it may send to, and what became of its events."""

from pathlib import Path
from uuid import UUID

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from snowmelt.loader.errors import LoaderError
from snowmelt.page.policy import Policy, collectors, host_of
from snowmelt.page.published import Edition, Published, State
from snowmelt.page.settings import PageSettings

MOST_IDS = 50
"""How many events one request may ask for."""

SENTENCES = {
    State.NOT_YET: "The published tables do not have this event yet. Each build of the models publishes them anew.",
    State.BAD_ROW: "This event did not pass validation. A bad row keeps it, with the reason.",
    State.WAITING: "This event is loaded. Its run folder is not checked yet, or is held back from the models.",
    State.LOADED: "This event is loaded and released. The next build of the models takes it.",
    State.MODELLED: "This event is in the models.",
}


class PageError(Exception):
    """A page that cannot be served; the message says what to do."""


def application(settings: PageSettings, dist: Path, published: Published) -> Starlette:
    """The server of the page that was built into ``dist``. Raises PageError where there is none."""
    if not (dist / "index.html").is_file():
        raise PageError(f"the tracker page is not built in {dist}: run `scripts/build_page.sh {dist}`")
    server = _Answers(settings, published)
    return Starlette(
        routes=[
            Route("/health", server.health),
            Route("/settings.json", server.settings),
            Route("/events.json", server.states),
            Route("/events/{event_id}.json", server.event),
            Route("/events/{event_id}", server.event_page),
            Mount("/", StaticFiles(directory=dist, html=True)),
        ],
        middleware=[
            Middleware(
                _KnownHosts,
                allowed_hosts=["localhost", "127.0.0.1", "[::1]", *settings.hosts],
                www_redirect=False,
            ),
            Middleware(Policy, collectors=settings.collectors),
        ],
        exception_handlers={HTTPException: _refuse, LoaderError: _unreadable},
    )


class _KnownHosts(TrustedHostMiddleware):
    """Refuses names the page does not have, but for its health page: a load balancer asks for it by address."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, or refuses it."""
        if scope["type"] == "http" and scope["path"] == "/health":
            await self.app(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


class _Answers:
    """One method a route. Those that read the tables run in threads of their own."""

    def __init__(self, settings: PageSettings, published: Published) -> None:
        self._settings = settings
        self._published = published
        pages = Environment(
            loader=PackageLoader("snowmelt.page"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        pages.tests["nested"] = _is_nested
        pages.filters["text"] = _text
        self._event_page = pages.get_template("event.html")

    async def health(self, _request: Request) -> Response:
        """That the server answers."""
        return PlainTextResponse("ok")

    async def settings(self, request: Request) -> Response:
        """What the page needs to know to start."""
        return _json({"collectors": collectors(self._settings.collectors, host_of(request.scope))})

    def states(self, request: Request) -> Response:
        """How far each event asked for has come; 304 as long as nothing new was published."""
        ids = [_uuid(text) for text in request.query_params.getlist("id")]
        if len(ids) > MOST_IDS:
            raise HTTPException(400, f"{len(ids)} ids are too many: ask for at most {MOST_IDS} at a time")
        edition = self._published.edition()
        if edition and request.headers.get("if-none-match") == f'"{edition.name}"':
            return Response(status_code=304, headers=_tag(edition))
        edition, states = self._published.states(ids)
        events = {event_id: {"state": state} for event_id, state in states.items()}
        return _json({"published": _moment(edition), "events": events}, _tag(edition))

    def event(self, request: Request) -> Response:
        """Everything known of one event."""
        event = self._published.event(_uuid(request.path_params["event_id"]))
        return _json({"published": _moment(self._published.edition()), **msgspec.to_builtins(event)})

    def event_page(self, request: Request) -> Response:
        """The same, for people."""
        event = self._published.event(_uuid(request.path_params["event_id"]))
        published = self._published.edition()
        tables = [("atomic.events", event.events), ("atomic.bad_rows", event.bad_rows)]
        tables += [(f"derived.{mart}", lines) for mart, lines in event.marts.items()]
        shown = [(name, lines) for name, lines in tables if lines]
        page = self._event_page.render(
            event=event, sentence=SENTENCES[event.state], tables=shown, published=published, State=State
        )
        return HTMLResponse(page)


def _uuid(text: str) -> str:
    """The id as the tables spell it."""
    try:
        return str(UUID(text))
    except ValueError:
        raise HTTPException(400, "an event id is a UUID, as in 0d4b2f0e-6b5c-4c5e-9a59-6b1f4f4a3d7e") from None


def _tag(edition: Edition | None) -> dict[str, str]:
    return {"ETag": f'"{edition.name}"'} if edition else {}


def _moment(edition: Edition | None) -> str | None:
    return edition.moment.isoformat(timespec="seconds") if edition else None


def _json(data: object, headers: dict[str, str] | None = None) -> Response:
    return Response(msgspec.json.encode(data), headers=headers, media_type="application/json")


def _is_nested(value: object) -> bool:
    """Whether a value reads better on several lines: nested data, or a text that holds it, as a bad row's payload."""
    return isinstance(value, list | dict) or (isinstance(value, str) and value.startswith("{"))


def _text(value: object) -> str:
    """A value as text: what is nested as indented JSON."""
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    try:
        return msgspec.json.format(text, indent=2) if _is_nested(value) else text
    except (msgspec.DecodeError, RecursionError):
        return text


async def _refuse(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _sentence(request, error.status_code, error.detail)


async def _unreadable(request: Request, error: Exception) -> Response:
    """The copy is there and cannot be read."""
    return _sentence(request, 503, f"the published tables cannot be read: {error}")


def _sentence(request: Request, status: int, sentence: str) -> Response:
    if request.url.path.endswith(".json"):
        return Response(msgspec.json.encode({"error": sentence}), status, media_type="application/json")
    return PlainTextResponse(sentence, status)
