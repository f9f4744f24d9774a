"""Schemas as they come in and as they go out."""

from collections.abc import Mapping
from dataclasses import dataclass

from snowmelt.iglu import lint
from snowmelt.iglu.lint import Finding
from snowmelt.iglu.server.names import is_name, is_vendor
from snowmelt.iglu.server.stored_schemas import StoredSchema
from snowmelt.protocol.json_text import Json, dumps, loads, plain
from snowmelt.protocol.schema_key import SchemaKey, SchemaVer

_FIRST = ("$schema", "$supersededBy", "$supersedes", "self")
"""What a schema begins with, in this order, as Iglu Server writes it."""


@dataclass(frozen=True, slots=True)
class Submission:
    """A schema that may be published, if the rules of versions allow it."""

    key: SchemaKey
    body: str
    # Compact JSON as it will be stored and served.
    supersedes: tuple[SchemaVer, ...]


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A schema that was sent to the address of another."""

    address: SchemaKey
    schema: SchemaKey


@dataclass(frozen=True, slots=True)
class Invalid:
    """A document that is no schema to be published, and why."""

    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Nameless:
    """A schema that was sent without an address and does not name itself."""


def submission(document: Mapping[str, Json], address: SchemaKey | None) -> Submission | Mismatch | Invalid | Nameless:
    """What a client wants to publish; a schema sent to an address may leave out its "self" and "$schema"."""
    body = dict(document)
    body.setdefault("$schema", lint.METASCHEMA)
    if address is not None:
        body.setdefault("self", identity(address))
    key = lint.identity(body)
    if address is None and key is None and "self" not in body:
        return Nameless()
    if address is not None and key is not None and key != address:
        return Mismatch(address, key)
    findings = findings_in(body)
    if key is not None and not (is_vendor(key.vendor) and is_name(key.name)):
        sentence = "has a vendor that is no labels joined by dots, or a name of more than 255 characters"
        findings.append(Finding("$.self", sentence, "error"))
    supersedes = _versions(body.get("$supersedes"))
    if supersedes is None:
        findings.append(Finding("$.$supersedes", 'is no list of versions such as ["1-0-0"]', "error"))
    if "$supersededBy" in body:
        sentence = "is what the registry adds when a later version is published with $supersedes: leave it out"
        findings.append(Finding("$.$supersededBy", sentence, "error"))
    if key is None or supersedes is None or lint.errors(findings):
        return Invalid(tuple(findings))
    return Submission(key, dumps(_ordered(body)), supersedes)


def findings_in(body: Mapping[str, Json]) -> list[Finding]:
    """What lint finds in a schema as it was read."""
    numbers_alike = plain(dict(body))
    assert isinstance(numbers_alike, dict)
    return lint.lint(numbers_alike)


def canonical(schema: StoredSchema) -> str:
    """The schema as it is served: its text, with the version that stands in for it where there is one."""
    if schema.superseded_by is None:
        return schema.body
    return dumps(_ordered({**_parsed(schema.body), "$supersededBy": str(schema.superseded_by)}))


def with_metadata(schema: StoredSchema) -> str:
    """The schema with what the registry knows of it."""
    times: dict[str, Json] = {"createdAt": schema.created_at, "updatedAt": schema.updated_at}
    metadata: dict[str, Json] = {**times, "isPublic": schema.is_public}
    return dumps(_ordered({**_parsed(canonical(schema)), "metadata": metadata}, (*_FIRST, "metadata")))


def identity(key: SchemaKey) -> dict[str, Json]:
    """A key as a schema's "self"."""
    return {"vendor": key.vendor, "name": key.name, "format": key.format, "version": str(key.version)}


def _versions(value: Json) -> tuple[SchemaVer, ...] | None:
    """The versions in a list of their texts, none for no list; None for anything else."""
    if value is None:
        return ()
    if not isinstance(value, list):
        return None
    parsed = [SchemaVer.parse(text) if isinstance(text, str) else None for text in value]
    return tuple(dict.fromkeys(version for version in parsed if version)) if all(parsed) else None


def _parsed(text: str) -> dict[str, Json]:
    body = loads(text)
    assert isinstance(body, dict)
    return body


def _ordered(body: dict[str, Json], first: tuple[str, ...] = _FIRST) -> dict[str, Json]:
    return {name: body[name] for name in (*first, *body) if name in body}
