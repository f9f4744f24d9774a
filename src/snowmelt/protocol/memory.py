"""Remembering what follows from a text, within bounds."""

from collections.abc import Callable
from functools import lru_cache
from typing import Concatenate, Final, ParamSpec, TypeVar, cast

LONGEST: Final = 2_000
"""Characters; what is longer is rare and computed again, so that nobody can fill the memory with it."""

_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")


def remembering(
    size: int, compute: Callable[Concatenate[str, _Given], _Made]
) -> Callable[Concatenate[str, _Given], _Made]:
    """The same pure function of a text and other hashables, which computes anew only what it has not computed lately.

    It keeps the `size` results used last. What raises is not remembered.
    """
    remembered = cast(Callable[Concatenate[str, _Given], _Made], lru_cache(size)(compute))

    def recall(text: str, /, *given: _Given.args, **named: _Given.kwargs) -> _Made:
        known = remembered if len(text) <= LONGEST else compute
        return known(text, *given, **named)

    return recall
