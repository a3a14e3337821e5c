"""Several recognizers as one: each hears its own languages."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from asr.recognizer import Final, Hearing, Hint, Partial, Recognizer
from asr.resample import Halved
from core.audio import Audio
from core.errors import HearingLost


class Polyglot:
    """The first recognizer that hears a language hears it; those that want half the rate get it."""

    def __init__(self, recognizers: Sequence[Recognizer]) -> None:
        self._recognizers = tuple(recognizers)
        self.rate_hz = max(one.rate_hz for one in recognizers)

    @property
    def name(self) -> str:
        """The names of all."""
        return " + ".join(one.name for one in self._recognizers)

    @property
    def has_room(self) -> bool:
        """Whether one of them would hear one more call."""
        return any(one.has_room for one in self._recognizers)

    def hears(self, language: str) -> bool:
        """Whether one of them does."""
        return self._of(language) is not None

    @asynccontextmanager
    async def hear(self, hint: Hint) -> AsyncIterator[Hearing]:
        """Begin to listen in the hint's language. Raises HearingLost when none hears it."""
        one = self._of(hint.language)
        if one is None:
            raise HearingLost(f"nothing here hears the language {hint.language!r}")
        async with one.hear(hint) as hearing:
            yield hearing if one.rate_hz == self.rate_hz else _HalvedHearing(hearing)

    def _of(self, language: str) -> Recognizer | None:
        return next((one for one in self._recognizers if one.hears(language)), None)


class _HalvedHearing:
    """Gets its sound at half the rate."""

    def __init__(self, hearing: Hearing) -> None:
        self._hearing, self._halved = hearing, Halved()

    def feed(self, audio: Audio) -> None:
        self._hearing.feed(self._halved.frame(audio))

    @property
    def partial(self) -> Partial:
        return self._hearing.partial

    async def finish(self) -> Final:
        return await self._hearing.finish()
