"""Validation: of a schema before it is published, of data by a published one."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import UploadFile

from snowmelt.iglu import lint
from snowmelt.iglu.server import answers, documents, names, stored_schemas
from snowmelt.iglu.server.answers import InstanceReport, Message, Refused, SchemaReport
from snowmelt.iglu.server.permissions import readable
from snowmelt.iglu.server.registry import Asker, Held, object_in
from snowmelt.iglu.validation import InvalidSchema, ResolutionError, ValidationError
from snowmelt.protocol.self_describing import NotIglu, SelfDescribing, parse

router: Final = APIRouter(prefix="/validation/validate", tags=["validation"])


def _sent(field: str) -> dict[str, Any]:
    """What may be sent: the JSON itself, or a form with the JSON as a text or a file."""
    form = {"schema": {"type": "object", "properties": {field: {"type": "string"}}, "required": [field]}}
    content = {"application/json": {"schema": {"type": "object"}}, "application/x-www-form-urlencoded": form}
    return {"requestBody": {"required": True, "content": content | {"multipart/form-data": form}}}


async def _schema(request: Request) -> bytes:
    return await _document(request, "schema")


async def _instance(request: Request) -> bytes:
    return await _document(request, "instance")


async def _document(request: Request, field: str) -> bytes:
    """The JSON of a request. What begins like JSON is taken as such: curl calls a body a form unless told otherwise."""
    body = await request.body()
    kind = request.headers.get("content-type", "")
    if body.lstrip()[:1] == b"{" or "form" not in kind:
        return body
    async with request.form(max_files=1, max_fields=10) as form:
        value = form.get(field)
        if isinstance(value, UploadFile):
            return await value.read()
    if value is None:
        raise Refused(400, f"The request body was malformed: the form has no field {field}")
    return value.encode(errors="replace")


_ANSWERED: Final[dict[int | str, dict[str, Any]]] = {413: {"model": Message, "description": "the body is too large"}}


@router.post(
    "/schema/{format}",
    response_class=Response,
    responses=_ANSWERED | {200: {"model": SchemaReport, "description": "what was found"}},
    openapi_extra=_sent("schema"),
)
def validate_schema(format: str, body: Annotated[bytes, Depends(_schema)]) -> Response:  # noqa: A002
    """What is to be mended in a schema before it is published: nothing, warnings, or errors that forbid it."""
    if format != names.FORMAT:
        raise Refused(400, f"The only format of schemas is {names.FORMAT}")
    schema = object_in(body)
    found = documents.findings_in(schema)
    key = lint.identity(schema)
    if key is None or lint.errors(found):
        return answers.json(answers.schema_report(answers.INVALID_SCHEMA, found))
    return answers.json(
        answers.schema_report(f"The schema provided is a valid self-describing {key.uri} schema", found)
    )


@router.post(
    "/instance",
    response_class=Response,
    responses=_ANSWERED
    | {
        200: {"model": InstanceReport, "description": "whether it is valid, and what is wrong if not"},
        404: {"model": Message, "description": "its schema is not here, or the key may not read it"},
        409: {"model": Message, "description": "its schema cannot be used"},
    },
    openapi_extra=_sent("instance"),
)
def validate_instance(registry: Held, asker: Asker, body: Annotated[bytes, Depends(_instance)]) -> Response:
    """Whether self-describing JSON follows the schema that it names."""
    document = parse(object_in(body))
    if isinstance(document, NotIglu):
        raise Refused(400, f"JSON payload is not self-describing, {document.error}")
    key = document.key
    with registry.database.reading() as connection:
        schema = stored_schemas.find(connection, key)
    if schema is None or not readable(asker, key.vendor, schema.is_public):
        raise Refused(404, answers.NOT_FOUND)
    checked = registry.validator.check(document)
    match checked:
        case SelfDescribing():
            return answers.json(InstanceReport(message=f"Instance is valid {key.uri}"))
        case ValidationError(reports=reports):
            report = [answers.violation(one) for one in reports]
            return answers.json(InstanceReport(message=answers.INVALID_INSTANCE, report=report))
        case ResolutionError():  # it was withdrawn meanwhile, or the version that stands in for it was
            raise Refused(404, answers.NOT_FOUND)
        case InvalidSchema(message=message):
            raise Refused(409, f"Schema {key.uri} cannot be used: {message}")
