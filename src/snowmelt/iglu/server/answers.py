"""What the registry answers, in the words and shapes of Iglu Server."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal

from fastapi import Request, Response
from pydantic import BaseModel

from snowmelt.iglu.lint import Finding
from snowmelt.protocol.bad_rows import Report

NOT_FOUND: Final = "The schema is not found"
NOTHING_LISTED: Final = "No schemas available"
NOT_AUTHORIZED: Final = "Authentication error: not authorized"
NO_ENDPOINT: Final = "The endpoint does not exist"
MISMATCH: Final = "Mismatch: the schema metadata does not match the payload and URI"
INVALID_SCHEMA: Final = "The schema does not conform to a JSON Schema v4 specification"
INVALID_INSTANCE: Final = "The data for a field instance is invalid against its schema"

FRESH: Final = 60
"""Seconds for which a schema may be used without asking again."""

FRESH_LIST: Final = 5
"""The same for a list, which grows."""


class Message(BaseModel):
    """One sentence."""

    message: str


class Mismatched(Message):
    """A schema that was sent to the address of another."""

    uriSchemaKey: str  # noqa: N815 - the wire's name
    payloadSchemaKey: str  # noqa: N815


class Uploaded(Message):
    """A schema that is published."""

    updated: bool
    location: str
    status: int


class Issue(Message):
    """What is wrong with a schema, and where."""

    level: Literal["ERROR", "WARNING"]
    pointer: str


class SchemaReport(Message):
    """What was found in a schema."""

    report: list[Issue] = []


class Violation(BaseModel):
    """Where data does not follow its schema."""

    message: str
    path: str | None
    keyword: str | None
    targets: list[str] | None


class InstanceReport(Message):
    """What was found in data."""

    report: list[Violation] = []


class Keys(BaseModel):
    """Two new keys. They are shown once and stored as hashes."""

    read: str
    write: str


class AuthInfo(BaseModel):
    """What the key of a request may do."""

    vendor: str
    level: str | None


class ServerInfo(BaseModel):
    """What the registry says of itself."""

    version: str
    authInfo: AuthInfo  # noqa: N815
    database: str
    schemaCount: int  # noqa: N815
    debug: bool
    patchesAllowed: bool  # noqa: N815


class Contents(BaseModel):
    """How much the registry holds."""

    schemas: int
    drafts: int
    keys: int


class Identity(BaseModel):
    """Which draft."""

    vendor: str
    name: str
    format: str
    version: int


class Metadata(BaseModel):
    """What the registry knows of a draft."""

    createdAt: str  # noqa: N815
    updatedAt: str  # noqa: N815
    isPublic: bool  # noqa: N815


class Draft(BaseModel):
    """A draft with its content."""

    schemaMap: Identity  # noqa: N815
    metadata: Metadata
    body: dict[str, Any]


class Refused(Exception):  # noqa: N818 - an answer, not a failure
    """Ends a request with an answer that is not the wanted one."""

    def __init__(self, status: int, answer: BaseModel | str) -> None:
        """The answer, or the sentence that it is."""
        super().__init__(status)
        self.status = status
        self.answer = Message(message=answer) if isinstance(answer, str) else answer


def json(answer: BaseModel, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """An answer that nobody keeps."""
    headers = {"Cache-Control": "no-store", **(headers or {})}
    return Response(answer.model_dump_json(exclude_defaults=True), status, headers, "application/json")


def schema_report(message: str, findings: Iterable[Finding]) -> SchemaReport:
    """Findings of lint as they are answered."""
    issues = [Issue(message=one.message, level=_level(one), pointer=one.path) for one in findings]
    return SchemaReport(message=message, report=issues)


def violation(report: Report) -> Violation:
    """A violation as it is answered."""
    targets = None if report.targets is None else list(report.targets)
    return Violation(message=report.message, path=report.path, keyword=report.keyword, targets=targets)


def cached(request: Request, body: str, seconds: int, *, is_public: bool) -> Response:
    """A JSON text that may be kept for some seconds; 304 where the client has these very bytes.

    The answer depends on the key of the request, so a cache keeps one per key, and a shared one only what is public.
    """
    content = body.encode()
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    audience = "public" if is_public else "private"
    headers = {"ETag": tag, "Cache-Control": f"{audience}, max-age={seconds}", "Vary": "apikey"}
    if _has(request.headers.get("if-none-match", ""), tag):
        return Response(None, 304, headers)
    return Response(content, 200, headers, "application/json")


def _level(finding: Finding) -> Literal["ERROR", "WARNING"]:
    return "ERROR" if finding.severity == "error" else "WARNING"


def _has(condition: str, tag: str) -> bool:
    """Whether If-None-Match names the tag, weakly or strongly."""
    named = [one.strip().removeprefix("W/") for one in condition.split(",")]
    return tag in named or named == ["*"]
