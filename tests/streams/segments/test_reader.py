import os
import threading
from pathlib import Path

import pytest
from tests.streams.crashing_files import CrashingFiles

from snowmelt.streams.log import Entry, Record, StreamError
from snowmelt.streams.segments import Retention, SegmentReader, SegmentWriter, frames
from snowmelt.streams.segments.layout import HEADER_BYTES, position_text, segment_bases, segment_name

LOG = Path("/disk/log")
HOME = LOG / "0"
DATA = [b"%03d" % number * (1 + number % 40) for number in range(100)]


@pytest.fixture
def files():
    return CrashingFiles()


@pytest.fixture
def reader(files):
    return SegmentReader(LOG, files)


def fill(files, data=DATA, **terms) -> list[str]:
    with SegmentWriter.open(LOG, files=files, **({"segment_bytes": 1024, "now": lambda: 0.0} | terms)) as writer:
        return [result.position for result in writer.append([Record("", one) for one in data])]


def patch(files, path: Path, content: bytes, offset: int) -> None:
    fd = files.open(path, os.O_RDWR)
    files.pwrite(fd, content, offset)
    files.close(fd)


def pages(reader, max_records: int, max_bytes: int, after: str | None = None) -> list[list[Entry]]:
    found = []
    while page := reader.read("0", after, max_records, max_bytes):
        after = page[-1].position
        found.append(page)
    return found


class TestReading:
    def test_where_there_is_no_log_there_is_nothing(self, reader):
        assert reader.partitions() == []
        assert reader.read("0", None, 10, 1000) == []
        assert reader.count() == {}

    def test_partitions_are_sorted_and_other_files_are_none(self, files, reader):
        for name in ("b", "a", "10"):
            SegmentWriter.open(LOG, name, segment_bytes=1024, files=files).close()
        files.make_dir(LOG / "empty")
        files.close(files.open(LOG / "notes.txt", os.O_RDWR | os.O_CREAT))
        assert reader.partitions() == ["10", "a", "b"]
        assert reader.count() == {"10": 0, "a": 0, "b": 0}

    def test_every_record_is_read_from_any_position(self, files, reader):
        positions = fill(files)
        assert len(segment_bases(files, HOME)) > 5
        for start, after in enumerate([None, *positions]):
            entries = reader.read("0", after, 1000, 1 << 20)
            assert entries == [Entry(p, d) for p, d in zip(positions[start:], DATA[start:], strict=True)]
        assert reader.count() == {"0": len(DATA)}

    @pytest.mark.parametrize("max_records", [1, 7, 100])
    @pytest.mark.parametrize("max_bytes", [1, 150, 1 << 20])
    def test_a_page_keeps_its_bounds_and_has_one_record_at_least(self, files, reader, max_records, max_bytes):
        fill(files)
        found = pages(reader, max_records, max_bytes)
        assert [entry.data for page in found for entry in page] == DATA
        for page in found:
            assert len(page) <= max_records
            assert len(page) == 1 or sum(len(entry.data) for entry in page) <= max_bytes

    def test_no_records_are_asked_for_and_none_are_given(self, files, reader):
        fill(files)
        assert reader.read("0", None, 0, 1000) == []

    def test_records_may_be_larger_than_what_is_read_at_once(self, files, reader, monkeypatch):
        monkeypatch.setattr(frames, "_BLOCK_BYTES", 50)
        fill(files)
        assert [entry.data for page in pages(reader, 9, 1000) for entry in page] == DATA

    def test_behind_the_end_there_is_nothing(self, files, reader):
        fill(files)
        assert reader.read("0", position_text(1 << 40), 10, 1000) == []

    def test_no_descriptor_stays_open(self, files, reader):
        fill(files)
        pages(reader, 3, 100)
        reader.count()
        assert files._open == {}

    def test_a_position_of_another_kind_is_refused(self, files, reader):
        fill(files)
        with pytest.raises(StreamError, match="'latest' is not a position of a segment log"):
            reader.read("0", "latest", 10, 1000)

    def test_a_partition_stays_in_the_folder(self, reader):
        with pytest.raises(StreamError, match="cannot name a partition"):
            reader.read("../secrets", None, 10, 1000)


class TestTheMark:
    def test_nothing_is_shown_between_the_write_and_its_sync(self, files, reader):
        """The reader looks before every operation of the writer, and a power cut could come right there."""
        shown = []
        with SegmentWriter.open(LOG, segment_bytes=1024, files=files) as writer:
            for number in range(30):
                before = reader.count()["0"]
                files.meanwhile = lambda: shown.append(reader.count()["0"])
                writer.append([Record("", bytes(90))] * 3)
                files.meanwhile = lambda: None
                assert before == 3 * number
                assert set(shown) <= {before, before + 1, before + 2}, (
                    "a batch over two segments is durable in two steps"
                )
                assert reader.count()["0"] == before + 3
                shown.clear()


