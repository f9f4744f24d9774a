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

LONGEST_WAIT = 60.0
"""Seconds after which a registry that failed is asked again at the latest."""

_FIRST_WAIT = 0.5


def backoff(attempts: int, longest: float = LONGEST_WAIT) -> float:
    """Seconds to wait after so many attempts in vain: half a second, then twice as long each time."""
    return min(longest, _FIRST_WAIT * 2.0 ** min(attempts - 1, 20))


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
        return backoff(max(failed)) if failed else math.inf

    @property
    def unanswered(self) -> RegistryFailure | None:
        """The first registry's failure, in a sentence of its own; None where all answered that they have none."""
        failed = (_failure(one.repository, self.key, one.failure) for one in self.history if one.failure is not None)
        return next(failed, None)


class Resolver:
    """Several registries behind one question. Their answers are kept for `ttl` seconds, for ever where that is None.

    One that `insists` never takes a registry's failure for an answer: where another registry's answer does not settle
    the question it raises RegistryFailure, and the caller may ask again at any time. And a schema that is new to it
    brings along the lower versions of its model, so that whoever makes a column for it later finds all that it needs.
    """

    def __init__(
        self,
        registries: Sequence[Registry],
        cache_size: int = CACHE_SIZE,
        ttl: float | None = None,
        clock: Clock = time.time,
        *,
        insists: bool = False,
    ) -> None:
        """A resolver over these registries and no other."""
        self._registries = tuple(registries)
        self._ttl = math.inf if ttl is None else ttl
        self._clock = clock
        self._insists = insists
        self._schemas: Cache[SchemaKey, Schema | ResolutionFailure] = Cache(cache_size)
        self._versions: Cache[tuple[str, str, int], list[SchemaVer]] = Cache(cache_size)

    @classmethod
    def from_config(cls, value: Json, base: Path, clock: Clock = time.time, *, insists: bool = False) -> Self:
        """The resolver of Snowplow's resolver configuration, always with our own schemas beside the configured ones.

        Relative paths start at `base`. Raises configuration.ResolverConfigError.
        """
        settings = configuration.read(value)
        registries = [embedded_registry(), *configuration.registries(settings, base)]
        return cls(registries, settings.cache_size, settings.cache_ttl, clock, insists=insists)

    @classmethod
    def from_file(cls, file: Path, clock: Clock = time.time, *, insists: bool = False) -> Self:
        """The resolver of a configuration file; its paths are relative to its folder. Raises ResolverConfigError."""
        return cls.from_config(configuration.read_file(file), file.parent, clock, insists=insists)

    def lookup(self, key: SchemaKey) -> Schema | ResolutionFailure:
        """The schema, or where it was looked for. Raises RegistryFailure if it insists."""
        now = self._clock()
        known = self._schemas.get(key)
        if known is not None and now < known.fresh_until:
            return known.answer
        before = None if known is None else known.answer
        answer, lifetime = self._ask(key, now, before)
        if self._insists and isinstance(answer, Schema) and not isinstance(before, Schema):
            self._learn_lower_versions(key, now)
        self._schemas.put(key, answer, now + lifetime)
        return answer

    def versions(self, key: SchemaKey) -> list[SchemaVer]:
        """Every version of the key's model that any registry has, in order.

        Raises RegistryFailure where a registry could not answer, unless the others, or what was known before, leave no
        version out up to that of the key.
        """
        now = self._clock()
        line = (key.vendor, key.name, key.version.model)
        known = self._versions.get(line)
        if known is None or now >= known.fresh_until or key.version not in known.answer:
            found, failure = self._ask_for_versions(key)
            before = [] if known is None else known.answer
            if failure is not None:
                found = sorted({*found, *before})
                if key.version not in before and not _is_unbroken(found, key.version):
                    raise failure
            lifetime = self._ttl if failure is None else min(self._ttl, LONGEST_WAIT)
            known = Remembered(found, now + lifetime)
            self._versions.put(line, known.answer, known.fresh_until)
        return list(known.answer)

    def _learn_lower_versions(self, key: SchemaKey, now: float) -> None:
        for version in self.versions(key):
            lower = SchemaKey(key.vendor, key.name, key.format, version)
            if version < key.version and self._schemas.get(lower) is None:
                answer, lifetime = self._ask(lower, now, None)
                self._schemas.put(lower, answer, now + lifetime)

    def _ask_for_versions(self, key: SchemaKey) -> tuple[list[SchemaVer], RegistryFailure | None]:
        """The versions of the key's model that registries list, and the failure of one that did not answer."""
        found: set[SchemaVer] = set()
        failure = None
        for registry in self._registries:
            try:
                found.update(registry.versions(key.vendor, key.name, key.version.model))
            except RegistryFailure as error:
                failure = failure or _failure(registry.name, key, str(error))
        return sorted(found), failure

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
        if self._insists and nothing.unanswered is not None:
            raise nothing.unanswered
        return nothing, min(self._ttl, nothing.retry_after)

    def _in_order(self, vendor: str) -> list[Registry]:
        """The registries as asked for this vendor: those of its prefix first, then the near ones, then by priority."""

        def rank(registry: Registry) -> tuple[bool, int, int]:
            foreign = not vendor.startswith(tuple(registry.vendor_prefixes))
            return foreign, registry.class_priority, registry.priority

        return sorted(self._registries, key=rank)


def default_resolver(clock: Clock = time.time, *, insists: bool = False) -> Resolver:
    """A resolver over the schemas that come with the product."""
    return Resolver([embedded_registry()], clock=clock, insists=insists)


def _failure(repository: str, key: SchemaKey, reason: str) -> RegistryFailure:
    return RegistryFailure(f"the registry {repository!r} could not answer for {key}: {reason}")


def _is_unbroken(versions: Sequence[SchemaVer], last: SchemaVer) -> bool:
    """Whether all versions up to the last are there, as nothing is skipped when versions are published."""
    known = frozenset(versions)
    upper = [one for one in known if one <= last]
    return (
        last in known
        and all(SchemaVer(last.model, revision, 0) in known for revision in range(last.revision))
        and all(not one.addition or SchemaVer(one.model, one.revision, one.addition - 1) in known for one in upper)
    )
