import errno
import os
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.streams.crashing_files import Crash, CrashingFiles, disk_full, everything, nothing

from snowmelt.streams.log import Appended, Record, Refused, StreamError
from snowmelt.streams.segments import Retention, SegmentReader, SegmentWriter
from snowmelt.streams.segments.layout import HEADER_BYTES, mark_line, position_text, segment_bases, segment_name

LOG = Path("/disk/state/log")
HOME = LOG / "0"
PREFIX = 8
IO_ERROR = OSError(errno.EIO, "the disk is broken")


@pytest.fixture
def files():
    return CrashingFiles()


def open_writer(files, **terms) -> SegmentWriter:
    return SegmentWriter.open(LOG, **({"segment_bytes": 1024, "now": lambda: 0.0, "files": files} | terms))


def append(writer: SegmentWriter, *data: bytes) -> list[str]:
    results = writer.append([Record("key", one) for one in data])
    assert all(isinstance(result, Appended) for result in results), results
    return [result.position for result in results]


def read(files) -> list[bytes]:
    return [entry.data for entry in SegmentReader(LOG, files).read("0", None, 1_000_000, 1_000_000_000)]


def patch(files, path: Path, content: bytes, offset: int) -> None:
    fd = files.open(path, os.O_RDWR)
    files.pwrite(fd, content, offset)
    files.close(fd)


class TestAppending:
    def test_each_record_has_its_result_in_order(self, files):
        with open_writer(files) as writer:
            assert append(writer, b"one", b"", b"three") == [position_text(at) for at in (11, 19, 32)]
            assert append(writer, b"four") == [position_text(44)]
            assert writer.append([]) == []
        assert read(files) == [b"one", b"", b"three", b"four"]

    def test_a_batch_is_one_write_and_one_sync(self, files):
        with open_writer(files) as writer:
            before = files.sites.total()
            append(writer, *[b"record"] * 20)
            assert files.sites.total() == before + 1

    @given(batches=st.lists(st.lists(st.integers(0, 400), max_size=8), max_size=8), page=st.integers(1, 9))
    def test_a_log_goes_over_as_many_segments_as_it_needs(self, batches, page):
        files = CrashingFiles()
        numbered, positions = [], []
        with open_writer(files, segment_bytes=512) as writer:
            for sizes in batches:
                batch = [b"%04d" % (len(numbered) + n) + bytes(size) for n, size in enumerate(sizes)]
                positions += append(writer, *batch)
                numbered += batch
        assert positions == sorted(set(positions))
        reader, entries = SegmentReader(LOG, files), []
        while found := reader.read("0", entries[-1].position if entries else None, page, 1000):
            entries += found
        assert [(entry.position, entry.data) for entry in entries] == list(zip(positions, numbered, strict=True))
        assert reader.count() == {"0": len(numbered)}

    def test_a_segment_is_filled_to_the_last_byte(self, files):
        with open_writer(files, segment_bytes=HEADER_BYTES + 40) as writer:
            append(writer, bytes(12), bytes(12))
            assert len(segment_bases(files, HOME)) == 1
            append(writer, b"")
            assert segment_bases(files, HOME) == [0, 40]
        assert read(files) == [bytes(12), bytes(12), b""]

    def test_a_record_larger_than_a_segment_is_refused_and_its_neighbours_are_not(self, files):
        largest = 1024 - HEADER_BYTES - PREFIX
        with open_writer(files) as writer:
            results = writer.append([Record("", b"a"), Record("", bytes(largest + 1)), Record("", bytes(largest))])
        assert [type(result) for result in results] == [Appended, Refused, Appended]
        assert results[1].reason == f"a record of this log may have {largest} bytes at most"
        assert read(files) == [b"a", bytes(largest)]

    def test_the_next_writer_goes_on_behind_the_last(self, files):
        with open_writer(files) as writer:
            append(writer, b"one")
        with open_writer(files, segment_bytes=4096) as writer:
            assert append(writer, b"two") == [position_text(22)]
            append(writer, bytes(1000))
        assert read(files) == [b"one", b"two", bytes(1000)]

    def test_partitions_do_not_share_anything(self, files):
        with (
            SegmentWriter.open(LOG, "a", segment_bytes=1024, files=files) as one,
            SegmentWriter.open(LOG, "b", segment_bytes=1024, files=files) as other,
        ):
            assert append(one, b"1") == append(other, b"2") == [position_text(9)]
            append(other, b"3")
        assert SegmentReader(LOG, files).count() == {"a": 1, "b": 2}

    def test_a_closed_writer_takes_nothing(self, files):
        writer = open_writer(files)
        writer.close()
        writer.close()
        with pytest.raises(StreamError, match="/disk/state/log/0 is closed"):
            append(writer, b"late")


