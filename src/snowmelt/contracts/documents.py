"""Files that hold schemas, in the layout of a static registry or by themselves."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from snowmelt.iglu.lint import identity
from snowmelt.iglu.registry import SchemaBody
from snowmelt.protocol.schema_key import SchemaKey, SchemaVer


class ContractError(Exception):
    """Something that was asked for and cannot be done; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Document:
    """A file and what is in it."""

    file: Path
    body: SchemaBody | None
    """The schema; None where the file does not hold a JSON object."""
    place: SchemaKey | None
    """What it has to be by its path, <vendor>/<name>/jsonschema/<version>; None for a file that lies elsewhere."""

    @property
    def key(self) -> SchemaKey | None:
        """What it says that it is."""
        return None if self.body is None else identity(self.body)


def find(paths: Iterable[Path]) -> list[Document]:
    """The schemas in files and in folders, each once, ordered by path. Raises ContractError."""
    files = {file.absolute(): file for path in paths for file in _files(path)}
    return [read(file) for file in sorted(files.values(), key=_by_version)]


def read(file: Path) -> Document:
    """The schema of a file. Raises ContractError where it cannot be read."""
    try:
        body: Any = json.loads(file.read_bytes())
    except OSError as error:
        raise ContractError(f"{file} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError):
        body = None
    return Document(file, body if isinstance(body, dict) else None, _place(file))


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    found = [
        file
        for file in path.rglob("*")
        if file.absolute().parent.name == "jsonschema" and not file.name.startswith(".") and file.is_file()
    ]
    if not found:
        raise ContractError(f"{path} holds no schemas: they lie in <vendor>/<name>/jsonschema/<version>")
    yield from found


def _place(file: Path) -> SchemaKey | None:
    return SchemaKey.parse(f"iglu:{'/'.join(file.absolute().parts[-4:])}")


def _by_version(file: Path) -> tuple[Path, bool, SchemaVer | str]:
    """Versions by number, before files that are no versions."""
    version = SchemaVer.parse(file.name)
    return file.parent, version is None, version or file.name
