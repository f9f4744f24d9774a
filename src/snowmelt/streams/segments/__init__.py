"""A log in a folder: one subfolder per partition, one writer process each, any number of readers in any process.

What lies in `<folder>/<partition>/`::

    lock                          held by the writer
    mark                          up to which position everything is durable
    00000000000000000000.segment  frames; named by the position it begins at
    00000000000067108800.segment

A **position** counts the bytes of frames since the partition began, written with 20 digits: the place just behind its
record. A **segment** is a file of fixed size, its room taken when it is created: a header, then frames, then zeros.
A **frame** is size, CRC-32 and data (see `frames`). The partition key is not stored.

*Why an acknowledged record is never lost.* A batch is one write and one sync before it is acknowledged. A segment gets
its name only once its header is durable, and takes records only once its name is. After a crash the writer looks at the
last segment alone, since none is begun before everything in the one before it is durable: whole frames stay, and what
lies behind them was never acknowledged and is zeroed. As databases do, we take it that a sector is written whole or not
at all, so that a write cannot harm the frame before it in the same sector.

*Why a reader never sees what may still vanish.* It reads up to the mark, and the writer moves the mark only after a
sync. So every value that was ever in it stays true, and while the machine runs all processes see the latest. The mark
itself is never synced: after a power cut it may be an older one, or none, which hides records but shows none too many,
until the next writer has looked at the last segment and sets it right. That writer writes the frames above the old mark
once more before it syncs, because after a failed sync the system's cache may show frames that the disk does not have.

*Why a writer stops.* After a failed write or sync nobody knows what the disk holds, and asking again would not tell
(see `files.durable_sync`). The writer then takes nothing until it is opened anew, which looks again. A full disk is met
earlier, when a segment's room is taken: those records are refused, and later ones are not once there is room.

*Why positions never go back.* All that was read is durable, so the log ends at or above every committed offset. Should
the disk have lied, or the folder be lost while the offsets are not, the caller's floor makes the log go on in a new
segment that begins there. Its header tells where the segment before it ended, so that a lost segment is not taken for
such a step.
"""

from snowmelt.streams.segments.reader import SegmentReader
from snowmelt.streams.segments.retention import KEEP_ALL, Retention
from snowmelt.streams.segments.writer import SegmentWriter

__all__ = ["KEEP_ALL", "Retention", "SegmentReader", "SegmentWriter"]
