"""Names of warehouse columns, as Snowplow's loaders derive them from schemas."""

import re
from enum import StrEnum

from snowmelt.protocol.schema_key import SchemaKey


class Entity(StrEnum):
    """What part of an event a self-describing JSON was; the value is how the marker of a run folder spells it."""

    CONTEXT = "CONTEXT"
    UNSTRUCT_EVENT = "SELF_DESCRIBING_EVENT"


_PREFIX = {Entity.CONTEXT: "contexts", Entity.UNSTRUCT_EVENT: "unstruct_event"}

_BEFORE_CAPITAL = re.compile(r"([^A-Z_])([A-Z])")
_ACRONYM_THEN_WORD = re.compile(r"([A-Z]+)([A-Z][a-z])")
_WORD_THEN_CAPITAL = re.compile(r"([a-z\d])([A-Z])")
_NOT_ALLOWED = re.compile(r"[^a-z0-9_]")
_SEPARATORS = str.maketrans(".-", "__")


def entity_column(entity: Entity, key: SchemaKey) -> str:
    """The column that holds every version of one schema model: ``contexts_org_w3_performance_timing_1``."""
    vendor = key.vendor.translate(_SEPARATORS).lower()
    name = _BEFORE_CAPITAL.sub(r"\1_\2", key.name.translate(_SEPARATORS)).lower()
    return f"{_PREFIX[entity]}_{vendor}_{name}_{key.version.model}"


def recovered_column(column: str, key: SchemaKey, fingerprint: str) -> str:
    """The column of one version that cannot share its model's column; ``fingerprint`` tells apart two such shapes.

    Snowplow ends the name with a hash code of the JVM, which nothing else can compute: ours is another, stable one.
    """
    version = key.version
    return f"{column}_recovered_{version.model}_{version.revision}_{version.addition}_{fingerprint}"


def field_name(key: str) -> str:
    """The snake_case name of a field inside an entity column: ``connectEnd`` becomes ``connect_end``."""
    words = _WORD_THEN_CAPITAL.sub(r"\1_\2", _ACRONYM_THEN_WORD.sub(r"\1_\2", key))
    name = _NOT_ALLOWED.sub("_", words.lower())
    return f"_{name}" if name[:1].isdigit() else name
