"""One search for thousands of patterns at once, at hundreds of megabytes a second.

Six bytes of each pattern, those that vary most, are its anchor. Four bytes at every place of the haystack are
hashed and looked up in a table of a million flags; what is flagged is compared as an anchor, and then whole.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import numpy as np

from node.prove.canary import Canary
from node.prove.spellings import Spelling, spellings

_ANCHOR = 6
_MASK = np.uint64((1 << 8 * _ANCHOR) - 1)
_TABLE_BITS = 20
_FACTOR = np.uint32(2654435761)  # Knuth's multiplicative hash
_SHIFT = np.uint32(32 - _TABLE_BITS)
_CHUNK = 1 << 20  # what stays in the processor's cache


class Readable(Protocol):
    """All that a search needs of a file."""

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes, none at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Find:
    """A canary stands at byte `at`, written in that way."""

    canary: Canary
    how: str
    at: int


@dataclass(frozen=True, slots=True)
class _Wanted:
    canary: Canary
    spelling: Spelling
    anchor_at: int


class Scanner:
    """Compiled once for a set of canaries; then `scan` and `scan_file` as often as needed."""

    def __init__(self, canaries: Iterable[Canary]) -> None:
        self.canaries = tuple(canaries)
        self._wanted: defaultdict[int, list[_Wanted]] = defaultdict(list)
        self._longest = 0
        for canary in self.canaries:
            for anchor, wanted in _compiled(canary):
                self._wanted[anchor].append(wanted)
                self._longest = max(self._longest, len(wanted.spelling.pattern))
        self._anchors = np.array(sorted(self._wanted), np.uint64)
        self._flags = np.zeros(1 << _TABLE_BITS, np.bool_)
        self._flags[_hashes((self._anchors & np.uint64(0xFFFFFFFF)).astype(np.uint32))] = True

    def scan(self, haystack: bytes) -> Iterator[Find]:
        """Every canary in some bytes, in no order; one that is found in several ways comes several times."""
        if not self.canaries:
            return
        padded = haystack + bytes(8)
        for shift in range(4):
            places = np.flatnonzero(self._flags[_hashes(_words(padded, shift))]) * 4 + shift
            for place, anchor in zip(*self._anchored(padded, places), strict=True):
                yield from self._at(haystack, place, anchor)

    def scan_file(self, file: Readable) -> Iterator[Find]:
        """Every canary in what a file still holds; raises OSError where it cannot be read."""
        tail, begin = b"", 0
        while chunk := file.read(_CHUNK):
            window = tail + chunk
            for find in self.scan(window):
                yield Find(find.canary, find.how, begin + find.at)
            keep = min(len(window), self._longest - 1)
            tail, begin = window[len(window) - keep :], begin + len(window) - keep

    def _anchored(self, padded: bytes, places: "_Places") -> tuple[list[int], list[int]]:
        raw = np.frombuffer(padded, np.uint8)
        places = places[places <= len(raw) - 8]
        values = np.zeros(len(places), np.uint64)
        for byte in range(_ANCHOR):
            values |= raw[places + byte].astype(np.uint64) << np.uint64(8 * byte)
        where = np.searchsorted(self._anchors, values)
        known = where < len(self._anchors)
        known[known] = self._anchors[where[known]] == values[known]
        return places[known].tolist(), values[known].tolist()

    def _at(self, haystack: bytes, place: int, anchor: int) -> Iterator[Find]:
        for wanted in self._wanted[anchor]:
            begin = place - wanted.anchor_at
            if begin >= 0 and haystack.startswith(wanted.spelling.pattern, begin):
                yield Find(wanted.canary, wanted.spelling.how, begin)


@cache
def _compiled(canary: Canary) -> tuple[tuple[int, _Wanted], ...]:
    """What is sought of one canary, by anchor; a proof asks for the same cards again and again."""
    found = []
    for spelling in {one.pattern: one for one in spellings(canary)}.values():
        at = _best_anchor(spelling.pattern)
        anchor = int.from_bytes(spelling.pattern[at : at + _ANCHOR], "little")
        found.append((anchor, _Wanted(canary, spelling, at)))
    return tuple(found)


_Places = np.ndarray[tuple[int], np.dtype[np.intp]]
_Words = np.ndarray[tuple[int], np.dtype[np.uint32]]


def _words(padded: bytes, shift: int) -> _Words:
    return np.frombuffer(padded, "<u4", count=(len(padded) - shift) // 4, offset=shift)


def _hashes(words: _Words) -> _Words:
    hashed: _Words = (words * _FACTOR) >> _SHIFT
    return hashed


def _best_anchor(pattern: bytes) -> int:
    """Where the six bytes begin whose first four vary most: zeros and repeats stand in every memory."""
    places = range(len(pattern) - _ANCHOR + 1)
    return max(places, key=lambda at: (len(set(pattern[at : at + 4])), len(set(pattern[at : at + _ANCHOR]))))
