"""How loud somebody speaks: the mean power of their voice."""

from math import log10
from typing import Final

import numpy as np

from core.audio import Audio

_FULL_SCALE: Final = 32768.0
_SILENT_DB: Final = -99.0


class Loudness:
    """One turn of one caller, fed frame by frame."""

    def __init__(self) -> None:
        self._power, self._frames = 0.0, 0

    @property
    def db(self) -> float:
        """Decibels below full scale, of what was voice; -99 for nothing."""
        mean = self._power / self._frames if self._frames else 0.0
        return max(10 * log10(mean / _FULL_SCALE**2), _SILENT_DB) if mean else _SILENT_DB

    def hear(self, frame: Audio, *, voiced: bool) -> None:
        """The next frame; only those with a voice in them count."""
        if voiced:
            samples = np.frombuffer(frame.pcm, "<i2").astype(np.float32)
            self._power += float(samples.dot(samples)) / len(samples)
            self._frames += 1
