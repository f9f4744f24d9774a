"""The registry itself: whether it is well, what it is, and, where debugging is on, what it holds."""

from typing import Final

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse
from sqlalchemy import func, select

from snowmelt import __version__
from snowmelt.iglu.server import answers, stored_schemas
from snowmelt.iglu.server.answers import AuthInfo, Contents, Message, Refused, ServerInfo
from snowmelt.iglu.server.permissions import Level, readable
from snowmelt.iglu.server.registry import Asker, Held
from snowmelt.iglu.server.stored_schemas import Part
from snowmelt.iglu.server.tables import DRAFTS, KEYS, SCHEMAS

router: Final = APIRouter(prefix="/meta", tags=["meta"])

debugging: Final = APIRouter(prefix="/debug", tags=["meta"])
"""Only where the setting `debug` is on."""


@router.get("/health", response_class=PlainTextResponse)
def health() -> str:
    """OK: it answers."""
    return "OK"


@router.get(
    "/health/db",
    response_class=PlainTextResponse,
    responses={500: {"content": {"text/plain": {}}, "description": "the database does not answer"}},
)
def database_health(registry: Held) -> Response:
    """OK: its database answers, too."""
    if registry.database.ping():
        return PlainTextResponse("OK")
    return PlainTextResponse("the database does not answer", 500)


@router.get(
    "/server",
    response_class=Response,
    responses={200: {"model": ServerInfo, "description": "version and settings"}},
)
def server(registry: Held, asker: Asker) -> Response:
    """What the registry is, what the key may do, and how many schemas it may read."""
    with registry.database.reading() as connection:
        found = stored_schemas.keys(connection, Part())
    settings = registry.settings
    return answers.json(
        ServerInfo(
            version=__version__,
            authInfo=AuthInfo(vendor=asker.vendor, level=None if asker.level is None else asker.level.name),
            database=registry.database.kind,
            schemaCount=sum(readable(asker, key.vendor, is_public) for key, is_public in found),
            debug=settings.debug,
            patchesAllowed=settings.patches_allowed,
        )
    )


@debugging.get(
    "",
    response_class=Response,
    responses={
        200: {"model": Contents, "description": "how much there is of what"},
        403: {"model": Message, "description": "only the super key may see it"},
    },
)
def debug(registry: Held, asker: Asker) -> Response:
    """How many schemas, drafts and keys there are, whoever may read them."""
    if asker.level != Level.SUPER:
        raise Refused(403, answers.NOT_AUTHORIZED)
    with registry.database.reading() as connection:
        schemas, drafts, keys = (
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (SCHEMAS, DRAFTS, KEYS)
        )
    return answers.json(Contents(schemas=schemas, drafts=drafts, keys=keys))
