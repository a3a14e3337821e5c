"""Voice activity: how sure one may be that somebody speaks, frame by frame."""

from typing import Final, Protocol

from core.audio import Audio

FRAME_S: Final = 0.032


class VoiceActivity(Protocol):
    """A detector. It keeps nothing of a call: `begin` gives what does."""

    @property
    def rate_hz(self) -> int:
        """The rate of the sound that it wants."""
        ...

    def begin(self) -> "Ear":
        """Listen to a new call."""
        ...


class Ear(Protocol):
    """A detector listening to one call."""

    def voice(self, frame: Audio) -> float:
        """From 0 to 1: how likely the next 32 ms are speech."""
        ...
