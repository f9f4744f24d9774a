import errno
import fcntl
import os

import pytest
from tests.streams.crashing_files import CrashingFiles, everything, nothing

from snowmelt.streams import files
from snowmelt.streams.files import REAL, Files, is_full


@pytest.fixture(params=["real", "in memory"])
def disk(request, tmp_path):
    """The real files, and those the crash tests use: they have to do the same as long as nothing crashes."""
    return (REAL, tmp_path) if request.param == "real" else (CrashingFiles(), CrashingFiles().root)


def new_file(layer: Files, path) -> int:
    return layer.open(path, os.O_RDWR | os.O_CREAT)


def test_what_is_written_is_read(disk):
    layer, root = disk
    fd = new_file(layer, root / "f")
    layer.allocate(fd, 10)
    layer.pwrite(fd, b"abc", 4)
    layer.durable_sync(fd)
    assert layer.size(fd) == 10
    assert layer.pread(fd, 100, 0) == b"\0\0\0\0abc\0\0\0"
    assert layer.pread(fd, 2, 4) == b"ab"
    layer.close(fd)
    again = layer.open(root / "f", os.O_RDONLY)
    assert layer.pread(again, 100, 4) == b"abc\0\0\0"
    layer.close(again)
    truncated = layer.open(root / "f", os.O_RDWR | os.O_TRUNC)
    assert layer.size(truncated) == 0
    layer.close(truncated)


def test_names_come_move_and_go(disk):
    layer, root = disk
    folder = root / "a" / "b"
    assert layer.names(folder) == []
    layer.make_dir(folder)
    layer.make_dir(folder)
    fd = new_file(layer, folder / "old")
    layer.pwrite(fd, b"kept", 0)
    layer.rename(folder / "old", folder / "new")
    layer.fsync_dir(folder)
    assert layer.names(folder) == ["new"]
    layer.unlink(folder / "new")
    assert layer.names(folder) == []
    assert layer.pread(fd, 4, 0) == b"kept"
    layer.close(fd)
    with pytest.raises(FileNotFoundError):
        layer.open(folder / "new", os.O_RDONLY)
    with pytest.raises(FileNotFoundError):
        layer.unlink(folder / "new")


def test_one_descriptor_holds_the_lock(disk):
    layer, root = disk
    first, second = new_file(layer, root / "lock"), new_file(layer, root / "lock")
    assert layer.lock(first)
    assert not layer.lock(second)
    layer.close(first)
    assert layer.lock(second)
    layer.close(second)


def test_a_file_made_by_us_is_not_for_others_to_read(tmp_path):
    REAL.make_dir(tmp_path / "log" / "0")
    REAL.close(new_file(REAL, tmp_path / "log" / "0" / "f"))
    assert [path.stat().st_mode & 0o077 for path in (tmp_path / "log" / "0").rglob("*")] == [0]


def test_a_write_the_system_does_in_pieces_is_finished(tmp_path, monkeypatch):
    whole = os.pwrite
    monkeypatch.setattr(os, "pwrite", lambda fd, data, offset: whole(fd, bytes(data[:3]), offset))
    fd = new_file(REAL, tmp_path / "f")
    REAL.pwrite(fd, b"abcdefgh", 2)
    assert REAL.pread(fd, 100, 0) == b"\0\0abcdefgh"
    REAL.close(fd)


def test_macos_is_asked_to_empty_the_cache_of_the_drive(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(files, "_FULL_SYNC", 51)
    monkeypatch.setattr(fcntl, "fcntl", lambda fd, command: asked.append((fd >= 0, command)))
    fd = new_file(REAL, tmp_path / "f")
    files.durable_sync(fd)
    files.fsync_dir(tmp_path)
    REAL.close(fd)
    assert asked == [(True, 51), (True, 51)]


@pytest.mark.parametrize(("number", "full"), [(errno.ENOSPC, True), (errno.EDQUOT, True), (errno.EIO, False)])
def test_a_full_disk_is_told_from_a_broken_one(number, full):
    assert is_full(OSError(number, "")) is full


class TestThePowerCut:
    """The disk of the crash tests is as forgetful as it claims to be."""

    def test_a_write_without_sync_is_forgotten_and_with_one_it_is_not(self):
        layer = CrashingFiles()
        fd = new_file(layer, layer.root / "f")
        layer.fsync_dir(layer.root)
        layer.pwrite(fd, b"synced", 0)
        layer.durable_sync(fd)
        layer.pwrite(fd, b"SYN", 0)
        layer.power_cut(nothing)
        assert self.content(layer, "f") == b"synced"

    def test_a_synced_file_without_its_name_is_gone(self):
        layer = CrashingFiles()
        fd = new_file(layer, layer.root / "f")
        layer.pwrite(fd, b"synced", 0)
        layer.durable_sync(fd)
        layer.power_cut(nothing)
        assert layer.names(layer.root) == []

    def test_a_name_without_a_synced_content_is_an_empty_file(self):
        layer = CrashingFiles()
        fd = new_file(layer, layer.root / "f")
        layer.pwrite(fd, b"not synced", 0)
        layer.fsync_dir(layer.root)
        layer.power_cut(nothing)
        assert self.content(layer, "f") == b""

    def test_what_a_failed_sync_lost_no_later_sync_brings(self):
        layer = CrashingFiles()
        fd = new_file(layer, layer.root / "f")
        layer.fsync_dir(layer.root)
        layer.pwrite(fd, b"lost", 0)
        layer.fail("durable_sync", OSError(errno.EIO, ""))
        with pytest.raises(OSError):
            layer.durable_sync(fd)
        layer.durable_sync(fd)
        assert self.content(layer, "f") == b"lost"
        layer.power_cut(everything)
        assert self.content(layer, "f") == b""

    def content(self, layer, name):
        fd = layer.open(layer.root / name, os.O_RDONLY)
        try:
            return layer.pread(fd, 1000, 0)
        finally:
            layer.close(fd)