class TestOneWriter:
    def test_a_second_one_is_told_and_harms_nothing(self, files):
        with open_writer(files) as writer:
            append(writer, b"one")
            with pytest.raises(StreamError, match="another process writes to /disk/state/log/0; stop it first, or"):
                open_writer(files)
            append(writer, b"two")
        open_writer(files).close()
        assert read(files) == [b"one", b"two"]

    def test_real_files_are_locked_too(self, tmp_path):
        with (
            SegmentWriter.open(tmp_path, segment_bytes=1024),
            pytest.raises(StreamError, match="another process writes"),
        ):
            SegmentWriter.open(tmp_path, segment_bytes=1024)
        SegmentWriter.open(tmp_path, segment_bytes=1024).close()

    def test_who_cannot_open_it_lets_go_of_it(self, files):
        with open_writer(files) as writer:
            append(writer, b"one")
        patch(files, HOME / segment_name(0), b"#", HEADER_BYTES)
        for _ in range(2):
            with pytest.raises(StreamError, match="damaged"):
                open_writer(files)
        assert files._open == {}


class TestTheDisk:
    @pytest.mark.parametrize("call", ["allocate", "pwrite", "durable_sync"])
    def test_without_room_for_a_segment_records_are_refused_until_there_is(self, files, call):
        with open_writer(files) as writer:
            append(writer, bytes(900))
            files.fail(call, disk_full(), disk_full())
            for _ in range(2):
                assert (
                    writer.append([Record("", bytes(100))] * 2)
                    == [Refused("the disk of /disk/state/log/0 is full")] * 2
                )
            assert not [name for name in files.names(HOME) if name.endswith(".new")]
            append(writer, bytes(100))
        assert read(files) == [bytes(900), bytes(100)]

    def test_what_fits_before_the_disk_is_full_is_appended(self, files):
        with open_writer(files) as writer:
            files.fail("allocate", disk_full())
            results = writer.append([Record("", bytes(400))] * 3)
        assert [type(result) for result in results] == [Appended, Appended, Refused]
        assert read(files) == [bytes(400)] * 2

    def test_the_disk_budget_refuses_what_would_pass_it(self, files):
        with open_writer(files, disk_budget=2048) as writer:
            append(writer, bytes(900), bytes(900))
            assert writer.append([Record("", bytes(900))]) == [
                Refused("the log in /disk/state/log/0 has filled its disk budget of 2048 bytes")
            ]
            append(writer, b"small")
        assert read(files) == [bytes(900), bytes(900), b"small"]

    def test_what_retention_deletes_is_room_again(self, files):
        committed = None
        with open_writer(
            files, disk_budget=2048, retention=Retention(max_bytes=1024), committed=lambda: committed
        ) as writer:
            positions = append(writer, bytes(900), bytes(900))
            assert isinstance(writer.append([Record("", bytes(900))])[0], Refused)
            committed = positions[0]
            append(writer, bytes(900))
        assert segment_bases(files, HOME) == [908, 1816]

    @pytest.mark.parametrize("call", ["pwrite", "durable_sync"])
    def test_a_failed_write_or_sync_is_the_end_of_the_writer(self, files, call):
        writer = open_writer(files)
        append(writer, b"before")
        files.fail(call, IO_ERROR)
        with pytest.raises(StreamError, match=r"takes nothing more until it is opened anew: .*the disk is broken"):
            append(writer, b"failed")
        operations = files.operations
        with pytest.raises(StreamError, match="takes nothing more until it is opened anew"):
            append(writer, b"after")
        assert files.operations == operations, "nothing is asked of the disk again"
        assert read(files) == [b"before"]
        writer.close()

        with open_writer(files) as writer:
            append(writer, b"anew")
        files.power_cut(nothing)
        open_writer(files).close()
        assert [data for data in read(files) if data != b"failed"] == [b"before", b"anew"]

    @pytest.mark.parametrize(
        ("call", "error"),
        [
            *[(call, IO_ERROR) for call in ("allocate", "pwrite", "durable_sync", "rename", "fsync_dir")],
            *[(call, disk_full()) for call in ("rename", "fsync_dir")],  # too late to go on with the segment before
        ],
    )
    def test_a_failure_to_begin_a_segment_is_the_end_too(self, files, call, error):
        writer = open_writer(files)
        append(writer, bytes(900))
        files.fail(call, error)
        for _ in range(2):
            with pytest.raises(StreamError, match="takes nothing more"):
                append(writer, bytes(100))
        writer.close()
        with open_writer(files) as writer:
            append(writer, b"anew")
        assert read(files) == [bytes(900), b"anew"]
        assert sorted(files.names(HOME))[-2:] == ["lock", "mark"]

    @pytest.mark.parametrize("call", ["unlink", "fsync_dir"])
    def test_a_failure_to_delete_is_the_end_too(self, files, call):
        writer = open_writer(files, retention=Retention(max_bytes=0), committed=lambda: position_text(10_000))
        append(writer, bytes(900), bytes(900))
        files.fail(call, IO_ERROR)
        with pytest.raises(StreamError, match="takes nothing more"):
            append(writer, bytes(900))
        writer.close()

    def test_the_system_may_show_what_a_failed_sync_has_lost(self, files):
        """The next writer finds the frames in the cache; they must be on the disk before anyone is shown them."""
        writer = open_writer(files)
        append(writer, b"before")
        files.fail("durable_sync", IO_ERROR)
        with pytest.raises(StreamError):
            append(writer, b"only in the cache")
        writer.close()
        open_writer(files).close()
        assert read(files) == [b"before", b"only in the cache"]
        files.power_cut(nothing)
        open_writer(files).close()
        assert read(files) == [b"before", b"only in the cache"]

    def test_an_interrupt_in_the_middle_is_the_end_too(self, files, monkeypatch):
        def interrupt(fd: int) -> None:
            raise KeyboardInterrupt

        writer = open_writer(files)
        with monkeypatch.context() as moment:
            moment.setattr(files, "durable_sync", interrupt)
            with pytest.raises(KeyboardInterrupt):
                append(writer, b"one")
        with pytest.raises(StreamError, match="was interrupted while writing; open it anew"):
            append(writer, b"two")
        writer.close()

    def test_offsets_that_cannot_be_read_stop_one_append_and_not_the_writer(self, files):
        answers = iter([StreamError("locked"), None])

        def committed() -> str | None:
            if error := next(answers):
                raise error
            return None

        with open_writer(files, committed=committed) as writer:
            append(writer, bytes(900))
            with pytest.raises(StreamError, match="locked"):
                append(writer, bytes(900))
            append(writer, bytes(900))
        assert read(files) == [bytes(900)] * 2

    def test_a_full_disk_is_told_when_there_is_no_segment_yet(self, files):
        files.fail("allocate", disk_full())
        with pytest.raises(StreamError, match="cannot be opened: the disk of /disk/state/log/0 is full"):
            open_writer(files)
        open_writer(files).close()

    def test_a_folder_that_cannot_be_made_is_told(self, tmp_path):
        (tmp_path / "log").write_text("")
        with pytest.raises(StreamError, match=r"the log in .*log/0 cannot be opened: "):
            SegmentWriter.open(tmp_path / "log")


