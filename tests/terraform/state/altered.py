"""A state with one thing changed, as somebody's hand or a mistake would: what a walk has to notice."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from tests.doubles.terraform.state import Resource, State
from tests.terraform.state.world import user_data

Change = Mapping[str, Any] | Callable[[Resource], Mapping[str, Any]] | None
"""Other values of a resource, or what makes them; None takes the resource away."""

GONE = None


def altered(state: State, kind: str, part: str, change: Change) -> State:
    """The state with the resources of a kind changed whose address holds ``part``. Raises LookupError for none."""
    met = [resource for resource in state.of(kind) if part in resource.address]
    if not met:
        raise LookupError(f"no {kind} with {part} in its address")
    made = []
    for resource in state.resources:
        if resource not in met:
            made.append(resource)
        elif change is not GONE:
            values = change if isinstance(change, Mapping) else change(resource)
            made.append(replace(resource, values={**resource.values, **values}))
    return State(made, state.outputs)


def inside(name: str, **values: Any) -> Change:
    """Other values in a nested block, in each of them where there are several."""
    return lambda resource: {name: [{**block, **values} for block in resource[name]]}


def text(name: str, before: str, after: str) -> Change:
    """Another text in an argument, such as a policy. It has to be there."""

    def changed(resource: Resource) -> Mapping[str, Any]:
        assert before in resource[name], f"{resource.address}: {before} is not in {name}"
        return {name: resource[name].replace(before, after)}

    return changed


def started_with(before: str, after: str) -> Change:
    """Another text in what machines are started with. It has to be there."""

    def changed(resource: Resource) -> Mapping[str, Any]:
        told = user_data(resource)
        assert before in told, f"{resource.address}: {before} is not in its user data"
        return {"user_data": base64.b64encode(told.replace(before, after).encode()).decode()}

    return changed


def saying(name: str, **statement: Any) -> Change:
    """One statement more in a policy."""

    def changed(resource: Resource) -> Mapping[str, Any]:
        policy = json.loads(resource[name])
        return {name: json.dumps({**policy, "Statement": [*policy["Statement"], statement]})}

    return changed
