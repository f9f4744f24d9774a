from tests.lake.doubles import PROCESSOR, START, Clock, MemoryStore, batch, event, resolver

from snowmelt.lake.counts import LakeCounts, lake_counts
from snowmelt.lake.writer import LakeWriter
from snowmelt.protocol.bad_rows import generic_error


def test_counts_are_sums_over_whole_folders():
    store = MemoryStore()
    lake = LakeWriter(store, resolver({}), PROCESSOR, Clock())
    lake.resume()
    bad = [(str(number) * 32, generic_error(PROCESSOR, START, ["no"], "x")) for number in range(3)]
    lake.write(batch(event(0), event(1), positions={"0": ["0"]}, records=3, bad_records=2, bad=bad))
    lake.write(batch(event(2), event(3, txn_id="x"), positions={"0": ["1"]}, records=1))
    store.put("run=2026-11-24-12-00-09-abc/positions.json", b"unfinished")
    counts = lake_counts(store)
    assert counts == LakeCounts(records=4, bad_records=2, good=3, bad=4)
    assert (counts.bad_events, counts.events) == (2, 5)


def test_an_empty_lake_counts_nothing():
    assert lake_counts(MemoryStore()) == LakeCounts(0, 0, 0, 0)
