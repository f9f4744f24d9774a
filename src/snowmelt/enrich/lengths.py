"""How long the texts of an enriched event may be. A longer one is an error: nothing is ever cut."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Final

from snowmelt.protocol.atomic import COLUMNS, INDEX

_LIMITED: Final = [(column.name, column.max_length) for column in COLUMNS if column.max_length is not None]
_NAMES: Final = [name for name, _ in _LIMITED]
_LIMITS: Final = [limit for _, limit in _LIMITED]
_HALVES: Final = [limit // 2 for limit in _LIMITS]  # so many characters fit whatever they are
_TEXTS: Final = itemgetter(*[INDEX[name] for name in _NAMES])


def too_long(fields: Sequence[str | None]) -> list[str]:
    """A sentence for each column, in wire order, whose text has more UTF-16 code units than the column admits."""
    texts: tuple[str | None, ...] = _TEXTS(fields)
    return [
        f"Field {name} longer than maximum allowed size {limit}"
        for text, half, name, limit in zip(texts, _HALVES, _NAMES, _LIMITS, strict=True)
        if text is not None and len(text) > half and _units(text) > limit
    ]


def _units(text: str) -> int:
    """The length of a text as the JVM counts it: characters beyond U+FFFF are two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
