"""Watches the lake for run folders that became whole, in Airflow's triggerer: what makes `load_events` start at once.

In the cloud a message on a queue does the same. Neither decides what is loaded: the load manifest does, so an event too
many costs a run that skips, and one too few costs the wait for the next.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from pathlib import Path
from typing import Any

from airflow.triggers.base import BaseEventTrigger, TriggerEvent

from snowmelt.lake.run_folder import MARKER

PAUSE_SECONDS = 2.0
"""Between two looks. One costs a listing of the lake, and a look for the marker in what was not whole before."""

log = logging.getLogger(__name__)


class RunFolderTrigger(BaseEventTrigger):
    """Fires when run folders became whole since it last looked, once for all of them; at its start, for all there are.

    So what arrived while nobody watched is told, be it loaded by now or not.
    """

    def __init__(self, lake: str, pause_seconds: float = PAUSE_SECONDS) -> None:
        """``lake`` is the folder that holds the run folders; it need not be there yet."""
        super().__init__()
        self.lake = lake
        self.pause_seconds = pause_seconds

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """What Airflow makes it from anew, in another process."""
        kind = type(self)
        return f"{kind.__module__}.{kind.__qualname__}", {"lake": self.lake, "pause_seconds": self.pause_seconds}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """An event tells how many run folders are new, and the newest one's name."""
        async for new in news(Path(self.lake), lambda: asyncio.sleep(self.pause_seconds)):
            yield TriggerEvent({"run_folders": len(new), "newest": max(new)})


async def news(lake: Path, pause: Callable[[], Awaitable[object]]) -> AsyncIterator[frozenset[str]]:
    """The run folders that became whole since the last look, whenever there are some. Between two looks it pauses."""
    told: frozenset[str] = frozenset()
    while True:
        try:
            whole = await asyncio.to_thread(whole_runs, lake, told)
        except OSError as error:
            log.warning("the lake %s cannot be listed, which is tried again: %s", lake, error)
        else:
            if new := whole - told:
                yield new
            told = whole
        await pause()


def whole_runs(lake: Path, known: Collection[str] = ()) -> frozenset[str]:
    """Names of the run folders that have their marker; those ``known`` to be whole are not looked into again."""
    try:
        names = [entry.name for entry in os.scandir(lake) if entry.name.startswith("run=")]
    except FileNotFoundError:
        return frozenset()
    return frozenset(name for name in names if name in known or (lake / name / MARKER).is_file())
