"""Published schemas in the database. Every function works within the transaction of the connection it is given."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, insert, select, update

from snowmelt.iglu.publication import Published
from snowmelt.iglu.server.tables import SCHEMAS
from snowmelt.protocol.schema_key import SchemaKey, SchemaVer

_NAMES = (SCHEMAS.c.vendor, SCHEMAS.c.name, SCHEMAS.c.format, SCHEMAS.c.model, SCHEMAS.c.revision, SCHEMAS.c.addition)


@dataclass(frozen=True, slots=True)
class StoredSchema:
    """One published schema."""

    key: SchemaKey
    is_public: bool
    superseded_by: SchemaVer | None
    created_at: str
    updated_at: str
    body: str
    # Compact JSON, its identity included.


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the registry: all of it, one vendor, one name of a vendor, or one model of a name."""

    vendor: str | None = None
    name: str | None = None
    model: int | None = None

    def condition(self) -> ColumnElement[bool]:
        """What its rows have in common."""
        wanted = [
            (SCHEMAS.c.vendor, self.vendor),
            (SCHEMAS.c.name, self.name),
            (SCHEMAS.c.model, self.model),
        ]
        return and_(True, *(column == value for column, value in wanted if value is not None))


def find(connection: Connection, key: SchemaKey) -> StoredSchema | None:
    """The schema of a key."""
    row = connection.execute(select(SCHEMAS).where(_is(key))).one_or_none()
    return None if row is None else _stored(row)


def find_all(connection: Connection, part: Part) -> list[StoredSchema]:
    """The schemas of a part, ordered by names and then by version."""
    rows = connection.execute(select(SCHEMAS).where(part.condition()))
    return sorted(map(_stored, rows), key=lambda schema: schema.key)


def keys(connection: Connection, part: Part) -> list[tuple[SchemaKey, bool]]:
    """The keys of a part in the same order, each with whether it is public."""
    rows = connection.execute(select(*_NAMES, SCHEMAS.c.is_public).where(part.condition()))
    return sorted((_key(row), row.is_public) for row in rows)


def versions(connection: Connection, vendor: str, name: str) -> list[Published]:
    """What is published under a name."""
    return [Published(key.version, is_public) for key, is_public in keys(connection, Part(vendor, name))]


def has_vendor(connection: Connection, vendor: str) -> bool:
    """Whether the vendor has any schema."""
    return connection.execute(select(SCHEMAS.c.name).where(SCHEMAS.c.vendor == vendor).limit(1)).first() is not None


def add(connection: Connection, key: SchemaKey, body: str, is_public: bool, now: str) -> None:
    """Adds a schema that is not there."""
    connection.execute(
        insert(SCHEMAS).values(
            vendor=key.vendor,
            name=key.name,
            format=key.format,
            model=key.version.model,
            revision=key.version.revision,
            addition=key.version.addition,
            is_public=is_public,
            created_at=now,
            updated_at=now,
            body=body,
        )
    )


def replace(connection: Connection, key: SchemaKey, body: str, is_public: bool, now: str) -> None:
    """Puts another content in a schema's place."""
    connection.execute(update(SCHEMAS).where(_is(key)).values(body=body, is_public=is_public, updated_at=now))


def supersede(connection: Connection, key: SchemaKey, lower: Iterable[SchemaVer], now: str) -> None:
    """Lets the version of `key` stand in for lower ones."""
    for version in lower:
        old = SchemaKey(key.vendor, key.name, key.format, version)
        connection.execute(update(SCHEMAS).where(_is(old)).values(superseded_by=str(key.version), updated_at=now))


def remove(connection: Connection, key: SchemaKey) -> None:
    """Removes a schema, and what it stood in for stands for itself again."""
    connection.execute(delete(SCHEMAS).where(_is(key)))
    freed = and_(Part(key.vendor, key.name).condition(), SCHEMAS.c.superseded_by == str(key.version))
    connection.execute(update(SCHEMAS).where(freed).values(superseded_by=None))


def _is(key: SchemaKey) -> ColumnElement[bool]:
    version = key.version
    wanted = (key.vendor, key.name, key.format, version.model, version.revision, version.addition)
    return and_(*(column == value for column, value in zip(_NAMES, wanted, strict=True)))


def _key(row: Row[tuple[object, ...]]) -> SchemaKey:
    return SchemaKey(row.vendor, row.name, row.format, SchemaVer(row.model, row.revision, row.addition))


def _stored(row: Row[tuple[object, ...]]) -> StoredSchema:
    superseded_by = None if row.superseded_by is None else SchemaVer.parse(row.superseded_by)
    return StoredSchema(_key(row), row.is_public, superseded_by, row.created_at, row.updated_at, row.body)
