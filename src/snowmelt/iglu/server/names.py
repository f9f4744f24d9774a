"""What may stand in a path: names of vendors and schemas, versions, numbers of drafts."""

import re
from typing import Final

from snowmelt.protocol.schema_key import SchemaKey, SchemaVer

MAX_NAME: Final = 255
"""Characters of a name: what a static registry's folder may have."""

VENDOR: Final = r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*"
"""Labels joined by single dots, so that no vendor is "..", which would lead out of a static registry."""

NAME: Final = r"[A-Za-z0-9_-]+"

FORMAT: Final = "jsonschema"
"""The only format there is."""

RULES: Final = (
    "VENDOR/NAME/jsonschema/VERSION, the vendor in labels joined by dots, the name in letters, digits, - and _, "
    f"each of at most {MAX_NAME} characters, and a version such as 1-0-0"
)
"""What an address has to be, for whoever sent another."""

_VENDOR = re.compile(VENDOR)
_NAME = re.compile(NAME)
_MODEL = re.compile(r"[1-9][0-9]{0,9}")
_DRAFT = re.compile(r"0|[1-9][0-9]{0,9}")
_LARGEST = 2**31 - 1


def is_vendor(text: str) -> bool:
    """Whether a vendor may be called so."""
    return len(text) <= MAX_NAME and _VENDOR.fullmatch(text) is not None


def is_name(text: str) -> bool:
    """Whether a schema may be called so."""
    return len(text) <= MAX_NAME and _NAME.fullmatch(text) is not None


def key_of(vendor: str, name: str, format_: str, version: str) -> SchemaKey | None:
    """The key of the parts of a path; None where one of them cannot be a part of a key."""
    parsed = SchemaVer.parse(version)
    if parsed is None or format_ != FORMAT or not (is_vendor(vendor) and is_name(name)):
        return None
    return SchemaKey(vendor, name, format_, parsed)


def model_of(text: str) -> int | None:
    """The number of a model; None for anything else."""
    return _number(_MODEL, text)


def draft_version(text: str) -> int | None:
    """The number of a draft; None for anything else."""
    return _number(_DRAFT, text)


def _number(pattern: re.Pattern[str], text: str) -> int | None:
    return int(text) if pattern.fullmatch(text) and int(text) <= _LARGEST else None
