"""Group commit: what comes while one batch is being written is the next batch."""

import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial

import msgspec

from snowmelt.collector.metrics import Meters
from snowmelt.collector.settings import Queue
from snowmelt.collector.sinks import Sink
from snowmelt.streams.log import Appended, Record, Refused, Result, Writer

log = logging.getLogger(__name__)


class Submission(msgspec.Struct, frozen=True, gc=False):
    """The records of one request. ``settle(durable)`` is called once, on the event loop."""

    good: tuple[Record, ...]
    bad: tuple[Record, ...]
    size: int
    """Bytes of data."""
    settle: Callable[[bool], None]


class GroupCommit:
    """Writes submissions in one writer thread, as many at once as have come in meanwhile.

    There is no timer: an idle writer starts at once, a busy one takes all that waits as soon as it is done. So a batch
    is as large as the load makes it, and nobody waits for more than the batch before and its own.

    ``soon`` schedules a call at the end of the event loop's round, ``soon_threadsafe`` does so from the writer thread.
    """

    def __init__(
        self,
        sink: Sink,
        limits: Queue,
        meters: Meters,
        soon: Callable[[Callable[[], None]], object],
        soon_threadsafe: Callable[[Callable[[], None]], object],
    ) -> None:
        self._sink = sink
        self._limits = limits
        self._meters = meters
        self._soon = soon
        self._soon_threadsafe = soon_threadsafe
        self._waiting: list[Submission] = []
        self._busy = False
        self.queued_records = 0
        self.queued_bytes = 0
        self.healthy = True
        """Whether the last batch could be written."""
        self._batches: queue.SimpleQueue[list[Submission] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write_batches, name="log-writer", daemon=True)
        self._thread.start()

    def submit(self, good: tuple[Record, ...], bad: tuple[Record, ...], settle: Callable[[bool], None]) -> bool:
        """Takes the records of one request, or refuses them (False) while too much waits already."""
        size = sum([len(record.data) for record in good + bad])
        limits = self._limits
        if self.queued_records >= limits.record_limit or self.queued_bytes + size > limits.byte_limit:
            return False
        self.queued_records += len(good) + len(bad)
        self.queued_bytes += size
        self._waiting.append(Submission(good, bad, size, settle))
        if not self._busy:
            self._busy = True
            self._soon(self._start_batch)
        return True

    def close(self) -> None:
        """Ends the writer thread after what it was given, and closes the sink."""
        self._batches.put(None)
        self._thread.join()
        self._sink.close()

    def _start_batch(self) -> None:
        self._batches.put(self._waiting)
        self._waiting = []

    def _write_batches(self) -> None:
        """The writer thread."""
        while (batch := self._batches.get()) is not None:
            started = time.perf_counter()
            good = _append(self._sink.good, [record for submission in batch for record in submission.good])
            bad = _append(self._sink.bad, [record for submission in batch for record in submission.bad])
            elapsed = time.perf_counter() - started
            self._soon_threadsafe(partial(self._settle, batch, good, bad, elapsed))

    def _settle(self, batch: list[Submission], good: list[Result], bad: list[Result], elapsed: float) -> None:
        """Back on the event loop: the next batch first, so that the writer works while the answers go out."""
        if self._waiting:
            self._start_batch()
        else:
            self._busy = False
        refused = self._count(batch, good, bad, elapsed)
        self._watch(refused)
        if not refused:
            for submission in batch:
                submission.settle(True)
            return
        good_results, bad_results = iter(good), iter(bad)
        for submission in batch:
            results = [next(good_results) for _ in submission.good] + [next(bad_results) for _ in submission.bad]
            submission.settle(all(isinstance(result, Appended) for result in results))

    def _count(self, batch: list[Submission], good: list[Result], bad: list[Result], elapsed: float) -> list[Refused]:
        """Counts a batch; gives what was refused of it."""
        size = sum([submission.size for submission in batch])
        records = len(good) + len(bad)
        self.queued_records -= records
        self.queued_bytes -= size
        refused_good = [result for result in good if isinstance(result, Refused)]
        refused_bad = [result for result in bad if isinstance(result, Refused)]
        meters = self._meters
        meters.commit_seconds.observe(elapsed)
        meters.batch_records.observe(records)
        meters.written_bytes += size
        meters.records["good"] += len(good) - len(refused_good)
        meters.records["bad"] += len(bad) - len(refused_bad)
        meters.refused_records += len(refused_good) + len(refused_bad)
        return refused_good + refused_bad

    def _watch(self, refused: list[Refused]) -> None:
        """Says when writing begins to fail and when it works again, not once a record."""
        if bool(refused) == self.healthy:
            self.healthy = not refused
            if refused:
                log.error("records cannot be written, requests are answered 503: %s", refused[0].reason)
            else:
                log.info("records can be written again")


def _append(writer: Writer, records: Sequence[Record]) -> list[Result]:
    """A result for each record, also when the writer fails as a whole."""
    if not records:
        return []
    try:
        return writer.append(records)
    except Exception as error:  # whatever it is, these requests must be answered, and not with 200
        return [Refused(f"{type(error).__name__}: {error}")] * len(records)
