"""Keys: their permissions in the database under their hashes, and the super key in a file of its owner."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select

from snowmelt.iglu.server.permissions import Level, Permission, digest, parse_key
from snowmelt.iglu.server.tables import KEYS


class SuperKeyError(RuntimeError):
    """A file of the super key that cannot be used; the message is one sentence and does not hold the key."""


def find(connection: Connection, key: UUID) -> Permission | None:
    """What a key may do, None for one that is not known."""
    row = connection.execute(select(KEYS).where(KEYS.c.digest == digest(key))).one_or_none()
    return None if row is None else Permission(Level[row.level], row.vendor)


def add(connection: Connection, key: UUID, permission: Permission, now: str) -> None:
    """Makes a key known. A permission without a level cannot be stored."""
    if permission.level is None:
        raise ValueError("a key needs a level")
    row = {"level": permission.level.name, "vendor": permission.vendor, "created_at": now}
    connection.execute(insert(KEYS).values(digest=digest(key), **row))


def revoke(connection: Connection, key: UUID) -> None:
    """Forgets a key, if it is known."""
    connection.execute(delete(KEYS).where(KEYS.c.digest == digest(key)))


def super_key(file: Path, make: Callable[[], UUID]) -> UUID:
    """The super key in `file`, which only its owner may read; made at the first start. Raises SuperKeyError."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not file.exists():
            _write(file, make())
        key = parse_key(file.read_text(encoding="ascii", errors="replace").strip())
    except OSError as error:
        raise SuperKeyError(f"the super key in {file} cannot be used: {error.strerror}") from None
    if key is None:
        raise SuperKeyError(f"{file} does not hold a UUID: remove it, and the next start makes another super key")
    return key


def _write(file: Path, key: UUID) -> None:
    """Writes the key whole or not at all; of two that start at once, the first one's stays."""
    descriptor, unfinished = tempfile.mkstemp(prefix=f"{file.name}.", dir=file.parent)  # for its owner's eyes only
    with os.fdopen(descriptor, "w", encoding="ascii") as out:
        out.write(f"{key}\n")
        out.flush()
        os.fsync(out.fileno())
    try:
        os.link(unfinished, file)
    except FileExistsError:
        pass
    finally:
        Path(unfinished).unlink()
