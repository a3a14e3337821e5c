"""A voice: text in, sound out, sentence by sentence."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from core.audio import Audio


@dataclass(frozen=True, slots=True)
class Speech:
    """What to say, and in which language (BCP 47: `en`, `es-MX`). Numbers are already words.

    Text without a closing mark, `seven`, is a piece of a sentence: no pause follows it. `prompt` names the
    prompt that it is, or its sentence (`greeting.2`), where it is the same in each call: it may be recorded.
    """

    text: str
    language: str = "en"
    prompt: str = ""


class Voice(Protocol):
    """A speech engine."""

    @property
    def name(self) -> str:
        """What makes its sound its own: engine, voice, version, rate; part of the cache's key."""
        ...

    def speaks(self, language: str) -> bool:
        """Whether it has this language (BCP 47), in whatever region."""
        ...

    def speak(self, speech: Speech) -> AsyncIterator[Audio]:
        """The sound, a sentence at a time, all at one rate. Raises VoiceLost when the engine fails."""
        ...
