"""A resource's arguments, which know which of them were looked at: what nobody looks at is not silently lost."""

from collections.abc import Mapping
from itertools import zip_longest
from typing import Any, Self

Values = dict[str, Any]
_NOTHING: tuple[Any, ...] = (None, "", [], {})


class Arguments:
    """The arguments of a resource or of one of its blocks. One that is not set is None; `False` is a value.

    Where there was a resource before, only what differs from it must be looked at: the rest is what was decided then.
    """

    def __init__(self, values: Mapping[str, Any], prior: Mapping[str, Any] | None = None, path: str = "") -> None:
        self._values = values
        self._prior = prior or {}
        self._path = path
        self._seen: set[str] = set()
        self._within: dict[str, list[Self]] = {}

    def __getitem__(self, name: str) -> Any:
        """The argument, with all that is in it."""
        self._seen.add(name)
        return self._values.get(name)

    def blocks(self, name: str) -> list[Self]:
        """The blocks of a name; their own arguments must be looked at one by one."""
        self._seen.add(name)
        if name not in self._within:
            blocks, before = self._values.get(name) or [], self._prior.get(name) or []
            pairs = zip_longest(blocks, before[: len(blocks)])
            self._within[name] = [type(self)(block, prior, f"{self._path}{name}.") for block, prior in pairs]
        return self._within[name]

    def block(self, name: str) -> Self:
        """The only block of a name; without any argument where there is none."""
        return next(iter(self.blocks(name)), type(self)({}))

    def named(self, **names: str) -> Values:
        """The arguments that are set, by the names that the service gives them: `named(QueueName="name")`."""
        found = {theirs: self[ours] for theirs, ours in names.items()}
        return {theirs: value for theirs, value in found.items() if value not in _NOTHING}

    def tags(self, key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
        """All tags, those of the provider block too, as the list that most services take."""
        return [{key: name, value: text} for name, text in sorted(self.tag_map().items())]

    def tag_map(self) -> dict[str, str]:
        """All tags by name."""
        self._seen |= {"tags", "tags_all"}
        return dict(self._values.get("tags_all") or self._values.get("tags") or {})

    def unseen(self) -> list[str]:
        """The arguments that are set, or changed, and that nobody looked at."""
        own = [
            self._path + name
            for name, value in self._values.items()
            if value not in _NOTHING and name not in self._seen and value != self._prior.get(name)
        ]
        inner = [name for blocks in self._within.values() for block in blocks for name in block.unseen()]
        return sorted({*own, *inner})
