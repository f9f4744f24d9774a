"""Keys: made in pairs, revoked one by one."""

from typing import Annotated, Any, Final, Literal

import msgspec
from fastapi import APIRouter, Query, Response

from snowmelt.iglu.server import answers, names, stored_keys
from snowmelt.iglu.server.answers import Keys, Message, Refused
from snowmelt.iglu.server.permissions import Level, Permission, covers, parse_key
from snowmelt.iglu.server.registry import Asker, Body, Held, object_in

router: Final = APIRouter(prefix="/auth", tags=["keys"])

_LEVELS: Final = ("BUMP", "CREATE", "CREATE_VENDOR", "KEYGEN")


class Wanted(msgspec.Struct, frozen=True, rename="camel"):
    """What a pair of keys is to be for."""

    vendor_prefix: str
    write_level: Literal["BUMP", "CREATE", "CREATE_VENDOR", "KEYGEN"] = "CREATE_VENDOR"


_WANTED: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "vendorPrefix": {"type": "string", "description": "com.acme is for com.acme and com.acme.shop; * for all"},
        "writeLevel": {"type": "string", "enum": list(_LEVELS), "default": "CREATE_VENDOR"},
    },
    "required": ["vendorPrefix"],
}
_REFUSED: Final[dict[int | str, dict[str, Any]]] = {403: {"model": Message, "description": "the key may not do this"}}


@router.post(
    "/keygen",
    status_code=201,
    response_class=Response,
    responses=_REFUSED
    | {
        201: {"model": Keys, "description": "one key to read, one to write too; they are shown this once"},
        413: {"model": Message, "description": "the body is too large"},
    },
    openapi_extra={"requestBody": {"required": True, "content": {"application/json": {"schema": _WANTED}}}},
)
def make_keys(registry: Held, asker: Asker, body: Body) -> Response:
    """Makes two keys for a vendor and those below it; what they may do is less than what the asker may."""
    if asker.level is None or asker.level < Level.KEYGEN:
        raise Refused(403, "Not sufficient privileges to create keys")
    wanted = _wanted(body)
    vendor, level = wanted.vendor_prefix, Level[wanted.write_level]
    if not covers(asker.vendor, vendor) or asker.level <= level:
        raise Refused(403, f"Cannot create {vendor or 'wildcard vendor'} {level.name} using your permissions")
    read, write = registry.new_key(), registry.new_key()
    with registry.database.writing("keys") as connection:
        now = registry.now()
        stored_keys.add(connection, read, Permission(Level.READ, vendor), now)
        stored_keys.add(connection, write, Permission(level, vendor), now)
    return answers.json(Keys(read=str(read), write=str(write)), 201)


@router.delete(
    "/keygen",
    response_class=Response,
    responses=_REFUSED | {200: {"model": Message, "description": "the key is known no more"}},
)
def revoke_key(
    registry: Held, asker: Asker, key: Annotated[str, Query(description="the key, of a level below the asker's")]
) -> Response:
    """Revokes a key; one that is not known is no error, so that nobody learns which are."""
    if asker.level is None or asker.level < Level.KEYGEN:
        raise Refused(403, "Not sufficient privileges to delete key")
    parsed = parse_key(key)
    if parsed is None:
        raise Refused(400, "Invalid UUID for ApiKey")
    with registry.database.writing("keys") as connection:
        found = stored_keys.find(connection, parsed)
        if found is not None and found.level is not None:
            if not covers(asker.vendor, found.vendor) or asker.level <= found.level:
                raise Refused(403, "Not sufficient privileges to delete key")
            stored_keys.revoke(connection, parsed)
    return answers.json(Message(message="Keys have been deleted"))


def _wanted(body: bytes) -> Wanted:
    try:
        wanted = msgspec.convert(object_in(body), Wanted)
    except msgspec.ValidationError as error:
        raise Refused(400, f"The request body was malformed: {error}") from None
    vendor = wanted.vendor_prefix.strip()
    if vendor in ("", "*"):
        return msgspec.structs.replace(wanted, vendor_prefix="")
    if not names.is_vendor(vendor):
        raise Refused(400, f"{vendor[:100]!r} is no vendor, which is labels joined by dots, or * for all")
    return msgspec.structs.replace(wanted, vendor_prefix=vendor)
