"""What the back end must know of one type of resource."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from botocore.exceptions import ClientError
from tests.doubles.terraform.moto.arguments import Arguments, Values
from tests.doubles.terraform.moto.clients import Aws

Found = TypeVar("Found")

Create = Callable[[Aws, Arguments], Values]
Read = Callable[[Aws, Values], Values | None]
Update = Callable[[Aws, Arguments, Values], Values]
Delete = Callable[[Aws, Values], object]


@dataclass(frozen=True, slots=True)
class Kind:
    """How resources of one type are made, read, removed and changed. `ignored` says why an argument is not sent.

    Reading and removing may raise the service's "there is no such thing": the back end knows it.
    """

    create: Create
    read: Read
    delete: Delete
    update: Update | None = None
    ignored: Mapping[str, str] = field(default_factory=dict)


def put(create: Create, read: Read, delete: Delete, ignored: Mapping[str, str] | None = None) -> Kind:
    """A type whose call of creation also changes what is there."""
    return Kind(create, read, delete, lambda aws, given, _: create(aws, given), ignored or {})


_GONE = ("notfound", "nosuch", "nonexistent", "doesnotexist", "notexist", "resourcenotfound", "404")


def is_gone(error: ClientError) -> bool:
    """Whether the service says that there is no such thing. Each service has codes of its own."""
    code = str(error.response.get("Error", {}).get("Code", "")).lower()
    return any(word in code for word in _GONE)


def first(found: list[Found]) -> Found | None:
    """The only element of what was looked for, None where there is none."""
    return found[0] if found else None


def overlaid(prior: Values, block: str, /, **found: Any) -> list[Values]:
    """A block as it was, with what the service says of it now. A block that is not there now or before is made up."""
    before = first(prior.get(block) or []) or {}
    return [{**before, **found}]


def as_before(before: str | None, found: str | None) -> str | None:
    """JSON text as it was written where it says the same: services write it anew, and that is no change."""
    if before and found and json.loads(before) == json.loads(found):
        return before
    return found
