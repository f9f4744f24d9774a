import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from snowmelt.streams.log import StreamError
from snowmelt.streams.offsets import SqliteOffsets


def at(number: int) -> str:
    return f"{number:020d}"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "state" / "offsets.sqlite"


@pytest.fixture
def offsets(path):
    with closing(SqliteOffsets(path)) as offsets:
        yield offsets


def test_nothing_is_committed_at_first(offsets):
    assert offsets.get("enrich", "0") is None
    assert offsets.smallest("0") is None
    assert offsets.largest("0") is None


def test_each_consumer_has_an_offset_in_each_partition(offsets):
    offsets.commit("enrich", "0", at(10))
    offsets.commit("enrich", "1", at(20))
    offsets.commit("archive", "0", at(30))
    assert offsets.get("enrich", "0") == at(10)
    assert offsets.get("enrich", "1") == at(20)
    assert offsets.get("archive", "0") == at(30)
    assert offsets.get("archive", "1") is None
    assert (offsets.smallest("0"), offsets.largest("0")) == (at(10), at(30))


def test_an_offset_only_moves_forward(offsets):
    offsets.commit("enrich", "0", at(10))
    offsets.commit("enrich", "0", at(9))
    assert offsets.get("enrich", "0") == at(10)
    offsets.commit("enrich", "0", at(11))
    assert offsets.get("enrich", "0") == at(11)


def test_an_offset_outlives_who_committed_it(path):
    with closing(SqliteOffsets(path)) as offsets:
        offsets.commit("enrich", "0", at(10))
    with closing(SqliteOffsets(path)) as offsets:
        assert offsets.get("enrich", "0") == at(10)


def test_another_process_sees_a_commit_at_once(path, offsets):
    offsets.commit("enrich", "0", at(10))
    script = "import sys; from pathlib import Path; from snowmelt.streams.offsets import SqliteOffsets\n"
    script += "offsets = SqliteOffsets(Path(sys.argv[1])); print(offsets.get('enrich', '0')); offsets.close()"
    shown = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == at(10)


def test_threads_and_connections_commit_beside_each_other(path, offsets):
    def commit(consumer: int) -> None:
        with closing(SqliteOffsets(path)) as own:
            for number in range(5):
                own.commit(f"own {consumer}", "0", at(number))
                offsets.commit(f"shared {consumer}", "0", at(number))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(commit, range(4)))
    assert {offsets.get(f"{kind} {n}", "0") for kind in ("own", "shared") for n in range(4)} == {at(4)}


def test_a_commit_is_synced(offsets):
    extra, on = 3, 1
    assert offsets._database.execute("pragma synchronous").fetchone() == (extra,)
    assert offsets._database.execute("pragma fullfsync").fetchone() == (on,)


def test_a_file_of_another_version_is_refused(path, offsets):
    offsets.close()
    with closing(sqlite3.connect(path)) as database:
        database.execute("pragma user_version = 7")
    with pytest.raises(StreamError, match=r"offsets\.sqlite is of version 7; this program knows version 1"):
        SqliteOffsets(path)


def test_a_file_that_is_something_else_is_refused(path):
    path.parent.mkdir()
    path.write_bytes(b"not a database " * 100)
    with pytest.raises(StreamError, match=r"offsets in .*offsets\.sqlite cannot be used"):
        SqliteOffsets(path)


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StreamError, match="cannot be used"):
        SqliteOffsets(tmp_path / "file" / "offsets.sqlite")
