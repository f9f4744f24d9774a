"""A registry in memory and a clock that stands still until it is moved."""

from dataclasses import dataclass, field
from typing import Any

from snowmelt.iglu.registry import RegistryFailure
from snowmelt.protocol.schema_key import SchemaKey, SchemaVer


def key(text: str) -> SchemaKey:
    """The key of "vendor/name/1-0-0"."""
    vendor, name, version = text.split("/")
    parsed = SchemaKey.parse(f"iglu:{vendor}/{name}/jsonschema/{version}")
    assert parsed is not None
    return parsed


@dataclass
class Clock:
    """Seconds since 1970, moved by hand."""

    now: float = 1_795_404_158.0

    def __call__(self) -> float:
        return self.now


@dataclass
class MemoryRegistry:
    """Schemas by "vendor/name/1-0-0"; remembers what it was asked for, and fails while `broken` says why."""

    name: str
    schemas: dict[str, dict[str, Any]] = field(default_factory=dict)
    priority: int = 0
    vendor_prefixes: tuple[str, ...] = ()
    broken: str | None = None
    class_priority: int = 1
    asked: list[SchemaKey] = field(default_factory=list)

    def lookup(self, wanted: SchemaKey) -> dict[str, Any] | None:
        self.asked.append(wanted)
        if self.broken is not None:
            raise RegistryFailure(self.broken)
        return self.schemas.get(f"{wanted.vendor}/{wanted.name}/{wanted.version}")

    def versions(self, vendor: str, name: str, model: int) -> list[SchemaVer]:
        if self.broken is not None:
            raise RegistryFailure(self.broken)
        keys = map(key, self.schemas)
        return [k.version for k in keys if (k.vendor, k.name, k.version.model) == (vendor, name, model)]
