"""What Terraform planned and what it made, read from its own JSON."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource or data source of the state. `index` is its key of `for_each` or its number of `count`."""

    address: str
    module: str
    type: str
    name: str
    index: str | int | None
    mode: str
    values: Mapping[str, Any] = field(repr=False)

    def __getitem__(self, name: str) -> Any:
        """An argument or attribute."""
        return self.values[name]


@dataclass(frozen=True, slots=True)
class State:
    """Everything that is there after an apply."""

    resources: list[Resource]
    outputs: dict[str, Any]

    def of(self, type_name: str, **values: Any) -> list[Resource]:
        """The managed resources of a type, those with these values where some are given."""
        return [r for r in self.resources if r.mode == "managed" and r.type == type_name and _has(r, values)]

    def one(self, type_name: str, **values: Any) -> Resource:
        """The only resource of a type with these values. Raises LookupError where there is none, or more than one."""
        found = self.of(type_name, **values)
        if len(found) != 1:
            wish = f"{type_name} with {values}" if values else type_name
            raise LookupError(f"{len(found)} of {wish}: {', '.join(r.address for r in found or self.of(type_name))}")
        return found[0]

    def data(self, type_name: str) -> list[Resource]:
        """The data sources of a type."""
        return [r for r in self.resources if r.mode == "data" and r.type == type_name]


@dataclass(frozen=True, slots=True)
class Change:
    """What a plan will do with one resource; `after` lacks what is known after apply only."""

    address: str
    type: str
    actions: tuple[str, ...]
    before: Mapping[str, Any] | None = field(repr=False)
    after: Mapping[str, Any] | None = field(repr=False)

    @property
    def action(self) -> str:
        """One word: create, update, delete, replace, read or no-op."""
        return "replace" if len(self.actions) > 1 else self.actions[0]


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan: `document` is Terraform's JSON, `text` what it prints for people."""

    document: Mapping[str, Any] = field(repr=False)
    text: str = field(repr=False)

    @property
    def resource_changes(self) -> list[Change]:
        """What happens to each resource, also where that is nothing."""
        return [
            Change(
                change["address"],
                change["type"],
                tuple(change["change"]["actions"]),
                change["change"]["before"],
                change["change"]["after"],
            )
            for change in self.document.get("resource_changes", [])
        ]

    @property
    def changes(self) -> Counter[str]:
        """How many resources are made, changed, replaced and removed, by action."""
        return Counter(c.action for c in self.resource_changes if c.action not in ("no-op", "read"))

    @property
    def is_clean(self) -> bool:
        """Whether nothing would change, outputs included, and nothing had changed behind Terraform's back."""
        outputs = self.document.get("output_changes", {}).values()
        drift = [c for c in self.document.get("resource_drift", []) if c["change"]["actions"] != ["no-op"]]
        return not self.changes and not drift and all(o["actions"] == ["no-op"] for o in outputs)


def parse_state(text: str) -> State:
    """The state that `terraform show -json` prints."""
    document = json.loads(text).get("values") or {}
    outputs = {name: found.get("value") for name, found in document.get("outputs", {}).items()}
    return State(list(_resources(document.get("root_module") or {}, "")), outputs)


def _resources(module: Mapping[str, Any], address: str) -> Iterator[Resource]:
    for found in module.get("resources", []):
        yield Resource(
            address=found["address"],
            module=address,
            type=found["type"],
            name=found["name"],
            index=found.get("index"),
            mode=found["mode"],
            values=found["values"],
        )
    for child in module.get("child_modules", []):
        yield from _resources(child, child["address"])


def _has(resource: Resource, values: Mapping[str, Any]) -> bool:
    return all(resource.values.get(name) == value for name, value in values.items())
