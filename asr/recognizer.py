"""A recognizer: speech in, words out, while it is spoken."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from core.audio import Audio


@dataclass(frozen=True, slots=True)
class Word:
    """A word and when it was said, in seconds from the beginning of the hearing."""

    text: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Partial:
    """What was understood so far; it may still change."""

    text: str


@dataclass(frozen=True, slots=True)
class Final:
    """What was understood. `alternatives` begin with `text`, the likeliest.

    `confidence` is from 0 to 1; None where the engine has none that tells right from wrong.
    """

    text: str
    alternatives: tuple[str, ...] = ()
    words: tuple[Word, ...] = ()
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Hint:
    """What the answer will be made of: words or phrases of the language; none of them is free speech.

    `understood` says whether a text answers the question: what does not is worth a second opinion.
    """

    language: str = "en"
    phrases: tuple[str, ...] = ()
    understood: Callable[[str], bool] = bool


class Hearing(Protocol):
    """One stretch of speech being heard."""

    def feed(self, audio: Audio) -> None:
        """More sound, at the recognizer's rate. It never waits; what cannot be kept is dropped."""
        ...

    @property
    def partial(self) -> Partial:
        """The latest partial result."""
        ...

    async def finish(self) -> Final:
        """No more sound comes: what was said. Raises HearingLost when the engine fails or takes too long."""
        ...


class Recognizer(Protocol):
    """A speech recognizer."""

    @property
    def name(self) -> str:
        """Engine and model, for records and figures."""
        ...

    @property
    def rate_hz(self) -> int:
        """The rate of the sound that it wants."""
        ...

    @property
    def has_room(self) -> bool:
        """Whether it would hear one more call: it is up, and not at the end of its strength."""
        ...

    def hears(self, language: str) -> bool:
        """Whether it understands this language (BCP 47)."""
        ...

    def hear(self, hint: Hint) -> AbstractAsyncContextManager[Hearing]:
        """Begin to listen. Raises HearingLost when the engine is not up."""
        ...
