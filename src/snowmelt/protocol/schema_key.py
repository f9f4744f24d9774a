"""Names of schemas: SchemaVer versions, Iglu URIs, and criteria that match several versions at once."""

import re
from dataclasses import dataclass
from typing import Final, Self

import msgspec

from snowmelt.protocol.memory import remembering

_MODEL = r"[1-9][0-9]*"
_PART = r"(?:0|[1-9][0-9]*)"
_VERSION = re.compile(rf"({_MODEL})-({_PART})-({_PART})")
_NAMES = r"iglu:([a-zA-Z0-9-_.]+)/([a-zA-Z0-9-_]+)/([a-zA-Z0-9-_]+)"
_URI = re.compile(rf"{_NAMES}/({_MODEL}-{_PART}-{_PART})")
_URI_SHAPE = re.compile(rf"{_NAMES}/[0-9]*-[0-9]*-[0-9]*")
_CRITERION = re.compile(rf"{_NAMES}/({_MODEL}|\*)-({_PART}|\*)-({_PART}|\*)")
_LARGEST_PART = 2**31 - 1  # other implementations hold a part in a signed 32-bit integer

REMEMBERED: Final = 4096
"""URIs whose keys are remembered, because an event names a handful and the next one names them again."""


class SchemaVer(msgspec.Struct, frozen=True, order=True, cache_hash=True):
    """A version MODEL-REVISION-ADDITION (Iglu SchemaVer): model from 1, the others from 0, ordered by number."""

    model: int
    revision: int
    addition: int

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The version written as "1-0-2"; None for anything else, leading zeros included."""
        match = _VERSION.fullmatch(text)
        if match is None:
            return None
        model, revision, addition = map(_part, match.groups())
        if model is None or revision is None or addition is None:
            return None
        return cls(model, revision, addition)

    def __str__(self) -> str:
        """The version as it is written in an Iglu URI: "1-0-2"."""
        return f"{self.model}-{self.revision}-{self.addition}"


class SchemaKey(msgspec.Struct, frozen=True, order=True, cache_hash=True):
    """One version of one schema (an Iglu URI). Ordered by names first, then by version number."""

    vendor: str
    name: str
    format: str
    version: SchemaVer

    @staticmethod
    def parse(uri: str) -> "SchemaKey | None":
        """The key of "iglu:vendor/name/format/1-0-0"; None for anything else."""
        return _remembered_key(uri)

    @property
    def uri(self) -> str:
        """The key as an Iglu URI: "iglu:vendor/name/format/1-0-0"."""
        return f"iglu:{self.path}"

    @property
    def path(self) -> str:
        """Where a static registry keeps the schema: "vendor/name/format/1-0-0"."""
        return f"{self.vendor}/{self.name}/{self.format}/{self.version}"

    def __str__(self) -> str:
        """The Iglu URI."""
        return self.uri


@dataclass(frozen=True, slots=True)
class SchemaCriterion:
    """A pattern over versions of one schema, such as "iglu:v/n/jsonschema/1-0-*"; None stands for `*`."""

    vendor: str
    name: str
    format: str
    model: int | None = None
    revision: int | None = None
    addition: int | None = None

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The criterion written as an Iglu URI with `*` in place of version parts; None for anything else."""
        match = _CRITERION.fullmatch(text)
        if match is None:
            return None
        vendor, name, format_, *parts = match.groups()
        numbers = [None if part == "*" else _part(part) for part in parts]
        if any(number is None and part != "*" for number, part in zip(numbers, parts, strict=True)):
            return None
        return cls(vendor, name, format_, *numbers)

    def matches(self, key: SchemaKey) -> bool:
        """Whether the key has these names and every version part that is not `*`."""
        version = key.version
        return (
            (self.vendor, self.name, self.format) == (key.vendor, key.name, key.format)
            and self.model in (None, version.model)
            and self.revision in (None, version.revision)
            and self.addition in (None, version.addition)
        )

    def __str__(self) -> str:
        """The criterion as it is written in bad rows: "iglu:v/n/jsonschema/1-0-*"."""
        version = "-".join("*" if part is None else str(part) for part in (self.model, self.revision, self.addition))
        return f"iglu:{self.vendor}/{self.name}/{self.format}/{version}"


def has_uri_shape(text: str) -> bool:
    """Whether the text is an Iglu URI but for its version, so that only the version can be wrong."""
    return _URI_SHAPE.fullmatch(text) is not None


def _key(uri: str) -> SchemaKey | None:
    match = _URI.fullmatch(uri)
    if match is None:
        return None
    vendor, name, format_, text = match.groups()
    version = SchemaVer.parse(text)
    return None if version is None else SchemaKey(vendor, name, format_, version)


_remembered_key = remembering(REMEMBERED, _key)


def _part(digits: str) -> int | None:
    """The number of one version part, None when it is too large to be one."""
    return int(digits) if len(digits) <= 10 and int(digits) <= _LARGEST_PART else None
