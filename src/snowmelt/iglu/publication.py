"""The rules by which versions of a schema are published (SchemaVer): nothing changes, nothing is skipped.

MODEL-REVISION-ADDITION: data of one model fits one table, so a reader of a model walks its versions in order. A version
that was skipped, or that appears behind one already read, would never be seen.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from snowmelt.protocol.schema_key import SchemaKey, SchemaVer

Rule: TypeAlias = Literal["immutable", "no gaps", "in order", "one audience", "supersedes lower"]
"""A published version never changes; its predecessor is published; no later revision is; all versions of a model are
public or none is; only a lower published version is superseded."""


@dataclass(frozen=True, slots=True)
class Published:
    """One version of a schema that is in the registry."""

    version: SchemaVer
    is_public: bool


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a version may not be published or withdrawn; the message says what would be right."""

    rule: Rule
    message: str


def refuse(
    key: SchemaKey, *, is_public: bool, known: Sequence[Published], same_body: bool | None, patches_allowed: bool
) -> Refusal | None:
    """What forbids to publish `key` beside the `known` versions of that name; None where nothing does.

    `same_body` tells whether the published version of this key has the same content, None where there is none or it was
    not looked at. `patches_allowed` lets a published version be replaced, as a registry for development does.
    """
    version, versions = key.version, [one.version for one in known]
    if version in versions:
        if not patches_allowed:
            return _already_published(version, versions, same_body)
    elif (out_of_order := _out_of_order(version, versions)) is not None:
        return out_of_order
    line = [one for one in known if one.version.model == version.model and one.version != version]
    if any(one.is_public != is_public for one in line):
        wanted, found = ("public", "private") if is_public else ("private", "public")
        return Refusal(
            "one audience",
            f"Inconsistent schema availability. Cannot add {wanted} schema, previous versions are {found}: "
            f"publish {version} as {found} too, or as {_next_model(versions)}",
        )
    return None


def refuse_superseding(
    version: SchemaVer, superseded: Iterable[SchemaVer], known: Sequence[Published]
) -> Refusal | None:
    """What forbids `version` to stand in for the `superseded` versions; None where nothing does."""
    versions = {one.version for one in known}
    for lower in superseded:
        if lower not in versions:
            return Refusal("supersedes lower", f"Superseded schema version(s) do not exist: {lower} is not published")
        if lower >= version or lower.model != version.model:
            return Refusal(
                "supersedes lower",
                "Superseded schema version(s) must be below the superseding version: "
                f"{version} can stand in for lower versions of model {version.model}, and {lower} is none",
            )
    return None


def refuse_withdrawal(version: SchemaVer, known: Iterable[SchemaVer]) -> Refusal | None:
    """What forbids to take `version` back: a version that could not have been published without it."""
    rest = [one for one in known if one != version]
    for later in sorted(rest):
        if later > version and not _follows(later, [one for one in rest if one < later]):
            return Refusal("no gaps", f"{later} is published and needs {version} before it: withdraw {later} first")
    return None


def _already_published(version: SchemaVer, versions: Sequence[SchemaVer], same_body: bool | None) -> Refusal:
    message = f"Schema already exists: {version} is published"
    if same_body:
        return Refusal("immutable", f"{message} with this very content, so there is nothing to do")
    content = "" if same_body is None else " with another content"
    change = f"publish the change as {_next_addition(version, versions)}, or {_next_model(versions)} if it breaks"
    return Refusal("immutable", f"{message}{content}, and what is published never changes: {change}")


def _out_of_order(version: SchemaVer, versions: Sequence[SchemaVer]) -> Refusal | None:
    line = [one for one in versions if one.model == version.model]
    if version.addition and any(one.revision > version.revision for one in line):
        return Refusal(
            "in order",
            f"The schema version is not sequential: {version} adds to revision {version.revision} of model "
            f"{version.model}, and a later revision is published; publish it as {_next_addition(version, versions)}",
        )
    if not _follows(version, versions):
        allowed = _next_addition(version, versions) if line else _next_model(versions)
        return Refusal(
            "no gaps",
            "Preceding SchemaVer in the group is missing, check that schemas published in proper order: "
            f"{version} comes after {_predecessor(version)}; publish that first, or this as {allowed}",
        )
    return None


def _follows(version: SchemaVer, versions: Iterable[SchemaVer]) -> bool:
    """Whether what has to be there before the version is among the versions."""
    model, revision, addition = version.model, version.revision, version.addition
    if addition:
        return SchemaVer(model, revision, addition - 1) in versions
    if revision:
        return any((one.model, one.revision) == (model, revision - 1) for one in versions)
    return model == 1 or any(one.model == model - 1 for one in versions)


def _predecessor(version: SchemaVer) -> str:
    if version.addition:
        return str(SchemaVer(version.model, version.revision, version.addition - 1))
    if version.revision:
        return f"{version.model}-{version.revision - 1}-*"
    return f"{version.model - 1}-*-*"


def _next_addition(version: SchemaVer, versions: Iterable[SchemaVer]) -> SchemaVer:
    """The version after the last of the same model."""
    last = max(one for one in versions if one.model == version.model)
    return SchemaVer(last.model, last.revision, last.addition + 1)


def _next_model(versions: Iterable[SchemaVer]) -> SchemaVer:
    """The first version of the model after the last."""
    return SchemaVer(max((one.model for one in versions), default=0) + 1, 0, 0)
