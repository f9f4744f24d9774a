"""Ids of events whose tracker sent none: the same record gives the same ids however often it is enriched.

Snowplow takes a random id here, so that events enriched again after a crash count twice. Ours is a UUID of version 5 of
where the record stands in the stream and which event of it this is.
"""

import hashlib
from typing import Final
from uuid import UUID

_NAMESPACE: Final = UUID("6f1b3f0e-6a53-5d0c-9d7e-3c9f6c1f7a41").bytes


def event_id(record: bytes, position: str | None, index: int) -> str:
    """The id of an event. Without a position the record's own bytes stand for it, so equal records have equal ids."""
    seed = record if position is None else position.encode("utf-8", "surrogatepass")
    digest = hashlib.sha1(_NAMESPACE + b"%d\x00" % index + seed, usedforsecurity=False).digest()
    return str(UUID(bytes=digest[:16], version=5))
