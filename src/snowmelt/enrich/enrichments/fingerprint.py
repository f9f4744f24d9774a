"""Event fingerprint: a hash of what the tracker sent, so that a resent event can be told from a changed one.

Configured by event_fingerprint_config 1-0-0 and 1-0-1. It runs over the raw parameters, before anything is decoded.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

_SEPARATOR = "\x1f"
_ALGORITHMS: dict[str, Callable[[bytes], Any]] = {
    "MD5": lambda data: hashlib.md5(data, usedforsecurity=False),
    "SHA1": lambda data: hashlib.sha1(data, usedforsecurity=False),
    "SHA256": hashlib.sha256,
    "SHA384": hashlib.sha384,
    "SHA512": hashlib.sha512,
}


@dataclass(frozen=True, slots=True)
class EventFingerprint:
    """The hash function and the parameters that take no part in it."""

    algorithm: Callable[[bytes], Any]
    excluded: frozenset[str]

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, Any]) -> "EventFingerprint":
        """The enrichment of a validated configuration's `parameters`."""
        return cls(_ALGORITHMS[parameters["hashAlgorithm"]], frozenset(parameters["excludeParameters"]))

    def of(self, parameters: Mapping[str, str | None]) -> str:
        """The hash, in lower-case hexadecimal, of the parameters that have a value, sorted by name."""
        excluded = self.excluded
        names = sorted([name for name in parameters if name not in excluded])
        preimage = "".join(
            [f"{name}{_SEPARATOR}{value}{_SEPARATOR}" for name in names if (value := parameters[name]) is not None]
        )
        digest: str = self.algorithm(preimage.encode("utf-8", "replace")).hexdigest()
        return digest
