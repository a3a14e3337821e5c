"""Lists of what always passes and what never does, by mark; kept for all nodes, read from memory."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from payments.fraud.keys import Mark


@dataclass(frozen=True, slots=True)
class Entry:
    """A mark on a list: `allow` or else denied; `until` is when it ends, None for never."""

    mark: Mark
    allow: bool
    reason: str
    by: str
    at: datetime
    until: datetime | None = None


class Lists(Protocol):
    """Where entries are kept. Raises StoreLost when it does not answer."""

    async def put(self, entry: Entry) -> None:
        """Write an entry down; it takes the place of one of the same mark."""
        ...

    async def remove(self, mark: Mark) -> bool:
        """Take a mark off; False when it was on no list."""
        ...

    async def all(self) -> list[Entry]:
        """Every entry, those that ended too."""
        ...


class MemoryLists:
    """Lists that are forgotten when the process ends."""

    def __init__(self) -> None:
        self._entries: dict[Mark, Entry] = {}

    async def put(self, entry: Entry) -> None:
        """As the protocol says."""
        self._entries[entry.mark] = entry

    async def remove(self, mark: Mark) -> bool:
        """As the protocol says."""
        return self._entries.pop(mark, None) is not None

    async def all(self) -> list[Entry]:
        """As the protocol says."""
        return sorted(self._entries.values(), key=lambda one: (one.at, one.mark.kind.value, one.mark.hash))


class Listed:
    """All entries in memory, to be asked in no time; `replace` brings them up to date."""

    def __init__(self) -> None:
        self._entries: dict[Mark, Entry] = {}

    def replace(self, entries: Iterable[Entry]) -> None:
        """From now on these."""
        self._entries = {one.mark: one for one in entries}

    def find(self, marks: Iterable[Mark], now: datetime) -> Entry | None:
        """The entry that counts: one that denies goes before one that allows."""
        found = [entry for mark in marks if (entry := self._entries.get(mark)) is not None]
        valid = [entry for entry in found if entry.until is None or now < entry.until]
        return min(valid, key=lambda entry: entry.allow, default=None)
