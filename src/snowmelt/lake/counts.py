"""What the lake says about itself, for the books."""

from collections.abc import Iterable
from dataclasses import dataclass

from snowmelt.lake import run_folder
from snowmelt.lake.run_folder import Positions
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

    @classmethod
    def of(cls, sidecars: Iterable[Positions]) -> "LakeCounts":
        """The sums over these sidecars."""
        found = list(sidecars)
        return cls(
            records=sum(sidecar.records for sidecar in found),
            bad_records=sum(sidecar.bad_records for sidecar in found),
            good=sum(sidecar.good for sidecar in found),
            bad=sum(sidecar.bad for sidecar in found),
        )

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
    return LakeCounts.of(read_sidecars(store).values())


def read_sidecars(store: Store) -> dict[str, Positions]:
    """The sidecar of each whole run folder by the folder's name, the oldest first. Raises LakeError."""
    whole, _ = run_folder.runs(store.list("run="))
    return {name: run_folder.read_positions(store, name) for name in whole}
