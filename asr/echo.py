"""Whether what is heard is our own voice, come back from the line or from a telephone on loudspeaker.

What comes back is what we play, later and softer. Both are compared over the last fifth of a second, at every
delay up to 0.8 s: the greatest normalized cross-correlation of their first differences (a crude whitening, so
that two voices of one pitch are not alike). Of our own prompt through a reflecting line it is 0.8 to 0.95, of
somebody else's speech below 0.3; of both together it falls with the other one's share.
"""

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.audio import Audio

RATE_HZ: Final = 8000
_WINDOW: Final = 1536  # samples, 192 ms
_LATEST: Final = 6400  # 0.8 s: a mobile network, a jitter buffer and a long line
_EARLIEST: Final = 800  # what is played may be ahead of what we know of it
_ALIKE: Final = 0.5
_SIZE: Final = 16_384
_FAINT: Final = 0.01  # of the loudest part of what is played: softer ones are no measure
_SILENT: Final = 1.0  # mean square of 16-bit samples

Samples: TypeAlias = NDArray[np.float32]


class Echo:
    """One call's."""

    def __init__(self) -> None:
        self._heard = np.zeros(_WINDOW, np.float32)
        self._played, self._began_s = np.zeros(0, np.float32), 0.0

    def plays(self, sound: Audio, began_s: float) -> None:
        """This (at 8 kHz) is heard by the caller from that moment on."""
        before = self._reference(began_s, _LATEST + _WINDOW, 0)
        self._played = np.concatenate([before, _samples(sound)])
        self._began_s = began_s - len(before) / RATE_HZ

    def hear(self, frame: Audio) -> None:
        """The next sound from the caller, at 8 kHz."""
        self._heard = np.concatenate([self._heard, _samples(frame)])[-_WINDOW:]

    def is_ours(self, now_s: float) -> bool:
        """Whether what was heard last is what we play."""
        reference = self._reference(now_s, _LATEST + _WINDOW, _EARLIEST)
        if not reference.any() or np.mean(self._heard**2) < _SILENT:
            return False
        return likeness(self._heard, reference) >= _ALIKE

    def _reference(self, now_s: float, before: int, after: int) -> Samples:
        """What was played around that moment; silence where nothing was."""
        at = round((now_s - self._began_s) * RATE_HZ)
        found = np.zeros(before + after, np.float32)
        first, last = max(at - before, 0), min(at + after, len(self._played))
        if first < last:
            start = first - (at - before)
            found[start : start + last - first] = self._played[first:last]
        return found


def likeness(heard: Samples, reference: Samples) -> float:
    """From 0 to 1: how much of `heard` is `reference`, at the delay at which they are most alike."""
    one, other = np.diff(heard, prepend=heard[:1]), np.diff(reference, prepend=reference[:1])
    places = len(reference) - len(heard) + 1
    crossed = np.fft.irfft(np.fft.rfft(other, _SIZE) * np.conj(np.fft.rfft(one, _SIZE)), _SIZE)[:places]
    power = np.concatenate([[0.0], np.cumsum(other.astype(np.float64) ** 2)])
    windows = (power[len(heard) :] - power[: -len(heard)])[:places]
    strength = np.maximum(windows, _FAINT * windows.max()) * float(np.sum(one**2))
    return float(np.max(np.abs(crossed) / np.sqrt(np.maximum(strength, 1.0))))


def _samples(sound: Audio) -> Samples:
    return np.frombuffer(sound.pcm, "<i2").astype(np.float32)
