"""Finds schemas: asks registries in order, remembers their answers, and tells where it looked in vain."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self, TypeAlias

from snowmelt.iglu import configuration
from snowmelt.iglu.cache import Cache, Remembered
from snowmelt.iglu.registry import Registry, RegistryFailure, SchemaBody, embedded_registry
from snowmelt.protocol.bad_rows import Lookup, LookupProblem, ResolutionError
from snowmelt.protocol.json_text import Json
from snowmelt.protocol.schema_key import SchemaKey, SchemaVer

Clock: TypeAlias = Callable[[], float]
"""Seconds since 1970."""

CACHE_SIZE = 500
"""Answers kept where no configuration says how many."""

_FIRST_RETRY_SECONDS = 0.5
_LAST_RETRY_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Schema:
    """A schema as its registry published it."""

    key: SchemaKey
    body: SchemaBody
    superseded_by: SchemaVer | None = None
    # The version whose rules apply to data of this one instead (`$supersededBy`).

    @classmethod
    def of(cls, key: SchemaKey, body: SchemaBody) -> Self:
        """The schema with the keywords that Iglu adds to JSON Schema read from its body."""
        version = body.get("$supersededBy")
        return cls(key, body, SchemaVer.parse(version) if isinstance(version, str) else None)


@dataclass(frozen=True, slots=True)
class Attempt:
    """How one registry did not give a schema: what it said last, and how often and when it was asked."""

    repository: str
    failure: str | None
    # Why it could not answer; None where it answered that it has no such schema.
    attempts: int
    last_attempt: float
    # Seconds since 1970.

    def lookup(self) -> Lookup:
        """The item of a bad row's lookup history."""
        problem = LookupProblem.NOT_FOUND if self.failure is None else LookupProblem.REPO_FAILURE
        moment = datetime.fromtimestamp(self.last_attempt, UTC)
        return Lookup(self.repository, [(problem, self.failure)], self.attempts, moment)


@dataclass(frozen=True, slots=True)
class ResolutionFailure:
    """No registry gave the schema; one attempt per registry, in the order they are asked."""

    key: SchemaKey
    history: tuple[Attempt, ...]

    def error(self) -> ResolutionError:
        """What a bad row says of it."""
        return ResolutionError([attempt.lookup() for attempt in self.history])

    def attempts(self, repository: str) -> int:
        """How often a registry has been asked."""
        return next((attempt.attempts for attempt in self.history if attempt.repository == repository), 0)

    @property
    def retry_after(self) -> float:
        """Seconds until asking again may help: ever more where a registry failed, without end where all answered."""
        failed = [attempt.attempts for attempt in self.history if attempt.failure is not None]
        if not failed:
            return math.inf
        return min(_LAST_RETRY_SECONDS, _FIRST_RETRY_SECONDS * 2.0 ** min(max(failed) - 1, 10))


class Resolver:
    """Several registries behind one question. Their answers are kept for `ttl` seconds, for ever where that is None."""

    def __init__(
        self,
        registries: Sequence[Registry],
        cache_size: int = CACHE_SIZE,
        ttl: float | None = None,
        clock: Clock = time.time,
    ) -> None:
        """A resolver over these registries and no other."""
        self._registries = tuple(registries)
        self._ttl = math.inf if ttl is None else ttl
        self._clock = clock
        self._schemas: Cache[SchemaKey, Schema | ResolutionFailure] = Cache(cache_size)
        self._versions: Cache[tuple[str, str, int], list[SchemaVer]] = Cache(cache_size)

    @classmethod
    def from_config(cls, value: Json, base: Path, clock: Clock = time.time) -> Self:
        """The resolver of Snowplow's resolver configuration, always with our own schemas beside the configured ones.

        Relative paths start at `base`. Raises configuration.ResolverConfigError.
        """
        settings = configuration.read(value)
        registries = [embedded_registry(), *configuration.registries(settings, base)]
        return cls(registries, settings.cache_size, settings.cache_ttl, clock)

    @classmethod
    def from_file(cls, file: Path, clock: Clock = time.time) -> Self:
        """The resolver of a configuration file; its paths are relative to its folder. Raises ResolverConfigError."""
        return cls.from_config(configuration.read_file(file), file.parent, clock)

    def lookup(self, key: SchemaKey) -> Schema | ResolutionFailure:
        """The schema, or where it was looked for."""
        now = self._clock()
        known = self._schemas.get(key)
        if known is not None and now < known.fresh_until:
            return known.answer
        answer, lifetime = self._ask(key, now, None if known is None else known.answer)
        self._schemas.put(key, answer, now + lifetime)
        return answer

    def versions(self, key: SchemaKey) -> list[SchemaVer]:
        """Every version of the key's model that any registry has, in order. Raises RegistryFailure."""
        now = self._clock()
        line = (key.vendor, key.name, key.version.model)
        known = self._versions.get(line)
        if known is None or now >= known.fresh_until or key.version not in known.answer:
            found = sorted({version for registry in self._registries for version in registry.versions(*line)})
            known = Remembered(found, now + self._ttl)
            self._versions.put(line, known.answer, known.fresh_until)
        return list(known.answer)

    def _ask(
        self, key: SchemaKey, now: float, before: Schema | ResolutionFailure | None
    ) -> tuple[Schema | ResolutionFailure, float]:
        """A new answer and the seconds it stays fresh. A schema found before outlives a lookup in vain."""
        history = []
        for registry in self._in_order(key.vendor):
            failure = None
            try:
                body = registry.lookup(key)
            except RegistryFailure as error:
                failure = str(error)
            else:
                if body is not None:
                    found = Schema.of(key, body)
                    return (before if before == found else found), self._ttl
            earlier = before.attempts(registry.name) if isinstance(before, ResolutionFailure) else 0
            history.append(Attempt(registry.name, failure, earlier + 1, now))
        if isinstance(before, Schema):
            return before, self._ttl
        nothing = ResolutionFailure(key, tuple(history))
        return nothing, min(self._ttl, nothing.retry_after)

    def _in_order(self, vendor: str) -> list[Registry]:
        """The registries as asked for this vendor: those of its prefix first, then by priority, then as given."""

        def rank(registry: Registry) -> tuple[bool, int]:
            return not vendor.startswith(tuple(registry.vendor_prefixes)), registry.priority

        return sorted(self._registries, key=rank)


def default_resolver(clock: Clock = time.time) -> Resolver:
    """A resolver over the schemas that come with the product."""
    return Resolver([embedded_registry()], clock=clock)
