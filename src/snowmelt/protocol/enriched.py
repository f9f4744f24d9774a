"""The enriched event: 131 texts in wire order, and the tab-separated line that carries them."""

import re
from collections.abc import Mapping
from typing import Self

import msgspec

from snowmelt.protocol.atomic import COLUMNS, INDEX

_CONTROL = re.compile("[\x00-\x1f\x7f]")
_WIDTH = len(COLUMNS)


class TsvError(ValueError):
    """The line is no enriched event; `field_count` is None when it has no tab at all."""

    def __init__(self, field_count: int | None) -> None:
        super().__init__(
            "the line is not tab-separated" if field_count is None else f"{field_count} fields instead of {_WIDTH}"
        )
        self.field_count = field_count


class EnrichedEvent(msgspec.Struct, frozen=True, gc=False):
    """One event after enrichment. Fields are text as in the TSV, in the order of `atomic.COLUMNS`; None is null.

    Timestamps are "yyyy-MM-dd HH:mm:ss.SSS" in UTC, booleans "0" or "1", decimals plain, JSON compact.
    """

    fields: tuple[str | None, ...]

    def __post_init__(self) -> None:
        if len(self.fields) != _WIDTH:
            raise TsvError(len(self.fields))

    @classmethod
    def of(cls, values: Mapping[str, str | None]) -> Self:
        """The event with these columns, every other one null. KeyError for a name that is no atomic column."""
        fields: list[str | None] = [None] * _WIDTH
        for name, value in values.items():
            fields[INDEX[name]] = value
        return cls(tuple(fields))

    @classmethod
    def from_tsv(cls, line: str) -> Self:
        """The event of one line, its line end already removed. Raises TsvError; an empty field is null."""
        fields = line.split("\t")
        if len(fields) == 1:
            raise TsvError(None)
        return cls(tuple([field or None for field in fields]))

    def to_tsv(self) -> str:
        """The line of the event, without a line end. Fields must be clean: a tab or a new line in one is a bug."""
        line = "\t".join([field or "" for field in self.fields])
        if line.count("\t") != _WIDTH - 1 or "\n" in line:
            raise ValueError("a field of the enriched event holds a tab or a new line")
        return line

    def __getitem__(self, name: str) -> str | None:
        """The text of a column."""
        return self.fields[INDEX[name]]


def clean(text: str | None) -> str | None:
    """A text that fits into a TSV field: tabs are four spaces, ASCII control characters go, nothing left is null."""
    if not text:
        return None
    if text.isprintable():
        return text
    return _CONTROL.sub("", text.replace("\t", "    ")) or None
