"""A provider's schema: what Terraform accepts, in the form that `terraform providers schema -json` prints."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

Type = Any
"""Terraform's own notation: `"string"`, `["list", "number"]`, `["object", {"a": "bool"}]`, `"dynamic"`."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """An argument or an exported value. An object with optional parts has `nested` instead of a type."""

    type: Type = None
    required: bool = False
    optional: bool = False
    computed: bool = False
    sensitive: bool = False
    write_only: bool = False
    nested: "NestedType | None" = None

    @property
    def settable(self) -> bool:
        """Whether a configuration may set it."""
        return self.required or self.optional


@dataclass(frozen=True, slots=True)
class NestedType:
    """The shape of an attribute that is an object, or a list, set or map of objects."""

    attributes: Mapping[str, Attribute]
    nesting: str


@dataclass(frozen=True, slots=True)
class Block:
    """The body of a resource or of a nested block."""

    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    blocks: Mapping[str, "NestedBlock"] = field(default_factory=dict)

    def with_sensitive(self, names: frozenset[str]) -> "Block":
        """The same with the attributes of these names marked, wherever they are."""
        return Block(
            {n: replace(a, sensitive=True) if n in names else a for n, a in self.attributes.items()},
            {n: replace(b, block=b.block.with_sensitive(names)) for n, b in self.blocks.items()},
        )


@dataclass(frozen=True, slots=True)
class NestedBlock:
    """A nested block and how often it may stand there; 0 is no bound."""

    block: Block
    nesting: str
    min_items: int = 0
    max_items: int = 0


@dataclass(frozen=True, slots=True)
class Schemas:
    """What one provider offers."""

    provider: Block
    resources: Mapping[str, Block]
    data_sources: Mapping[str, Block]
    ephemerals: Mapping[str, Block]


def parse_block(document: Mapping[str, Any]) -> Block:
    """The block that a JSON object of `terraform providers schema -json` describes."""
    return Block(
        {name: _parse_attribute(found) for name, found in document.get("attributes", {}).items()},
        {
            name: NestedBlock(
                parse_block(found["block"]),
                found["nesting_mode"],
                found.get("min_items", 0),
                found.get("max_items", 0),
            )
            for name, found in document.get("block_types", {}).items()
        },
    )


def _parse_attribute(document: Mapping[str, Any]) -> Attribute:
    nested = document.get("nested_type")
    flags = {flag: bool(document.get(flag)) for flag in ("required", "optional", "computed", "write_only")}
    return Attribute(
        type=document.get("type"),
        nested=NestedType(
            {name: _parse_attribute(found) for name, found in nested["attributes"].items()}, nested["nesting_mode"]
        )
        if nested
        else None,
        **flags,
    )
