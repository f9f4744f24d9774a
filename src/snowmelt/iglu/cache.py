"""A bounded memory of answers, each good until a moment of its own."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Remembered(Generic[V]):
    """An answer and the moment, in the owner's seconds, from which it has to be asked for again."""

    answer: V
    fresh_until: float


class Cache(Generic[K, V]):
    """The `size` answers used last, stale ones included; safe to share between threads. Size 0 keeps nothing."""

    __slots__ = ("_entries", "_lock", "_size")

    def __init__(self, size: int) -> None:
        """An empty cache."""
        self._size = size
        self._entries: OrderedDict[K, Remembered[V]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: K) -> Remembered[V] | None:
        """What is remembered of the key, fresh or stale."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is not None:
                self._entries.move_to_end(key)
            return entry

    def put(self, key: K, answer: V, fresh_until: float) -> None:
        """Remembers an answer, forgetting the one that was not used for longest where there is no room."""
        with self._lock:
            self._entries[key] = Remembered(answer, fresh_until)
            self._entries.move_to_end(key)
            if len(self._entries) > self._size:
                self._entries.popitem(last=False)
