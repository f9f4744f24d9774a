"""Schemas: read, list, publish, withdraw."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request, Response

from snowmelt.iglu.publication import Refusal
from snowmelt.iglu.server import answers, documents, names, publishing, stored_schemas
from snowmelt.iglu.server.answers import Message, Mismatched, Refused, SchemaReport, Uploaded
from snowmelt.iglu.server.documents import Invalid, Mismatch, Nameless, Submission
from snowmelt.iglu.server.permissions import Level, Permission, may_write, readable
from snowmelt.iglu.server.publishing import NotAllowed
from snowmelt.iglu.server.registry import Asker, Body, Held, IsPublic, Registry, Representation, object_in
from snowmelt.iglu.server.stored_schemas import Part, StoredSchema
from snowmelt.protocol.json_text import dumps
from snowmelt.protocol.schema_key import SchemaKey

reading: Final = APIRouter(prefix="/schemas", tags=["schemas"])
"""What resolvers ask for, which may leave out /api."""

writing: Final = APIRouter(prefix="/schemas", tags=["schemas"])

Version = Annotated[
    str, Path(description="a version such as 1-0-0; to read, a model's number means all of its versions")
]

_ANY: Final = {"oneOf": [{"type": "array"}, {"type": "object"}]}
_LIST: Final = {"type": "array", "items": {"oneOf": [{"type": "string"}, {"type": "object"}]}}
_SENT: Final = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}},
}


def _read(schema: Mapping[str, Any]) -> dict[int | str, dict[str, Any]]:
    """What the API's page says of a route that reads."""
    return {
        200: {"content": {"application/json": {"schema": schema}}, "description": "found"},
        304: {"description": "the client has it (If-None-Match)"},
        404: {"model": Message, "description": "there is none, or none that the key may read"},
    }


_WRITTEN: Final[dict[int | str, dict[str, Any]]] = {
    200: {"model": Uploaded, "description": "replaced, where patches are allowed"},
    201: {"model": Uploaded, "description": "published, and durable"},
    400: {"model": SchemaReport | Mismatched | Message, "description": "no schema, or not the one of this address"},
    403: {"model": Message, "description": "the key may not publish here"},
    409: {"model": Message, "description": "a rule of SchemaVer forbids it; the message says what would be right"},
    413: {"model": Message, "description": "the body is too large"},
}
_REMOVED: Final[dict[int | str, dict[str, Any]]] = {
    200: {"model": Message, "description": "it is not there any more"},
    403: {"model": Message, "description": "the key may not delete"},
    405: {"model": Message, "description": "nothing is deleted here: patches are not allowed"},
    409: {"model": Message, "description": "another version needs it"},
}


@reading.get("", response_class=Response, responses=_read(_LIST))
def list_all(request: Request, registry: Held, asker: Asker, repr: Representation = "uri") -> Response:  # noqa: A002
    """Everything that may be read, ordered by names and version."""
    return _list(request, registry, asker, Part(), repr)


@reading.get("/{vendor}", response_class=Response, responses=_read(_LIST))
def list_vendor(
    request: Request,
    registry: Held,
    asker: Asker,
    vendor: str,
    repr: Representation = "uri",  # noqa: A002
) -> Response:
    """The schemas of a vendor."""
    return _list(request, registry, asker, _part(vendor), repr)


@reading.get("/{vendor}/{name}", response_class=Response, responses=_read(_LIST))
def list_name(
    request: Request,
    registry: Held,
    asker: Asker,
    vendor: str,
    name: str,
    repr: Representation = "uri",  # noqa: A002
) -> Response:
    """The versions of a schema."""
    return _list(request, registry, asker, _part(vendor, name), repr)


@reading.get("/{vendor}/{name}/{format}/{version}", response_class=Response, responses=_read(_ANY))
def get_schema(
    request: Request,
    registry: Held,
    asker: Asker,
    vendor: str,
    name: str,
    format: str,  # noqa: A002
    version: Version,
    repr: Representation | None = None,  # noqa: A002
) -> Response:
    """One schema; or the versions of a model, as addresses unless `repr` says otherwise."""
    model = names.model_of(version)
    if model is not None and format == names.FORMAT:
        return _list(request, registry, asker, _part(vendor, name, model), repr or "uri")
    key = names.key_of(vendor, name, format, version)
    found = None
    if key is not None:
        with registry.database.reading() as connection:
            found = stored_schemas.find(connection, key)
    if found is None or not readable(asker, found.key.vendor, found.is_public):
        raise Refused(404, answers.NOT_FOUND)
    return answers.cached(request, _shown(found, repr or "canonical"), answers.FRESH, is_public=found.is_public)


