"""What the warehouse says the models hold."""

from dataclasses import dataclass
from pathlib import Path

from snowmelt.loader.statements import Statements
from snowmelt.loader.warehouse import Warehouse

DERIVED = "derived"
"""The schema of the models."""

MARTS = ("page_views", "sessions", "users", "link_clicks", "sample_inputs", "event_quality", "bad_row_counts")
"""The models people read, in the order in which the books show them."""


@dataclass(frozen=True, slots=True)
class ModelCounts:
    """Rows of the models; all nought before the first build."""

    staged: int = 0
    """Events after deduplication."""
    duplicates: int = 0
    """Rows that were copies of a staged event."""
    in_event_quality: int = 0
    """Sum of the events that event_quality counts."""
    not_built: int | None = None
    """Rows released since the last build; None before the first, when that is all of them."""
    marts: tuple[tuple[str, int], ...] = ()
    """Mart -> its rows."""


def model_counts(warehouse: Warehouse, sql: Path, catalog: str) -> ModelCounts:
    """Counts the models that are there in a catalog, and the rows of this warehouse that they do not have yet."""
    statements = Statements(sql, warehouse)
    derived = f"{warehouse.quoted(catalog)}.{warehouse.quoted(DERIVED)}"
    known = {str(row[0]) for row in statements.run("list_tables", {"catalog": catalog, "schema": DERIVED})}
    marts = []
    for mart in MARTS:
        if mart in known:
            ((total,),) = statements.run("count_table", table=f"{derived}.{warehouse.quoted(mart)}")
            marts.append((mart, int(str(total))))
    if not {"stg_events", "event_quality"} <= known:
        return ModelCounts(marts=tuple(marts))
    ((staged, duplicates, in_event_quality, not_built),) = statements.run("count_models", derived=derived)
    return ModelCounts(
        int(str(staged)), int(str(duplicates)), int(str(in_event_quality)), int(str(not_built)), tuple(marts)
    )
