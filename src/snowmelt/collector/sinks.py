"""Where records go: a durable log, or lines on the standard streams."""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from snowmelt.streams.log import Appended, Record, Result, Writer


@dataclass(frozen=True, slots=True)
class Sink:
    """A writer for collector payloads and one for bad rows, under the name that the payloads carry."""

    name: str
    good: Writer
    bad: Writer

    def close(self) -> None:
        """Lets go of both."""
        self.good.close()
        self.bad.close()


class LineWriter:
    """A ``Writer`` of one line a record; as durable as what reads the lines."""

    def __init__(self, stream: BinaryIO, encode: Callable[[bytes], bytes]) -> None:
        self._stream = stream
        self._encode = encode
        self._written = 0

    def append(self, records: Sequence[Record]) -> list[Result]:
        """Writes and flushes the lines. Raises OSError when nobody reads any more."""
        self._stream.write(b"".join(self._encode(record.data) + b"\n" for record in records))
        self._stream.flush()
        first = self._written
        self._written += len(records)
        return [Appended(f"{position:020d}") for position in range(first, self._written)]

    def close(self) -> None:
        """Leaves the stream open: it is not ours."""


def stdout_sink(stdout: BinaryIO, stderr: BinaryIO) -> Sink:
    """Payloads as base64, one a line, to standard output; bad rows as JSON to standard error."""
    return Sink("stdout", LineWriter(stdout, base64.b64encode), LineWriter(stderr, bytes))
