"""What every route works with: the database, who asks, what was sent."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from fastapi import Depends, Query, Request, Security
from fastapi.security import APIKeyHeader

from snowmelt.iglu.registry import SchemaBody
from snowmelt.iglu.resolver import Clock, Resolver
from snowmelt.iglu.server import documents, stored_keys, stored_schemas
from snowmelt.iglu.server.answers import Refused
from snowmelt.iglu.server.database import Database
from snowmelt.iglu.server.permissions import ANONYMOUS, SUPER, Permission, digest, parse_key
from snowmelt.iglu.server.settings import IgluSettings
from snowmelt.iglu.server.stored_schemas import Part
from snowmelt.iglu.server.webhooks import Webhooks
from snowmelt.iglu.validation import Validator
from snowmelt.protocol.json_text import Json, JsonError, loads, plain
from snowmelt.protocol.schema_key import SchemaKey, SchemaVer
from snowmelt.protocol.timestamps import iso


@dataclass(frozen=True, slots=True)
class OwnRegistry:
    """The published schemas as a `Registry`, for validating data."""

    class_priority: ClassVar[int] = 1
    priority: ClassVar[int] = 0
    name: ClassVar[str] = "Own"
    vendor_prefixes: ClassVar[tuple[str, ...]] = ()

    database: Database

    def lookup(self, key: SchemaKey) -> SchemaBody | None:
        """The schema as it is served."""
        with self.database.reading() as connection:
            found = stored_schemas.find(connection, key)
        if found is None:
            return None
        body = plain(loads(documents.canonical(found)))
        assert isinstance(body, dict)
        return body

    def versions(self, vendor: str, name: str, model: int) -> list[SchemaVer]:
        """The versions of a model."""
        with self.database.reading() as connection:
            return [key.version for key, _ in stored_schemas.keys(connection, Part(vendor, name, model))]


@dataclass(frozen=True, slots=True)
class Registry:
    """One running registry. `clock` gives seconds since 1970, `new_key` a UUID that nobody can guess."""

    settings: IgluSettings
    database: Database
    super_digest: str
    webhooks: Webhooks
    clock: Clock
    new_key: Callable[[], UUID]
    validator: Validator = field(init=False)

    def __post_init__(self) -> None:
        """Prepares validation; it keeps no schema, because another process may change one where patches are allowed."""
        resolver = Resolver([OwnRegistry(self.database)], cache_size=0, clock=self.clock)
        object.__setattr__(self, "validator", Validator(resolver))

    def now(self) -> str:
        """The moment, as it is stored."""
        return iso(datetime.fromtimestamp(self.clock(), UTC))

    def permission(self, key: UUID) -> Permission:
        """What a key may do; one that is not known may do what anybody may, so that nobody learns which exist.

        Hashes are compared in constant time, or by an index where they are stored. Even that would tell no more than
        how a hash begins, and nobody can make a key with a wanted hash.
        """
        if hmac.compare_digest(digest(key), self.super_digest):
            return SUPER
        with self.database.reading() as connection:
            return stored_keys.find(connection, key) or ANONYMOUS


def _held(request: Request) -> Registry:
    registry: Registry = request.app.state.registry
    return registry


_API_KEY = APIKeyHeader(name="apikey", auto_error=False, description="A UUID; without one only what is public is shown")


def _asker(registry: "Held", key: Annotated[str | None, Security(_API_KEY)]) -> Permission:
    if key is None:
        return ANONYMOUS
    parsed = parse_key(key)
    if parsed is None:
        raise Refused(400, "Invalid UUID for ApiKey")
    return registry.permission(parsed)


async def _body(request: Request) -> bytes:
    return await request.body()


Held = Annotated[Registry, Depends(_held)]
Asker = Annotated[Permission, Depends(_asker)]
Body = Annotated[bytes, Depends(_body)]
Representation = Annotated[
    Literal["uri", "meta", "canonical"], Query(description="the address, the schema with metadata, or the schema")
]
IsPublic = Annotated[
    Literal["true", "false"], Query(description="whether anybody may read it; the same for all versions of a model")
]


def object_in(body: bytes) -> dict[str, Json]:
    """The JSON object of a request. Raises Refused."""
    try:
        value = loads(body)
    except JsonError as error:
        raise Refused(400, f"The request body was malformed: {error}") from None
    if not isinstance(value, dict):
        raise Refused(400, "The request body was malformed: a JSON object is expected")
    return value
