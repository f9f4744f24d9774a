"""The tables, and how a database gets them."""

from typing import Final

from sqlalchemy import Boolean, Column, Integer, MetaData, Table, Text, insert, select
from sqlalchemy.exc import SQLAlchemyError

from snowmelt.iglu.server.database import Database, DatabaseError

_VERSION: Final = 1
"""Layout of the tables. Raise it with a step that brings older ones there."""

METADATA: Final = MetaData()

VERSION: Final = Table("registry_version", METADATA, Column("version", Integer, primary_key=True, autoincrement=False))

SCHEMAS: Final = Table(
    "registry_schemas",
    METADATA,
    Column("vendor", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("format", Text, primary_key=True),
    Column("model", Integer, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("addition", Integer, primary_key=True),
    Column("is_public", Boolean, nullable=False),
    Column("superseded_by", Text, comment="the version whose rules apply instead"),
    Column("created_at", Text, nullable=False, comment="ISO 8601, UTC"),
    Column("updated_at", Text, nullable=False, comment="ISO 8601, UTC"),
    Column("body", Text, nullable=False, comment="the schema, compact JSON, as it is served"),
)

DRAFTS: Final = Table(
    "registry_drafts",
    METADATA,
    Column("vendor", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("format", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("is_public", Boolean, nullable=False),
    Column("created_at", Text, nullable=False, comment="ISO 8601, UTC"),
    Column("updated_at", Text, nullable=False, comment="ISO 8601, UTC"),
    Column("body", Text, nullable=False, comment="the draft, compact JSON"),
)

KEYS: Final = Table(
    "registry_keys",
    METADATA,
    Column("digest", Text, primary_key=True, comment="SHA-256 of the key"),
    Column("level", Text, nullable=False),
    Column("vendor", Text, nullable=False, comment="bound to it and those below it; empty: all"),
    Column("created_at", Text, nullable=False, comment="ISO 8601, UTC"),
)


def migrate(database: Database) -> None:
    """Makes the tables where they are missing; several servers may start at the same time. Raises DatabaseError."""
    try:
        with database.writing("registry_version") as connection:
            METADATA.create_all(connection)
            found = connection.execute(select(VERSION.c.version)).scalar()
            if found is None:
                connection.execute(insert(VERSION).values(version=_VERSION))
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).strip().splitlines()
        raise DatabaseError(f"the database cannot be used: {' '.join(reason)}") from None
    if found not in (None, _VERSION):
        raise DatabaseError(f"the database has tables of version {found}; this program knows version {_VERSION}")
