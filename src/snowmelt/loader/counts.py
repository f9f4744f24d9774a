"""What the warehouse says it holds, for the books."""

from dataclasses import dataclass
from pathlib import Path

from snowmelt.loader.manifest import State
from snowmelt.loader.statements import Statements
from snowmelt.loader.warehouse import Warehouse


@dataclass(frozen=True, slots=True)
class WarehouseCounts:
    """Rows by the state of their run."""

    loaded: int
    """Rows of `atomic.events`, whatever the state of their run."""
    unchecked: int
    """Those of runs that are neither released nor held."""
    released: int
    held: int
    dropped: int
    """Events of dropped runs, no longer in `atomic.events`: the manifest remembers their number."""
    bad_rows: int
    """Rows of `atomic.bad_rows`."""


def warehouse_counts(warehouse: Warehouse, sql: Path) -> WarehouseCounts:
    """Counts rows of the tables themselves; only what was dropped is taken from the manifest."""
    statements = Statements(sql, warehouse)
    events = {str(state): int(str(rows)) for state, rows in statements.run("count_events")}
    ((dropped,),) = statements.run("count_dropped")
    ((bad_rows,),) = statements.run("count_bad_rows")
    return WarehouseCounts(
        loaded=sum(events.values()),
        unchecked=events.get(State.LOADED, 0) + events.get(State.LOADING, 0),
        released=events.get(State.RELEASED, 0),
        held=events.get(State.HELD, 0),
        dropped=int(str(dropped)),
        bad_rows=int(str(bad_rows)),
    )
