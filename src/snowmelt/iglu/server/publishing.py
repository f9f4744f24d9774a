"""Publishes and withdraws schemas: permission, rules and the write in one transaction, so that nobody comes between."""

from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import Connection

from snowmelt.iglu.publication import Refusal, refuse, refuse_superseding, refuse_withdrawal
from snowmelt.iglu.server import stored_schemas
from snowmelt.iglu.server.database import Database
from snowmelt.iglu.server.documents import Submission
from snowmelt.iglu.server.permissions import Level, Permission
from snowmelt.protocol.schema_key import SchemaKey


@dataclass(frozen=True, slots=True)
class Done:
    """A schema that is published now, durably; `updated` if it replaced another content."""

    updated: bool


@dataclass(frozen=True, slots=True)
class NotAllowed:
    """The key may not do this."""


Outcome: TypeAlias = Done | NotAllowed | Refusal


def publish(
    database: Database,
    permission: Permission,
    wanted: Submission,
    *,
    is_public: bool,
    patches_allowed: bool,
    now: str,
) -> Outcome:
    """Adds the schema, or says why it may not be there. Raises sqlalchemy's errors."""
    key = wanted.key
    with database.writing(_subject(key)) as connection:
        known = stored_schemas.versions(connection, key.vendor, key.name)
        level = needed_level(connection, permission, key.vendor, bool(known))
        if not permission.may(level, key.vendor):
            return NotAllowed()
        before = stored_schemas.find(connection, key)
        refusal = refuse(
            key,
            is_public=is_public,
            known=known,
            same_body=None if before is None else before.body == wanted.body,
            patches_allowed=patches_allowed,
        ) or refuse_superseding(key.version, wanted.supersedes, known)
        if refusal is not None:
            return refusal
        if before is None:
            stored_schemas.add(connection, key, wanted.body, is_public, now)
        else:
            stored_schemas.replace(connection, key, wanted.body, is_public, now)
        stored_schemas.supersede(connection, key, wanted.supersedes, now)
    return Done(updated=before is not None)


def withdraw(database: Database, key: SchemaKey) -> Refusal | None:
    """Removes a schema, if it is there and no other needs it. Raises sqlalchemy's errors."""
    with database.writing(_subject(key)) as connection:
        known = [one.version for one in stored_schemas.versions(connection, key.vendor, key.name)]
        refusal = refuse_withdrawal(key.version, known)
        if refusal is None:
            stored_schemas.remove(connection, key)
        return refusal


def needed_level(connection: Connection, permission: Permission, vendor: str, name_exists: bool) -> Level:
    """The level it takes to write under a name of a vendor."""
    if name_exists:
        return Level.BUMP
    if vendor == permission.vendor or stored_schemas.has_vendor(connection, vendor):
        return Level.CREATE
    return Level.CREATE_VENDOR


def _subject(key: SchemaKey) -> str:
    """What publications must not overlap on: the versions of one name."""
    return f"{key.vendor}/{key.name}"
