import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.streams.crashing_files import CrashingFiles

from snowmelt.streams.log import StreamError
from snowmelt.streams.segments.layout import (
    HEADER_BYTES,
    MARK,
    Header,
    mark_line,
    partition_folder,
    position_number,
    position_text,
    read_mark,
    read_segment,
    segment_bases,
    segment_name,
)

NUMBERS = st.integers(0, (1 << 64) - 1)
FILES = CrashingFiles()
HOME = FILES.root


def write(name: str, content: bytes) -> None:
    fd = FILES.open(HOME / name, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
    FILES.pwrite(fd, content, 0)
    FILES.close(fd)


@given(NUMBERS, NUMBERS)
def test_positions_sort_as_text(one, other):
    assert (position_text(one) < position_text(other)) == (one < other)
    assert position_number(position_text(one)) == one


@pytest.mark.parametrize("text", ["", "12", "latest", "-0000000000000000001", "٠" * 20, "0" * 21, " " * 20])
def test_other_text_is_no_position(text):
    with pytest.raises(StreamError, match="is not a position of a segment log"):
        position_number(text)


def test_no_position_is_the_beginning():
    assert position_number(None) == 0


@pytest.mark.parametrize("name", ["0", "shardId-000000000007", "a.b_c"])
def test_a_partition_is_a_folder(name):
    assert partition_folder(HOME, name) == HOME / name


@pytest.mark.parametrize("name", ["", ".", "..", "../0", "a/b", "/etc", ".hidden", "a b", "0\n"])
def test_a_partition_stays_in_the_folder(name):
    with pytest.raises(StreamError, match="cannot name a partition"):
        partition_folder(HOME, name)


@given(NUMBERS, NUMBERS, NUMBERS)
def test_a_header_is_read_as_it_was_written(base, previous_end, created):
    header = Header(base, previous_end, created)
    content = header.encode()
    assert len(content) == HEADER_BYTES
    assert Header.decode(content, HOME / segment_name(base)) == header


def test_the_bytes_on_the_disk_are_these():
    header = Header(base=4096, previous_end=4000, created=1_700_000_000_000).encode()
    assert header.rstrip(b"\0").hex(" ", 4) == (
        "736e6f77 6d656c74 01000000 00100000 00000000 a00f0000 00000000 0068e5cf 8b010000 0d467c64"
    )
    assert segment_name(4096) == "00000000000000004096.segment"
    assert mark_line(4096) == b"00000000000000004096 7346cb08\n"


@pytest.mark.parametrize("changed", range(40))
def test_a_header_with_a_changed_byte_is_refused(changed):
    content = bytearray(Header(4096, 4096, 1).encode())
    content[changed] ^= 1
    with pytest.raises(StreamError, match=r"4096\.segment is (damaged at byte 0|a segment of version \d+)"):
        Header.decode(bytes(content), HOME / segment_name(4096))


@pytest.mark.parametrize("content", [b"", b"\0" * HEADER_BYTES, Header(4096, 4096, 1).encode()[:40]])
def test_what_is_no_header_is_refused(content):
    with pytest.raises(StreamError, match=r"4096\.segment is damaged at byte 0"):
        Header.decode(content, HOME / segment_name(4096))


def test_a_segment_under_another_name_is_refused():
    with pytest.raises(StreamError, match=r"8192\.segment is damaged at byte 0"):
        Header.decode(Header(4096, 4096, 1).encode(), HOME / segment_name(8192))


def test_a_segment_of_a_later_version_is_named_as_that():
    content = Header(0, 0, 1).encode()
    with pytest.raises(StreamError, match="is a segment of version 2; this program reads version 1"):
        Header.decode(content[:8] + b"\2" + content[9:], HOME / segment_name(0))


def test_segments_are_found_in_order_among_other_files():
    for base in (8192, 0, 4096):
        write(segment_name(base), Header(base, base, 1).encode() + bytes(36))
    write(f"{segment_name(12288)}.new", b"")
    write("notes.txt", b"")
    assert segment_bases(FILES, HOME) == [0, 4096, 8192]
    segment = read_segment(FILES, HOME / segment_name(4096))
    assert (segment.header, segment.size, segment.limit) == (Header(4096, 4096, 1), 100, 4132)
    with pytest.raises(FileNotFoundError):
        read_segment(FILES, HOME / segment_name(5))


@given(NUMBERS)
def test_the_mark_is_read_as_it_was_written(position):
    write(MARK, mark_line(position))
    assert read_mark(FILES, HOME) == position


@pytest.mark.parametrize("size", range(len(mark_line(0)) - 1))
def test_a_mark_that_is_only_partly_there_tells_nothing(size):
    write(MARK, mark_line(4096)[:size])
    assert read_mark(FILES, HOME) is None


@pytest.mark.parametrize("size", range(1, len(mark_line(0)) - 1))
def test_a_mark_read_halfway_through_its_change_is_read_again(size, monkeypatch):
    old, new = mark_line(9_999_999_999), mark_line(10_000_000_001)
    lines = iter([new[:size] + old[size:], new])
    write(MARK, old)
    monkeypatch.setattr(FILES, "pread", lambda fd, length, offset: next(lines))
    assert read_mark(FILES, HOME) in (9_999_999_999, 10_000_000_001)


def test_where_there_is_no_partition_there_is_no_mark():
    write("file", b"")
    assert read_mark(FILES, HOME / "nowhere") is None
    assert read_mark(FILES, HOME / "file") is None