class TestDeletedSegments:
    def test_reading_goes_on_with_the_oldest_kept(self, files, reader):
        positions = fill(files)
        bases = segment_bases(files, HOME)
        for base in bases[:3]:
            files.unlink(HOME / segment_name(base))
        kept = [d for p, d in zip(positions, DATA, strict=True) if int(p) > bases[3]]
        for after in (None, positions[0], position_text(bases[3])):
            assert [entry.data for entry in reader.read("0", after, 1000, 1 << 20)] == kept

    @pytest.mark.parametrize("victims", [1, 2, 3])
    def test_they_may_go_while_somebody_reads(self, files, reader, victims, monkeypatch):
        """Retention deletes the oldest between the listing and the opening."""
        positions = fill(files)
        bases = segment_bases(files, HOME)
        names = files.names

        def names_and_then_deletion(folder):
            listed = names(folder)
            for base in bases[:victims]:
                if segment_name(base) in listed:
                    files.unlink(HOME / segment_name(base))
            return listed

        monkeypatch.setattr(files, "names", names_and_then_deletion)
        kept = [d for p, d in zip(positions, DATA, strict=True) if int(p) > bases[victims]]
        assert [entry.data for entry in reader.read("0", None, 1000, 1 << 20)] == kept

    def test_one_that_is_being_read_is_read_to_its_end(self, files, reader):
        fill(files)
        entries = reader._records("0", 0)
        next(entries)
        files.unlink(HOME / segment_name(0))
        assert sum(1 for _ in entries) == len(DATA) - 1


class TestDamage:
    def test_a_changed_byte_below_the_mark_is_named_and_not_skipped(self, files, reader):
        positions = fill(files, DATA[:3])
        for at in range(int(positions[-1])):
            path = HOME / segment_name(0)
            fd = files.open(path, os.O_RDWR)
            byte = files.pread(fd, 1, HEADER_BYTES + at)[0]
            files.pwrite(fd, bytes([byte ^ 0x40]), HEADER_BYTES + at)
            begin = max(int(p) for p in ("0", *positions) if int(p) <= at)
            with pytest.raises(
                StreamError, match=rf"0000\.segment is damaged at byte {HEADER_BYTES + begin}: no whole"
            ):
                pages(reader, 10, 1000)
            with pytest.raises(StreamError):
                reader.count()
            files.pwrite(fd, bytes([byte]), HEADER_BYTES + at)
            files.close(fd)
        assert reader.count() == {"0": 3}

    def test_what_lies_before_the_damage_can_be_read(self, files, reader):
        positions = fill(files, DATA[:3])
        patch(files, HOME / segment_name(0), b"#", HEADER_BYTES + int(positions[1]))
        assert [entry.data for entry in reader.read("0", None, 1000, 1000)] == DATA[:2]
        with pytest.raises(StreamError, match="damaged"):
            reader.read("0", positions[1], 1, 1000)

    def test_zeros_in_the_middle_are_damage_and_not_the_end(self, files, reader):
        fill(files)
        patch(files, HOME / segment_name(0), bytes(512), 256)
        with pytest.raises(StreamError, match=r"0000\.segment is damaged at byte"):
            pages(reader, 1000, 1 << 20)

    def test_a_segment_that_is_gone_from_the_middle_is_named(self, files, reader):
        fill(files)
        bases = segment_bases(files, HOME)
        files.unlink(HOME / segment_name(bases[2]))
        with pytest.raises(StreamError, match=rf"{segment_name(bases[1])} is damaged at byte \d+: no whole record"):
            pages(reader, 1000, 1 << 20)

    def test_the_last_segment_gone_is_named(self, files, reader):
        fill(files)
        bases = segment_bases(files, HOME)
        files.unlink(HOME / segment_name(bases[-1]))
        with pytest.raises(StreamError, match=rf"{segment_name(bases[-2])} is damaged"):
            pages(reader, 1000, 1 << 20)

    def test_all_segments_gone_is_told(self, files, reader):
        fill(files)
        for base in segment_bases(files, HOME):
            files.unlink(HOME / segment_name(base))
        with pytest.raises(StreamError, match="its segments are gone"):
            pages(reader, 1000, 1 << 20)

    @pytest.mark.parametrize("index", [0, 1, -1])
    def test_a_damaged_header_is_named(self, files, reader, index):
        fill(files)
        name = segment_name(segment_bases(files, HOME)[index])
        patch(files, HOME / name, b"#", 20)
        with pytest.raises(StreamError, match=rf"{name} is damaged at byte 0"):
            pages(reader, 1000, 1 << 20)


def test_a_reader_keeps_up_with_a_writer_and_retention(tmp_path):
    """In two threads on real files: all records in order and once, while what was committed is deleted."""
    reader = SegmentReader(tmp_path)
    committed: list[str] = []
    acknowledged: list[str] = []

    def write() -> None:
        with SegmentWriter.open(
            tmp_path,
            segment_bytes=4096,
            retention=Retention(max_bytes=8192),
            committed=lambda: committed[-1] if committed else None,
        ) as writer:
            for start in range(0, 2000, 10):
                results = writer.append([Record("", b"%06d" % number * 20) for number in range(start, start + 10)])
                acknowledged.extend(result.position for result in results)

    thread = threading.Thread(target=write)
    thread.start()
    entries: list[Entry] = []
    while len(entries) < 2000 and (thread.is_alive() or len(entries) < len(acknowledged)):
        page = reader.read("0", entries[-1].position if entries else None, 57, 1 << 20)
        entries += page
        committed += [entry.position for entry in page[-1:]]
    thread.join()
    assert [entry.data for entry in entries] == [b"%06d" % number * 20 for number in range(2000)]
    assert [entry.position for entry in entries] == acknowledged
    assert segment_bases(SegmentReader(tmp_path)._files, tmp_path / "0")[0] > 0, "nothing was deleted meanwhile"
