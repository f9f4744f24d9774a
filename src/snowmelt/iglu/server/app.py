"""The registry as a web application."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any, Final

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi_offline import FastAPIOffline
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Match, Route

from snowmelt import __version__
from snowmelt.iglu.server import answers
from snowmelt.iglu.server.answers import Message, Refused
from snowmelt.iglu.server.front import Front
from snowmelt.iglu.server.registry import Registry
from snowmelt.iglu.server.routes import auth, drafts, meta, schemas, validation
from snowmelt.settings import seconds

log = logging.getLogger(__name__)

_DAY_SECONDS: Final = 86400
_METHODS: Final = ("GET", "POST", "PUT", "DELETE")

_EVERYWHERE: Final[dict[int | str, dict[str, Any]]] = {
    400: {"model": Message, "description": "the key is no UUID, or something else is not what it has to be"},
    503: {"model": Message, "description": "the database is not available"},
}


def create_app(registry: Registry) -> FastAPI:
    """The application of a registry, which it closes at its end."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        registry.webhooks.close()
        registry.database.close()

    settings = registry.settings
    app = FastAPIOffline(
        docs_url="/static",
        redoc_url=None,
        static_url="/static/swagger-ui",
        swagger_ui_oauth2_redirect_url="/static/oauth2-redirect",
        swagger_ui_parameters={"validatorUrl": None},  # else it would show a badge from elsewhere
        title="Snowmelt schema registry",
        version=__version__,
        openapi_url="/api/openapi.json",
        lifespan=lifespan,
        servers=_servers(settings.swagger.base_url),
    )
    app.state.registry = registry
    api = APIRouter(prefix="/api", responses=_EVERYWHERE)
    for router in (schemas.reading, schemas.writing, validation.router, auth.router, drafts.router, meta.router):
        api.include_router(router)
    if settings.debug:
        api.include_router(meta.debugging)
    app.include_router(api)
    app.include_router(schemas.reading, include_in_schema=False)  # a resolver's uri may leave out /api
    app.openapi = lambda: _described(app)  # type: ignore[method-assign]

    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(HTTPException, _not_served)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(SQLAlchemyError, _unavailable)
    app.add_exception_handler(Exception, _failed)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=_METHODS,
        allow_headers=["content-type", "apikey"],
        expose_headers=["ETag"],
        max_age=_DAY_SECONDS,
    )
    hsts = settings.repo_server.hsts
    app.add_middleware(
        Front,
        max_body=settings.repo_server.max_payload_size,
        hsts_seconds=int(seconds(hsts.max_age)) if hsts.enable else None,
    )
    return app


def _servers(base_url: str) -> list[dict[str, Any]] | None:
    """Where the API's page sends to, where a proxy has lengthened the paths."""
    outside = base_url.rstrip("/").removesuffix("/api")
    return [{"url": outside}] if outside else None


def _described(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, without FastAPI's own 422, which is a 400 here."""
    if app.openapi_schema is None:
        found = get_openapi(title=app.title, version=app.version, routes=app.routes, servers=app.servers)
        for path in found["paths"].values():
            for operation in path.values():
                operation["responses"].pop("422", None)
        for name in ("HTTPValidationError", "ValidationError"):
            found["components"]["schemas"].pop(name, None)
        app.openapi_schema = found
    return app.openapi_schema


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    headers = {"Allow": "GET, PUT"} if error.status == HTTPStatus.METHOD_NOT_ALLOWED else None
    return answers.json(error.answer, error.status, headers)


async def _not_served(request: Request, error: Exception) -> Response:
    """An address that there is not, or a method that it does not have."""
    assert isinstance(error, HTTPException)
    if error.status_code == HTTPStatus.NOT_FOUND:
        return answers.json(Message(message=answers.NO_ENDPOINT), 404)
    if error.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
        return answers.json(Message(message=str(error.detail)), error.status_code)
    headers = {"Allow": ", ".join(_allowed(request))}
    if request.method == "OPTIONS":
        return Response(None, 204, headers)
    return answers.json(Message(message=f"{request.method} is not for this address"), 405, headers)


def _allowed(request: Request) -> list[str]:
    """The methods of an address; the router itself names those of one route only."""
    methods = {"OPTIONS"}
    for route in request.app.routes:
        if isinstance(route, Route) and route.matches(request.scope)[0] != Match.NONE:
            methods |= route.methods or set()
    return sorted(methods | ({"HEAD"} if "GET" in methods else set()))


async def _malformed(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    places = (f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
    return answers.json(Message(message=f"The request was malformed: {'; '.join(places)}"), 400)


async def _unavailable(_: Request, error: Exception) -> Response:
    """A database that does not answer, or not in time."""
    log.error("the database did not do what it was asked: %s", error)
    return answers.json(Message(message="The database is not available"), 503, {"Retry-After": "5"})


async def _failed(_: Request, __: Exception) -> Response:
    return answers.json(Message(message="Internal error"), 500)
