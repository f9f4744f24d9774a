"""Waiting for registries that cannot answer: events are delayed, and none becomes bad that may be good."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeAlias

from snowmelt.enrich.pipeline import Item
from snowmelt.iglu.registry import RegistryFailure
from snowmelt.iglu.resolver import backoff

LONGEST_PAUSE: Final = 15.0
"""Seconds between two tries at most, so that events flow soon after a registry is back."""

REMINDER: Final = 300.0
"""Seconds after which it is logged again that nothing has changed."""

Process: TypeAlias = Callable[[bytes, str | None, datetime], Sequence[Item]]
"""A record, its position if it has one and the time now -> what it gives, at least one item."""

log = logging.getLogger("snowmelt.enrich")


@dataclass(slots=True)
class Patience:
    """How long to wait for registries: ever longer pauses, for `limit` seconds in a row, without end where it is None.

    A trouble is logged once, however many records it holds up, with a reminder now and then, and once that it is over.
    """

    limit: float | None
    clock: Callable[[], float] = time.monotonic
    _attempts: int = field(default=0, init=False)
    _since: float = field(default=0.0, init=False)
    _logged: float = field(default=0.0, init=False)

    def pause(self, failure: RegistryFailure) -> float:
        """Seconds to wait until the next try. Raises RegistryFailure, saying so, when it has waited long enough."""
        now = self.clock()
        if not self._attempts:
            self._since = now
        left = float("inf") if self.limit is None else self._since + self.limit - now
        if left <= 0:
            raise RegistryFailure(
                f"{failure}; after {self.limit:g} seconds it waits no longer: start it again when the registry answers"
            )
        if not self._attempts or now - self._logged >= REMINDER:
            self._logged = now
            log.warning("waiting until it can go on: %s", failure)
        self._attempts += 1
        return min(backoff(self._attempts, LONGEST_PAUSE), left)

    def answered(self) -> None:
        """Ends a time of waiting, if there was any: the next begins with short pauses again."""
        if self._attempts:
            log.info("registries answer again after %.0f seconds", self.clock() - self._since)
            self._attempts = 0


def patient(process: Process, patience: Patience, wait: Callable[[float], object]) -> Process:
    """The same, but for trying again until registries answer. Raises RegistryFailure when patience is at its end."""

    def tried(record: bytes, position: str | None, now: datetime) -> Sequence[Item]:
        while True:
            try:
                items = process(record, position, now)
            except RegistryFailure as failure:
                wait(patience.pause(failure))
            else:
                patience.answered()
                return items

    return tried
