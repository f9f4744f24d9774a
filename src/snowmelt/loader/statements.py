"""The statements of a folder of SQL files, one statement a file, the same names for every engine.

In a file, ``{name}`` stands for a part of the statement (an identifier, a list of columns, what it reads from) that is
already in the engine's own spelling; values are parameters, spelled as the engine spells those.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from snowmelt.loader.errors import LoaderError
from snowmelt.loader.warehouse import Row, Value, Warehouse

SCHEMA = "atomic"
"""The schema of the tables the loader keeps."""

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


class StatementError(LoaderError):
    """A statement that is not there or does not fit its parts; the message names the file."""


@dataclass(frozen=True, slots=True)
class Statements:
    """The statements for one warehouse."""

    folder: Path
    warehouse: Warehouse

    def text(self, name: str, **parts: str) -> str:
        """The statement in ``<name>.sql`` with its parts in place; ``{atomic}`` is always the tables' schema."""
        file = self.folder / f"{name}.sql"
        try:
            template = file.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise StatementError(f"{file} is missing: the folder of statements is include/sql/<engine>") from None
        quoted = self.warehouse.quoted
        known = {"atomic": f"{quoted(self.warehouse.catalog)}.{quoted(SCHEMA)}", **parts}
        wanted = set(_PLACEHOLDER.findall(template))
        if not set(parts) <= wanted <= set(known):
            raise StatementError(f"{file} has the placeholders {sorted(wanted)}, given were {sorted(known)}")
        return _PLACEHOLDER.sub(lambda match: known[match[1]], template)

    def run(self, name: str, parameters: dict[str, Value] | None = None, **parts: str) -> list[Row]:
        """The rows of the statement."""
        return list(self.warehouse.execute(self.text(name, **parts), parameters or {}))
