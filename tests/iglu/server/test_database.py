"""Tables and transactions, on either database: made once, by whoever comes first; writers of a subject wait."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import inspect, text, update
from tests.iglu.server.harness import SUPER_KEY, Made

from snowmelt.iglu.publication import Published
from snowmelt.iglu.server import stored_keys, stored_schemas
from snowmelt.iglu.server.database import Database, DatabaseError
from snowmelt.iglu.server.permissions import Level, Permission
from snowmelt.iglu.server.settings import Database as Settings
from snowmelt.iglu.server.tables import METADATA, VERSION, migrate
from snowmelt.protocol.schema_key import SchemaKey, SchemaVer

SERVERS = 8
KEY = SchemaKey("com.acme", "thing", "jsonschema", SchemaVer(1, 0, 0))


@pytest.fixture
def opened(database: Settings, tmp_path: Path) -> Iterator[Database]:
    one = Database.open(database, Path(database.path or tmp_path))
    yield one
    one.close()


def test_servers_that_start_at_once_make_the_tables_once(database: Settings, tmp_path: Path) -> None:
    barrier = Barrier(SERVERS)
    servers = [Database.open(database, Path(database.path or tmp_path)) for _ in range(SERVERS)]

    def start(server: Database) -> None:
        barrier.wait()
        migrate(server)

    with ThreadPoolExecutor(SERVERS) as threads:
        list(threads.map(start, servers))
    with servers[0].reading() as connection:
        assert set(inspect(connection).get_table_names()) == set(METADATA.tables)
        assert connection.execute(VERSION.select()).scalars().all() == [1]
    for server in servers:
        server.close()


def test_tables_of_another_version_are_left_alone(opened: Database) -> None:
    migrate(opened)
    with opened.writing("test") as connection:
        connection.execute(update(VERSION).values(version=99))
    with pytest.raises(DatabaseError, match="version 99; this program knows version 1"):
        migrate(opened)


def test_what_was_written_is_there_after_the_next_start(opened: Database) -> None:
    migrate(opened)
    with opened.writing("test") as connection:
        stored_schemas.add(connection, KEY, "{}", True, "now")
    migrate(opened)
    with opened.reading() as connection:
        assert stored_schemas.versions(connection, "com.acme", "thing") == [Published(KEY.version, is_public=True)]


def test_a_transaction_that_fails_leaves_nothing(opened: Database) -> None:
    migrate(opened)
    with pytest.raises(ZeroDivisionError), opened.writing("test") as connection:
        stored_schemas.add(connection, KEY, "{}", True, "now")
        raise ZeroDivisionError
    with opened.reading() as connection:
        assert stored_schemas.find(connection, KEY) is None


def test_writers_of_a_subject_do_not_overlap(opened: Database) -> None:
    """Each adds the version after the last that it sees: no two see the same."""
    migrate(opened)

    def write(_: int) -> None:
        with opened.writing("com.acme/thing") as connection:
            count = len(stored_schemas.versions(connection, "com.acme", "thing"))
            key = SchemaKey("com.acme", "thing", "jsonschema", SchemaVer(1, 0, count))
            stored_schemas.add(connection, key, "{}", True, "now")

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(write, range(40)))
    with opened.reading() as connection:
        assert len(stored_schemas.versions(connection, "com.acme", "thing")) == 40


def test_sqlite_syncs_what_it_commits(tmp_path: Path) -> None:
    file = tmp_path / "new" / "registry.sqlite"
    database = Database.open(Settings(), file)
    with database.writing("test") as connection:
        found = [connection.execute(text(f"pragma {name}")).scalar() for name in ("journal_mode", "synchronous")]
    database.close()
    assert found == ["wal", 2]
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    file = tmp_path / "registry.sqlite"
    file.write_text("no database " * 1000)
    database = Database.open(Settings(), file)
    with pytest.raises(DatabaseError, match="cannot be used: file is not a database"):
        migrate(database)
    assert not database.ping()
    database.close()


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DatabaseError, match="cannot be opened"):
        Database.open(Settings(), tmp_path / "file" / "registry.sqlite")


def test_a_postgres_that_is_not_there_is_named_without_its_password(tmp_path: Path) -> None:
    settings = Settings(type="postgres", host=str(tmp_path), username="me", password="hunter2")
    database = Database.open(settings, tmp_path)
    with pytest.raises(DatabaseError, match="cannot be used") as raised:
        migrate(database)
    assert "hunter2" not in str(raised.value)
    database.close()


def test_no_key_is_in_the_database(made: Made, kind: str, database: Settings) -> None:
    keys = made.send("POST", "/api/auth/keygen", {"vendorPrefix": "com.acme"}, SUPER_KEY).json()
    with made.registry.database.writing("keys") as connection:
        stored_keys.add(connection, SUPER_KEY, Permission(Level.READ), "now")
    for table in METADATA.sorted_tables:
        with made.registry.database.reading() as connection:
            rows = str(connection.execute(table.select()).all())
        assert not any(key in rows for key in (*keys.values(), str(SUPER_KEY)))
    if kind == "sqlite":
        with sqlite3.connect(database.path) as checkpointed:
            checkpointed.execute("pragma wal_checkpoint(truncate)")
        checkpointed.close()
        raw = Path(database.path).read_bytes()
        assert not any(key.encode() in raw for key in (*keys.values(), str(SUPER_KEY)))
