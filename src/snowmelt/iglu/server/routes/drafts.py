"""Drafts: schemas under a plain number, written again and again before one is published."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request, Response

from snowmelt.iglu.server import answers, names, stored_drafts, stored_schemas
from snowmelt.iglu.server.answers import Draft, Message, Refused, Uploaded
from snowmelt.iglu.server.permissions import may_write, readable
from snowmelt.iglu.server.publishing import needed_level
from snowmelt.iglu.server.registry import Asker, Body, Held, IsPublic, object_in
from snowmelt.iglu.server.stored_drafts import DraftKey, StoredDraft
from snowmelt.protocol.json_text import Json, dumps, loads

router: Final = APIRouter(prefix="/drafts", tags=["drafts"])

Number = Annotated[str, Path(description="the draft's number, from 0")]

_READ: Final[dict[int | str, dict[str, Any]]] = {304: {"description": "the client has it (If-None-Match)"}}


@router.get(
    "", response_class=Response, responses=_READ | {200: {"model": list[Draft], "description": "drafts, in order"}}
)
def list_drafts(request: Request, registry: Held, asker: Asker) -> Response:
    """The drafts that may be read."""
    with registry.database.reading() as connection:
        found = stored_drafts.find_all(connection)
    texts = [_shown(draft) for draft in found if readable(asker, draft.key.vendor, draft.is_public)]
    return answers.cached(request, f"[{','.join(texts)}]", 0, is_public=False)


@router.get(
    "/{vendor}/{name}/{format}/{version}",
    response_class=Response,
    responses=_READ
    | {
        200: {"model": Draft, "description": "the draft"},
        404: {"model": Message, "description": "there is none, or the key may not read it"},
    },
)
def get_draft(
    request: Request,
    registry: Held,
    asker: Asker,
    vendor: str,
    name: str,
    format: str,  # noqa: A002
    version: Number,
) -> Response:
    """One draft."""
    key = _key(vendor, name, format, version)
    found = None
    if key is not None:
        with registry.database.reading() as connection:
            found = stored_drafts.find(connection, key)
    if found is None or not readable(asker, found.key.vendor, found.is_public):
        raise Refused(404, answers.NOT_FOUND)
    return answers.cached(request, _shown(found), 0, is_public=False)


@router.put(
    "/{vendor}/{name}/{format}/{version}",
    status_code=201,
    response_class=Response,
    responses={
        200: {"model": Uploaded, "description": "replaced"},
        201: {"model": Uploaded, "description": "stored, and durable"},
        403: {"model": Message, "description": "the key may not write here"},
        413: {"model": Message, "description": "the body is too large"},
    },
    openapi_extra={"requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}},
)
def put_draft(
    registry: Held,
    asker: Asker,
    vendor: str,
    name: str,
    format: str,  # noqa: A002
    version: Number,
    body: Body,
    isPublic: IsPublic = "false",  # noqa: N803
) -> Response:
    """Writes a draft over the one that was there. Any JSON object will do: validation is a route of its own."""
    key = _key(vendor, name, format, version)
    if key is None:
        raise Refused(400, f"No draft can have this address: {names.RULES}, where a number stands for the version")
    if not may_write(asker, vendor):
        raise Refused(403, answers.NOT_AUTHORIZED)
    draft = dumps(object_in(body))
    with registry.database.writing(f"draft {vendor}/{name}") as connection:
        exists = bool(stored_schemas.versions(connection, vendor, name))
        if not asker.may(needed_level(connection, asker, vendor, exists), vendor):
            raise Refused(403, answers.NOT_AUTHORIZED)
        updated = stored_drafts.put(connection, key, draft, isPublic == "true", registry.now())
    location = f"iglu:{vendor}/{name}/{format}/{key.version}"
    message, status = ("Schema updated", 200) if updated else ("Schema created", 201)
    return answers.json(Uploaded(message=message, updated=updated, location=location, status=status), status)


def _key(vendor: str, name: str, format_: str, version: str) -> DraftKey | None:
    number = names.draft_version(version)
    if number is None or format_ != names.FORMAT or not (names.is_vendor(vendor) and names.is_name(name)):
        return None
    return DraftKey(vendor, name, format_, number)


def _shown(draft: StoredDraft) -> str:
    key = draft.key
    identity: dict[str, Json] = {"vendor": key.vendor, "name": key.name, "format": key.format, "version": key.version}
    metadata: dict[str, Json] = {
        "createdAt": draft.created_at,
        "updatedAt": draft.updated_at,
        "isPublic": draft.is_public,
    }
    return dumps({"schemaMap": identity, "metadata": metadata, "body": loads(draft.body)})