@writing.post("", status_code=201, response_class=Response, responses=_WRITTEN, openapi_extra=_SENT)
def post_schema(registry: Held, asker: Asker, body: Body, isPublic: IsPublic = "false") -> Response:  # noqa: N803
    """Publishes a schema under the name that it gives itself."""
    return _publish(registry, asker, body, None, isPublic)


@writing.put(
    "/{vendor}/{name}/{format}/{version}",
    status_code=201,
    response_class=Response,
    responses=_WRITTEN,
    openapi_extra=_SENT,
)
def put_schema(
    registry: Held,
    asker: Asker,
    vendor: str,
    name: str,
    format: str,  # noqa: A002
    version: Version,
    body: Body,
    isPublic: IsPublic = "false",  # noqa: N803
) -> Response:
    """Publishes a schema under an address; what it says of itself has to be the same."""
    return _publish(registry, asker, body, _address(vendor, name, format, version), isPublic)


@writing.delete("/{vendor}/{name}/{format}/{version}", response_class=Response, responses=_REMOVED)
def delete_schema(
    registry: Held,
    asker: Asker,
    vendor: str,
    name: str,
    format: str,  # noqa: A002
    version: Version,
) -> Response:
    """Removes a schema, by the super key and where patches are allowed."""
    if asker.level != Level.SUPER:
        raise Refused(403, answers.NOT_AUTHORIZED)
    if not registry.settings.patches_allowed:
        raise Refused(405, "DELETE is forbidden on production registry")
    refusal = publishing.withdraw(registry.database, _address(vendor, name, format, version))
    if refusal is not None:
        raise Refused(409, refusal.message)
    return answers.json(Message(message="Schema deleted"))


def _publish(
    registry: Registry, asker: Permission, body: bytes, address: SchemaKey | None, is_public: IsPublic
) -> Response:
    if not may_write(asker, None if address is None else address.vendor):
        raise Refused(403, answers.NOT_AUTHORIZED)  # before anything is spent on the body
    wanted = _wanted(documents.submission(object_in(body), address))
    outcome = publishing.publish(
        registry.database,
        asker,
        wanted,
        is_public=is_public == "true",
        patches_allowed=registry.settings.patches_allowed,
        now=registry.now(),
    )
    match outcome:
        case NotAllowed():
            raise Refused(403, answers.NOT_AUTHORIZED)
        case Refusal(message=message):
            raise Refused(409, message)
    registry.webhooks.published(wanted.key, outcome.updated)
    message, status = ("Schema updated", 200) if outcome.updated else ("Schema created", 201)
    done = Uploaded(message=message, updated=outcome.updated, location=wanted.key.uri, status=status)
    return answers.json(done, status)


def _wanted(found: Submission | Mismatch | Invalid | Nameless) -> Submission:
    match found:
        case Nameless():
            raise Refused(400, 'Cannot decode JSON schema: it has no "self" to say under which name to publish it')
        case Mismatch(address, schema):
            uris = {"uriSchemaKey": address.uri, "payloadSchemaKey": schema.uri}
            raise Refused(400, Mismatched(message=answers.MISMATCH, **uris))
        case Invalid(findings):
            raise Refused(400, answers.schema_report(answers.INVALID_SCHEMA, findings))
    return found


def _list(
    request: Request, registry: Registry, asker: Permission, part: Part | None, representation: Representation
) -> Response:
    """The readable schemas of a part. A part without any is not found, but for the whole."""
    texts: list[str] = []
    if part is not None:
        with registry.database.reading() as connection:
            if representation == "uri":
                keys = stored_schemas.keys(connection, part)
                texts = [dumps(key.uri) for key, is_public in keys if readable(asker, key.vendor, is_public)]
            else:
                found = stored_schemas.find_all(connection, part)
                texts = [_shown(one, representation) for one in found if readable(asker, one.key.vendor, one.is_public)]
    if not texts and part != Part():
        raise Refused(404, answers.NOTHING_LISTED)
    return answers.cached(request, f"[{','.join(texts)}]", answers.FRESH_LIST, is_public=False)


def _shown(schema: StoredSchema, representation: Representation) -> str:
    match representation:
        case "uri":
            return dumps(schema.key.uri)
        case "meta":
            return documents.with_metadata(schema)
        case "canonical":
            return documents.canonical(schema)


def _part(vendor: str, name: str | None = None, model: int | None = None) -> Part | None:
    """The part of these names; None where nothing can be called so."""
    sayable = names.is_vendor(vendor) and (name is None or names.is_name(name))
    return Part(vendor, name, model) if sayable else None


def _address(vendor: str, name: str, format_: str, version: str) -> SchemaKey:
    key = names.key_of(vendor, name, format_, version)
    if key is None:
        raise Refused(400, f"No schema can have this address: {names.RULES}")
    return key
