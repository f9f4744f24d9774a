"""A log used, crashed and opened again, many times over, with everything checked that it promises."""

from dataclasses import dataclass, field
from errno import EIO
from pathlib import Path
from random import Random

import pytest
from tests.streams.crashing_files import Crash, CrashingFiles, Survives, at_random, everything, first, nothing

from snowmelt.streams.log import Entry, Record, Refused, StreamError
from snowmelt.streams.segments import Retention, SegmentReader, SegmentWriter

LOG = Path("/disk/state/log")


@dataclass
class Tally:
    """What a run of crashes came to."""

    crashes: int = 0
    acknowledged: int = 0
    lost: int = 0
    doubled: int = 0
    broken: list[str] = field(default_factory=list)
    """Every promise that was not kept."""

    def add(self, other: "Tally") -> None:
        self.crashes += other.crashes
        self.acknowledged += other.acknowledged
        self.lost += other.lost
        self.doubled += other.doubled
        self.broken += other.broken


class Life:
    """One log through several crashes: `generations` of writers, beside them a reader that commits what it has read."""

    def __init__(self, files: CrashingFiles, rng: Random) -> None:
        self.tally = Tally()
        self._files = files
        self._rng = rng
        self._sizes = rng.choice((range(121), (20,), (0, 50)))
        self._reader = SegmentReader(LOG, files)
        self._tried: list[bytes] = []
        self._acknowledged: dict[str, bytes] = {}
        self._shown: dict[str, bytes] = {}
        self._read: str | None = None
        self._committed: str | None = None
        files.meanwhile = self._read_a_little

    def generation(self, crash_after: int, survives: Survives | None, failing_sync: int | None = None) -> None:
        """Writes until the crash: a power cut after which `survives` tells what is left, or a kill for `None`.

        `failing_sync`: how many syncs go well before one fails, which the writer has to take for the end.
        """
        self._files.crash_after(crash_after)
        if failing_sync is not None:
            self._files.fail("durable_sync", *[None] * failing_sync, OSError(EIO, "the disk is broken"))
        try:
            self._write()
        except Crash:
            self.tally.crashes += 1
        except StreamError as error:
            if getattr(error.__cause__, "errno", None) != EIO:
                self.tally.broken.append(f"the log cannot be used: {error}")
        if survives is None:
            self._files.kill()
        else:
            self._files.power_cut(survives)

    def _write(self) -> None:
        with self._open() as writer:
            self._check()
            try:
                while True:
                    self._append(writer)
            except StreamError:
                syncs = self._files.sites.total()
                with pytest.raises(StreamError):
                    self._append(writer)
                assert self._files.sites.total() == syncs, "a failed sync is never asked for again"
                raise

    def end(self) -> Tally:
        """Opens the log a last time and counts."""
        try:
            with self._open():
                self._check()
        except StreamError as error:
            self.tally.broken.append(f"the log cannot be used: {error}")
        self.tally.acknowledged = len(self._acknowledged)
        return self.tally

    def _open(self) -> SegmentWriter:
        return SegmentWriter.open(
            LOG,
            segment_bytes=512,
            retention=Retention(max_bytes=512),
            committed=lambda: self._committed,
            floor=self._committed,
            now=lambda: 0.0,
            files=self._files,
        )

    def _append(self, writer: SegmentWriter) -> None:
        batch = [self._record() for _ in range(self._rng.randint(1, 4))]
        committed = self._committed or ""
        results = writer.append([Record("key", data) for data in batch])
        for data, result in zip(batch, results, strict=True):
            if isinstance(result, Refused):
                self.tally.broken.append(f"refused: {result.reason}")
            else:
                if result.position <= committed:
                    self.tally.broken.append(f"{result.position} is not above the committed {committed}")
                self._acknowledged[result.position] = data

    def _record(self) -> bytes:
        data = b"%06d" % len(self._tried) + self._rng.randbytes(self._rng.choice(self._sizes))
        self._tried.append(data)
        return data

    def _read_a_little(self) -> None:
        """Another process reads, at any moment of the writer's, and what it was shown must stay."""
        if self._rng.random() < 0.2:
            entries = self._all(self._read)[: self._rng.randint(0, 8)]
            for entry in entries:
                self._shown[entry.position] = entry.data
                self._read = entry.position
            if self._rng.random() < 0.1:
                self._committed = self._read

    def _all(self, after: str | None) -> list[Entry]:
        try:
            return self._reader.read("0", after, 1_000_000, 1_000_000_000)
        except StreamError as error:
            self.tally.broken.append(f"the log cannot be read: {error}")
            return []

    def _check(self) -> None:
        found = self._all(None)
        numbers = [int(entry.data[:6]) for entry in found]
        if numbers != sorted(set(numbers)):
            self.tally.doubled += len(numbers) - len(set(numbers))
            self.tally.broken.append(f"doubled or out of order: {numbers}")
        by_position = {entry.position: entry.data for entry in found}
        if any(data != self._tried[int(data[:6])] for data in by_position.values()):
            self.tally.broken.append("a record is not what was appended")
        kept = self._committed or ""
        lost = [at for at, data in self._acknowledged.items() if at > kept and by_position.get(at) != data]
        vanished = [at for at, data in self._shown.items() if at > kept and by_position.get(at) != data]
        self.tally.lost += len(lost)
        if lost:
            self.tally.broken.append(f"acknowledged, but lost: {lost}")
        if vanished:
            self.tally.broken.append(f"shown to a reader, but gone: {vanished}")
        self._shown |= by_position


def live(seed: int, files: CrashingFiles, generations: int = 10) -> Tally:
    """A log through some crashes, all chosen by the seed."""
    rng = Random(seed)
    life = Life(files, rng)
    for _ in range(generations):
        crash_after = rng.randint(1, rng.choice((15, 30, 80)))
        survivals = (None, nothing, everything, at_random(rng), first(files.operations + rng.randint(0, crash_after)))
        life.generation(crash_after, rng.choice(survivals), rng.choice((None, None, None, rng.randint(0, 20))))
    return life.end()
