"""Drafts in the database: schemas being written, each under a number, changed as often as anybody likes."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Row, and_, insert, select, update

from snowmelt.iglu.server.tables import DRAFTS


@dataclass(frozen=True, slots=True, order=True)
class DraftKey:
    """Which draft."""

    vendor: str
    name: str
    format: str
    version: int


@dataclass(frozen=True, slots=True)
class StoredDraft:
    """One draft."""

    key: DraftKey
    is_public: bool
    created_at: str
    updated_at: str
    body: str
    # Compact JSON, as it came.


def find(connection: Connection, key: DraftKey) -> StoredDraft | None:
    """The draft of a key."""
    row = connection.execute(select(DRAFTS).where(_is(key))).one_or_none()
    return None if row is None else _stored(row)


def find_all(connection: Connection) -> list[StoredDraft]:
    """Every draft, in the order of their keys."""
    return sorted(map(_stored, connection.execute(select(DRAFTS))), key=lambda draft: draft.key)


def put(connection: Connection, key: DraftKey, body: str, is_public: bool, now: str) -> bool:
    """Writes a draft; gives whether it replaced one."""
    if find(connection, key) is not None:
        connection.execute(update(DRAFTS).where(_is(key)).values(body=body, is_public=is_public, updated_at=now))
        return True
    row = {"vendor": key.vendor, "name": key.name, "format": key.format, "version": key.version}
    connection.execute(insert(DRAFTS).values(**row, body=body, is_public=is_public, created_at=now, updated_at=now))
    return False


def _is(key: DraftKey) -> ColumnElement[bool]:
    return and_(
        DRAFTS.c.vendor == key.vendor,
        DRAFTS.c.name == key.name,
        DRAFTS.c.format == key.format,
        DRAFTS.c.version == key.version,
    )


def _stored(row: Row[tuple[object, ...]]) -> StoredDraft:
    key = DraftKey(row.vendor, row.name, row.format, row.version)
    return StoredDraft(key, row.is_public, row.created_at, row.updated_at, row.body)
