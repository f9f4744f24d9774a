"""Places that keep schemas: the seam, a folder of files, and the schemas that come with the product."""

import importlib.resources
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Protocol, TypeAlias

from snowmelt.protocol.schema_key import SchemaKey, SchemaVer

SchemaBody: TypeAlias = Mapping[str, Any]
"""A JSON Schema document as it was published."""

_FILE_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")


class RegistryFailure(Exception):  # noqa: N818 - the word of bad rows
    """A registry that could not answer, or answered with something that is no schema; says why in one sentence.

    It tells nothing of data: who judges data waits and asks again.
    """


class Registry(Protocol):
    """One place that keeps schemas. Not finding a schema is an answer, not a failure."""

    @property
    def name(self) -> str:
        """What bad rows call it."""

    @property
    def class_priority(self) -> int:
        """What kind of place it is: lower is nearer, and asked first. Snowplow's word for it."""

    @property
    def priority(self) -> int:
        """When it is asked among its kind: lower first."""

    @property
    def vendor_prefixes(self) -> Sequence[str]:
        """Beginnings of the vendor names that it is asked for before all others."""

    def lookup(self, key: SchemaKey) -> SchemaBody | None:
        """The schema, or None where it has none of that name. Raises RegistryFailure."""

    def versions(self, vendor: str, name: str, model: int) -> list[SchemaVer]:
        """The versions it has of one model of a schema, in any order. Raises RegistryFailure."""


@dataclass(frozen=True, slots=True)
class FolderRegistry:
    """A static Iglu registry on disk: <root>/<vendor>/<name>/<format>/<version>, or the same under <root>/schemas."""

    class_priority: ClassVar[int] = 2

    name: str
    root: Path
    priority: int = 0
    vendor_prefixes: tuple[str, ...] = ()

    def lookup(self, key: SchemaKey) -> SchemaBody | None:
        """The schema in the key's file, None without one; RegistryFailure where the file holds something else."""
        folder = self._folder(key.vendor, key.name, key.format)
        if folder is None:
            return None
        try:
            text = (folder / str(key.version)).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
        except OSError as error:
            raise RegistryFailure(f"the file of {key.uri} cannot be read: {error.strerror}") from error
        return published(key, text, "file")

    def versions(self, vendor: str, name: str, model: int) -> list[SchemaVer]:
        """The versions of the files beside one another in the schema's folder."""
        folder = self._folder(vendor, name, "jsonschema")
        if folder is None:
            return []
        try:
            found = [SchemaVer.parse(file.name) for file in folder.iterdir()]
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise RegistryFailure(f"the folder of {vendor}/{name} cannot be listed: {error.strerror}") from error
        return [version for version in found if version is not None and version.model == model]

    def _folder(self, *names: str) -> Path | None:
        """The folder of these names, None when one of them could lead out of the root or is too long to be a file's."""
        if not all(map(is_file_name, names)):
            return None
        nested = self.root / "schemas"
        return (nested if nested.is_dir() else self.root).joinpath(*names)


def is_file_name(name: str) -> bool:
    """Whether a file or a part of a path may be called so: nothing that leads elsewhere or is too long."""
    return len(name) <= 255 and _FILE_NAME.fullmatch(name) is not None


def published(key: SchemaKey, text: bytes, place: str) -> SchemaBody | None:
    """The schema in what is kept under its key. Raises RegistryFailure, naming the place, where that is something else.

    A name that differs in upper and lower case only is another schema's, which some file systems give for this one.
    """
    try:
        body: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RegistryFailure(f"the {place} of {key.uri} is not JSON") from error
    if isinstance(body, dict):
        named, wanted = body.get("self"), _identity(key)
        if named == wanted:
            return body
        if isinstance(named, dict) and _lower(named) == _lower(wanted):
            return None
    raise RegistryFailure(f'the {place} of {key.uri} does not name itself so in "self"')


def default_schemas() -> Path:
    """The folder of the schemas that come with the product: packaged in a wheel, `schemas/` in a checkout."""
    packaged = Path(str(importlib.resources.files("snowmelt"))) / "schemas"
    return packaged if packaged.is_dir() else Path(__file__).parents[3] / "schemas"


def embedded_registry() -> FolderRegistry:
    """The schemas that come with the product, asked first for Snowplow's vendors, as Iglu clients do."""
    return FolderRegistry("Snowmelt Embedded", default_schemas(), vendor_prefixes=("com.snowplowanalytics",))


def _identity(key: SchemaKey) -> dict[str, str]:
    return {"vendor": key.vendor, "name": key.name, "format": key.format, "version": str(key.version)}


def _lower(named: Mapping[str, object]) -> dict[str, str]:
    return {name: str(text).lower() for name, text in named.items()}
