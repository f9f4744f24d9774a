"""What the lake says about itself, for the books."""

from dataclasses import dataclass

from snowmelt.lake import run_folder
from snowmelt.lake.store import Store


@dataclass(frozen=True, slots=True)
class LakeCounts:
    """Sums over whole run folders."""

    records: int
    """Records of the log."""
    bad_records: int
    """Records that became one bad row as a whole."""
    good: int
    """Events in output=good."""
    bad: int
    """Bad rows in output=bad, those of whole records included."""

    @property
    def bad_events(self) -> int:
        """Events that became a bad row."""
        return self.bad - self.bad_records

    @property
    def events(self) -> int:
        """Events extracted from records, good and bad."""
        return self.good + self.bad_events


def lake_counts(store: Store) -> LakeCounts:
    """The counts in the sidecars of all whole run folders. Raises LakeError when one cannot be read."""
    whole, _ = run_folder.runs(store.list("run="))
    found = [run_folder.read_positions(store, name) for name in whole]
    return LakeCounts(
        records=sum(positions.records for positions in found),
        bad_records=sum(positions.bad_records for positions in found),
        good=sum(positions.good for positions in found),
        bad=sum(positions.bad for positions in found),
    )
