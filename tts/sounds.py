"""Rendered speech as files that a telephone switch can play."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tts.voice import Speech


@dataclass(frozen=True, slots=True)
class Sound:
    """A sound on disk: `path` is without its ending, as switches want it; `seconds` how long it lasts."""

    path: Path
    seconds: float


class Sounds(Protocol):
    """Where speech becomes files."""

    def at_hand(self, speech: Speech) -> Sound | None:
        """The file of a speech that need not be rendered; None when it must be."""
        ...

    async def sound(self, speech: Speech) -> Sound:
        """The file of a speech, rendered if it is new. Raises VoiceLost when the voice fails."""
        ...