class TestRetention:
    def test_segments_go_by_age_once_they_are_read(self, files):
        clock = 0.0
        committed = None
        with open_writer(
            files,
            retention=Retention(max_age=timedelta(hours=1)),
            committed=lambda: committed,
            now=lambda: clock,
        ) as writer:
            positions = append(writer, *[bytes(900)] * 3)
            clock += 3601
            append(writer, bytes(900))
            assert segment_bases(files, HOME) == [0, 908, 1816, 2724]
            committed = positions[1]
            append(writer, bytes(900))
            assert segment_bases(files, HOME) == [1816, 2724, 3632]

    def test_a_segment_that_somebody_else_deleted_is_no_harm(self, files):
        with open_writer(files, retention=Retention(max_bytes=0), committed=lambda: position_text(10_000)) as writer:
            append(writer, bytes(900), bytes(900))
            files.unlink(HOME / segment_name(0))
            append(writer, bytes(900))
        assert read(files) == [bytes(900)] * 2

    def test_segments_from_before_a_restart_go_too(self, files):
        with open_writer(files) as writer:
            append(writer, *[bytes(900)] * 3)
        with open_writer(files, retention=Retention(max_bytes=1024), committed=lambda: position_text(10_000)) as writer:
            append(writer, bytes(900))
        assert segment_bases(files, HOME) == [1816, 2724]


