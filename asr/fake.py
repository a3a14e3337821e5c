"""A recognizer that hears what it is told to hear: for tests and for trying a flow without a model."""

from collections import deque
from collections.abc import AsyncIterator, Collection, Iterable
from contextlib import asynccontextmanager
from typing import Final

import anyio

from asr.recognizer import Final as Heard
from asr.recognizer import Hint, Partial, Word
from core.audio import Audio
from core.errors import HearingLost

_WORD_S: Final = 0.3


class FakeRecognizer:
    """Each hearing that gets sound hears the next of the `script`, word by word; after its end, nothing."""

    rate_hz = 8000
    name = "fake"

    def __init__(
        self,
        script: Iterable[str],
        *,
        up: bool = True,
        languages: Collection[str] = ("en",),
        thinks_s: float = 0.0,
    ) -> None:
        self._script = deque(script)
        self._languages = languages
        self.thinks_s = thinks_s
        self.up = up

    @property
    def has_room(self) -> bool:
        """Whenever it is up."""
        return self.up

    def hears(self, language: str) -> bool:
        """English alone, unless it was made for others."""
        return language.split("-", maxsplit=1)[0] in self._languages

    @asynccontextmanager
    async def hear(self, hint: Hint) -> AsyncIterator["FakeHearing"]:
        """Begin to listen."""
        if not self.up:
            raise HearingLost("the fake recognizer is not running")
        yield FakeHearing(self)

    def next_text(self) -> str:
        """What is heard next."""
        return self._script.popleft() if self._script else ""


class FakeHearing:
    """A word every 0.3 s."""

    def __init__(self, recognizer: FakeRecognizer) -> None:
        self._recognizer = recognizer
        self._words: list[str] | None = None
        self._seconds = 0.0

    def feed(self, audio: Audio) -> None:
        """More sound."""
        if self._words is None:
            self._words = self._recognizer.next_text().split()
        self._seconds += audio.seconds

    @property
    def partial(self) -> Partial:
        """The words whose time has come."""
        return Partial(" ".join((self._words or [])[: int(self._seconds / _WORD_S)]))

    async def finish(self) -> Heard:
        """All the words."""
        await anyio.sleep(self._recognizer.thinks_s)
        if not self._recognizer.up:
            raise HearingLost("the fake recognizer was lost")
        words = self._words or []
        timed = tuple(Word(word, n * _WORD_S, (n + 1) * _WORD_S) for n, word in enumerate(words))
        return Heard(" ".join(words), (" ".join(words),), timed)
