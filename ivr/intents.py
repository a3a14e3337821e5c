"""What a caller wants, read from their own words: quickly while they speak, well when they have finished."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import anyio
import anyio.to_thread

from asr.intents.classifier import Classifier

_REMEMBERED: Final = 1024  # what is said is asked about again and again while it is being said


@dataclass(frozen=True, slots=True)
class Reader:
    """One language's: `quick` answers at once, `good` takes some milliseconds in a thread of its own."""

    quick: Classifier
    good: Classifier | None = None


class Intents:
    """Readers by language; at most one works hard at a time."""

    def __init__(self, readers: Mapping[str, Reader]) -> None:
        self._readers = readers
        self._limit = anyio.CapacityLimiter(1)
        self._guessed = lru_cache(_REMEMBERED)(self._guess)

    def clear(self, text: str, language: str) -> bool:
        """Whether it is understood already; it never waits."""
        return bool(self._guessed(text, language))

    async def read(self, text: str, language: str) -> str:
        """The intent; empty for what the line does not do, and for what cannot be told."""
        reader = self._reader(language)
        if reader is None or reader.good is None:
            return self._guessed(text, language)
        return (await anyio.to_thread.run_sync(reader.good.guess, text, limiter=self._limit)).intent

    def _guess(self, text: str, language: str) -> str:
        reader = self._reader(language)
        return "" if reader is None else reader.quick.guess(text).intent

    def _reader(self, language: str) -> Reader | None:
        return self._readers.get(language.split("-", maxsplit=1)[0])
