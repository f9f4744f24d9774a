"""The bytes of a record in a segment: size of the frame (with these 8 bytes), CRC-32, data; both numbers little-endian.

The size is never 0, so zeros are the end of the frames. The CRC of the data begins from the position of the frame
instead of 0, so a frame is whole only where it was written: a block that the disk misplaced is not taken for one.
"""

from collections.abc import Callable, Iterator, Sequence
from struct import Struct
from typing import Final
from zlib import crc32

_PREFIX: Final = Struct("<II")
PREFIX_BYTES: Final = _PREFIX.size
_CRC_SEED: Final = 0xFFFFFFFF
_BLOCK_BYTES: Final = 1 << 20


def encode(records: Sequence[bytes], position: int) -> tuple[list[bytes], list[int]]:
    """The frames of `records` from `position` on: two pieces a record, to be joined, and the position behind each."""
    pieces: list[bytes] = []
    ends: list[int] = []
    pack = _PREFIX.pack
    for data in records:
        size = PREFIX_BYTES + len(data)
        pieces += (pack(size, crc32(data, position & _CRC_SEED)), data)
        position += size
        ends.append(position)
    return pieces, ends


def walk(read: Callable[[int, int], bytes], position: int, limit: int) -> Iterator[tuple[int, bytes]]:
    """The whole frames from `position` on, as the position behind each and its data, up to the first that is not whole.

    `read(size, position)` gives up to `size` bytes of the segment. No frame passes `limit`; a walk that ends before it
    has come upon zeros, the end of the file or damage: which of them it may be is for the caller to know.
    """
    block, at = b"", 0
    while limit - position >= PREFIX_BYTES:
        if len(block) - at < PREFIX_BYTES:
            block, at = read(min(_BLOCK_BYTES, limit - position), position), 0
            if len(block) < PREFIX_BYTES:
                return
        size, crc = _PREFIX.unpack_from(block, at)
        if not PREFIX_BYTES <= size <= limit - position:
            return
        if len(block) - at < size:
            block, at = read(min(max(size, _BLOCK_BYTES), limit - position), position), 0
            if len(block) < size:
                return
        data = block[at + PREFIX_BYTES : at + size]
        if crc32(data, position & _CRC_SEED) != crc:
            return
        position += size
        at += size
        yield position, data