class TestTheFloor:
    def test_a_log_that_lost_its_end_goes_on_above_what_was_committed(self, files):
        with open_writer(files) as writer:
            append(writer, b"one")
        with open_writer(files, floor=position_text(500)) as writer:
            assert append(writer, b"two") == [position_text(511)]
        assert read(files) == [b"one", b"two"]
        reader = SegmentReader(LOG, files)
        assert [entry.data for entry in reader.read("0", position_text(500), 10, 1000)] == [b"two"]
        assert [entry.data for entry in reader.read("0", position_text(300), 10, 1000)] == [b"two"]
        assert [entry.data for entry in reader.read("0", position_text(11), 10, 1000)] == [b"two"]

    def test_a_log_that_is_gone_begins_above_what_was_committed(self, files):
        with open_writer(files, floor=position_text(500)) as writer:
            assert append(writer, b"one") == [position_text(511)]
        assert read(files) == [b"one"]

    def test_a_floor_below_the_end_changes_nothing(self, files):
        with open_writer(files) as writer:
            positions = append(writer, b"one", b"two")
        for floor in positions:
            open_writer(files, floor=floor).close()
        assert segment_bases(files, HOME) == [0]

    def test_a_log_without_segments_goes_on_above_its_mark(self, files):
        with open_writer(files) as writer:
            append(writer, b"one")
        files.unlink(HOME / segment_name(0))
        with open_writer(files) as writer:
            assert append(writer, b"two") == [position_text(22)]
        assert read(files) == [b"two"]


class TestATornTail:
    BATCH = (b"first of the batch", b"", b"last of the batch")

    def torn(self, files, at: int, rest: bytes) -> int:
        """A log whose last batch, of so many bytes, was written up to `at`, as after a crash before its sync."""
        with open_writer(files) as writer:
            append(writer, b"acknowledged")
            start = 20
            whole = int(append(writer, *self.BATCH)[-1]) - start
        offset = HEADER_BYTES + start + at
        patch(files, HOME / segment_name(0), rest[: 1024 - offset].ljust(whole - at, b"\0"), offset)
        patch(files, HOME / "mark", mark_line(start), 0)
        return whole

    @pytest.mark.parametrize("rest", [b"", b"\xff" * 1024, bytes(range(256)) * 4], ids=["zeros", "ones", "garbage"])
    def test_every_byte_is_a_safe_place_to_tear(self, rest):
        at, whole = 0, 1
        while at < whole:
            files = CrashingFiles()
            whole = self.torn(files, at, rest)
            with open_writer(files) as writer:
                found = read(files)
                assert found == [b"acknowledged", *self.BATCH][: len(found)]
                assert 1 <= len(found) < 4
                append(writer, b"next")
            open_writer(files).close()
            assert read(files) == [*found, b"next"]
            at += 1

    def test_a_whole_batch_stays(self, files):
        self.torn(files, self.torn(CrashingFiles(), 0, b""), b"")
        open_writer(files).close()
        assert read(files) == [b"acknowledged", *self.BATCH]

    def test_what_lies_behind_a_tear_is_zeroed_for_good(self, files):
        self.torn(files, 3, b"\xff" * 1024)
        open_writer(files).close()
        files.power_cut(nothing)
        fd = files.open(HOME / segment_name(0), os.O_RDONLY)
        assert files.pread(fd, 2000, HEADER_BYTES + 20) == bytes(1024 - HEADER_BYTES - 20)
        files.close(fd)

    def test_an_unfinished_segment_is_removed(self, files):
        with open_writer(files) as writer:
            append(writer, bytes(900))
            files.crash_after(2)
            with pytest.raises(Crash):
                append(writer, bytes(900))
        files.power_cut(everything)
        assert any(name.endswith(".new") for name in files.names(HOME))
        open_writer(files).close()
        assert not any(name.endswith(".new") for name in files.names(HOME))

    def test_less_than_the_mark_promises_is_damage_and_not_a_tear(self, files):
        with open_writer(files) as writer:
            append(writer, b"one", b"two")
        patch(files, HOME / segment_name(0), bytes(11), HEADER_BYTES + 11)
        with pytest.raises(StreamError) as error:
            open_writer(files)
        assert str(error.value) == (
            f"/disk/state/log/0/{segment_name(0)} is damaged at byte 75: no whole record begins there, but position "
            f"{position_text(22)} was acknowledged. Keep the folder, and begin a new log elsewhere"
        )

    @pytest.mark.parametrize("mark", [b"", b"\0" * 30, mark_line(11)[:-3] + b"xx\n"])
    def test_a_mark_that_was_lost_is_found_again(self, files, mark):
        with open_writer(files) as writer:
            append(writer, b"one", b"two")
        fd = files.open(HOME / "mark", os.O_RDWR | os.O_TRUNC)
        files.pwrite(fd, mark, 0)
        files.close(fd)
        assert read(files) == []
        open_writer(files).close()
        assert read(files) == [b"one", b"two"]
