"""A voice activity detector for tests: what is loud is a voice."""

from typing import Final

import numpy as np

from core.audio import Audio

_LOUD: Final = 300  # of 32767


class LoudIsVoice:
    """A voice activity detector for tests: what is loud is a voice."""

    rate_hz = 8000

    def begin(self) -> "LoudIsVoice":
        """The same for each call: it remembers nothing."""
        return self

    def voice(self, frame: Audio) -> float:
        """1 or 0."""
        return float(np.abs(np.frombuffer(frame.pcm, "<i2").astype(np.int32)).max() >= _LOUD)
