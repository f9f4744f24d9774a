from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from snowmelt.lake.store import LakeError, LocalStore
from snowmelt.streams.files import RealFiles


class Recording(RealFiles):
    """The real files, and what was asked of them in which order."""

    def __init__(self):
        self.calls = []
        self.open_files = {}

    def open(self, path, flags):
        self.calls.append(("open", path.name))
        descriptor = super().open(path, flags)
        self.open_files[descriptor] = path.name
        return descriptor

    def pwrite(self, fd, data, offset):
        self.calls.append(("write", self.open_files[fd]))
        super().pwrite(fd, data, offset)

    def durable_sync(self, fd):
        self.calls.append(("sync", self.open_files[fd]))
        super().durable_sync(fd)

    def fsync_dir(self, folder):
        self.calls.append(("sync folder", folder.name))
        super().fsync_dir(folder)

    def make_dir(self, folder):
        self.calls.append(("make", folder.name))
        super().make_dir(folder)

    def rename(self, source, target):
        self.calls.append(("rename", source.name, target.name))
        super().rename(source, target)

    def unlink(self, path):
        self.calls.append(("unlink", path.name))
        super().unlink(path)


def test_one_process_writes_at_a_time(tmp_path):
    with LocalStore(tmp_path / "lake").sole_writer():
        with pytest.raises(LakeError, match=f"another process writes to the lake {tmp_path}/lake; stop it"):
            LocalStore(tmp_path / "lake").sole_writer().__enter__()
        with LocalStore(tmp_path / "elsewhere").sole_writer():
            pass
    with LocalStore(tmp_path / "lake").sole_writer():
        assert LocalStore(tmp_path / "lake").list("run=") == []


def test_put_makes_names_and_data_durable_before_it_returns(tmp_path):
    files = Recording()
    LocalStore(tmp_path / "lake", files).put("run=1/output=good/a", b"data")
    unfinished = "a.unfinished"
    assert files.calls == [
        ("make", "lake"),
        ("sync folder", tmp_path.name),
        ("make", "run=1"),
        ("sync folder", "lake"),
        ("make", "output=good"),
        ("sync folder", "run=1"),
        ("open", unfinished),
        ("write", unfinished),
        ("sync", unfinished),
        ("rename", unfinished, "a"),
        ("sync folder", "output=good"),
    ]


def test_put_get_list(tmp_path):
    store = LocalStore(tmp_path)
    for key in ("run=2/b", "run=1/x/a", "other"):
        store.put(key, key.encode())
    assert store.get("run=1/x/a") == b"run=1/x/a"
    assert store.list("") == ["other", "run=1/x/a", "run=2/b"]
    assert store.list("run=") == ["run=1/x/a", "run=2/b"]
    assert store.list("run=1/") == ["run=1/x/a"]
    assert store.list("run=3/") == []
    with pytest.raises(FileNotFoundError):
        store.get("run=3/a")


def test_put_again_replaces_the_whole(tmp_path):
    store = LocalStore(tmp_path)
    store.put("a", b"long before")
    store.put("a", b"now")
    assert store.get("a") == b"now"


def test_an_unfinished_file_is_not_there_for_readers_but_is_removed(tmp_path):
    class Full(RealFiles):
        def durable_sync(self, fd):
            raise OSError("no space left")

    with pytest.raises(OSError, match="no space left"):
        LocalStore(tmp_path, Full()).put("run=1/a", b"data")
    store = LocalStore(tmp_path)
    assert store.list("") == []
    store.delete("run=1/")
    assert list(tmp_path.iterdir()) == []


def test_delete_removes_what_has_the_prefix_and_the_last_name_first(tmp_path):
    files = Recording()
    store = LocalStore(tmp_path, files)
    for key in ("run=1/output=good/a", "run=1/positions.json", "run=1/shredding_complete.json", "run=11/a"):
        store.put(key, b"")
    files.calls.clear()
    store.delete("run=1/")
    assert files.calls[:4] == [
        ("unlink", "shredding_complete.json"),
        ("sync folder", "run=1"),
        ("unlink", "positions.json"),
        ("sync folder", "run=1"),
    ]
    assert store.list("") == ["run=11/a"]
    assert [entry.name for entry in tmp_path.iterdir()] == ["run=11"]
    store.delete("run=1/")


def test_a_store_that_is_not_there_is_empty(tmp_path):
    assert LocalStore(tmp_path / "none").list("") == []


@pytest.mark.parametrize("folder", ["plain", "with space", "[odd]*?'\"", "日本", "50%", "a#b"])
def test_a_uri_leads_to_the_file(tmp_path, folder):
    store = LocalStore(tmp_path / folder)
    store.put("run=1/a", b"data")
    uri = store.uri("run=1/a")
    assert uri.isascii()
    assert uri.endswith("/run=1/a")
    assert Path(unquote(urlsplit(uri).path)).read_bytes() == b"data"
    assert store.uri("run=1/").endswith("/run=1/")


def test_a_relative_root_is_made_absolute(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert LocalStore(Path("lake")).uri("a").startswith("file:///")
