import pytest
from hypothesis import given
from hypothesis import strategies as st

from snowmelt.streams.segments import frames
from snowmelt.streams.segments.frames import PREFIX_BYTES, encode, walk

RECORDS = st.lists(st.binary(max_size=300), max_size=20)
POSITIONS = st.integers(0, 1 << 62)


def walked(content: bytes, base: int, limit: int | None = None) -> list[tuple[int, bytes]]:
    def read(size: int, position: int) -> bytes:
        return content[position - base :][:size]

    return list(walk(read, base, base + len(content) if limit is None else limit))


@given(RECORDS, POSITIONS)
def test_what_is_encoded_is_walked(records, base):
    pieces, ends = encode(records, base)
    assert walked(b"".join(pieces), base) == list(zip(ends, records, strict=True))


@given(RECORDS, POSITIONS, st.binary(max_size=7))
def test_zeros_and_less_than_a_prefix_end_the_frames(records, base, rest):
    pieces, ends = encode(records, base)
    for behind in (bytes(100), rest):
        assert [end for end, _ in walked(b"".join(pieces) + behind, base)] == ends


@given(RECORDS, st.data())
def test_a_cut_frame_and_all_behind_it_are_not_there(records, data):
    pieces, ends = encode(records, 0)
    content = b"".join(pieces)
    cut = data.draw(st.integers(0, len(content)))
    assert [end for end, _ in walked(content[:cut], 0)] == [end for end in ends if end <= cut]
    assert [end for end, _ in walked(content, 0, limit=cut)] == [end for end in ends if end <= cut]


@given(RECORDS.filter(bool), POSITIONS, st.data())
def test_a_changed_byte_ends_the_walk_before_its_frame(records, base, data):
    pieces, ends = encode(records, base)
    content = bytearray(b"".join(pieces))
    changed = data.draw(st.integers(0, len(content) - 1))
    content[changed] ^= data.draw(st.integers(1, 255))
    assert [end for end, _ in walked(bytes(content), base)] == [end for end in ends if end - base <= changed]


@given(st.binary(), POSITIONS)
def test_no_bytes_make_it_fail(content, base):
    walked(content, base)


def test_an_empty_record_is_not_the_end():
    pieces, ends = encode([b"", b""], 0)
    assert walked(b"".join(pieces) + bytes(8), 0) == [(8, b""), (16, b"")]
    assert ends == [8, 16]


def test_a_frame_is_whole_only_where_it_was_written():
    pieces, _ = encode([b"data"], 1000)
    assert walked(b"".join(pieces), 1000) == [(1012, b"data")]
    assert walked(b"".join(pieces), 1001) == []


@pytest.mark.parametrize("block", [PREFIX_BYTES, 9, 64])
def test_frames_may_lie_across_the_blocks_that_are_read(monkeypatch, block):
    monkeypatch.setattr(frames, "_BLOCK_BYTES", block)
    records = [bytes([n]) * n for n in range(30)]
    pieces, ends = encode(records, 5)
    assert walked(b"".join(pieces), 5) == list(zip(ends, records, strict=True))


def test_the_bytes_on_the_disk_are_these():
    """Segments outlive programs: other bytes need another version in the header."""
    pieces, ends = encode([b"snow", b""], 64)
    assert b"".join(pieces).hex(" ", 4) == "0c000000 8efd97ad 736e6f77 08000000 4c000000"
    assert ends == [76, 84]
