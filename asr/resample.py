"""Sound at half or twice its rate: models want 8 kHz or 16 kHz."""

from typing import Final

import numpy as np

from core.audio import Audio

_TAPS: Final = 31  # a half-band low-pass, 45 dB down above 4.6 kHz
_HALF: Final = _TAPS // 2


def _low_pass() -> "np.ndarray[tuple[int], np.dtype[np.float32]]":
    place = np.arange(_TAPS) - _HALF
    taps = np.sinc(place / 2) / 2 * np.hamming(_TAPS)
    return np.asarray(taps / taps.sum(), np.float32)


_LOW_PASS: Final = _low_pass()


class Halved:
    """A stream at half the rate, in frames of an even number of samples; each remembers the one before."""

    def __init__(self) -> None:
        self._before = np.zeros(_TAPS - 1, np.float32)

    def frame(self, audio: Audio) -> Audio:
        """The same stretch of sound, 15 samples (1 ms at 16 kHz) late."""
        samples = np.concatenate([self._before, np.frombuffer(audio.pcm, "<i2").astype(np.float32)])
        self._before = samples[-(_TAPS - 1) :]
        halved = np.convolve(samples, _LOW_PASS, "valid")[::2]
        return Audio(np.clip(np.rint(halved), -32768, 32767).astype("<i2").tobytes(), audio.rate_hz // 2)


def doubled(audio: Audio) -> Audio:
    """A whole stretch of sound at twice its rate, as long as it was."""
    samples = np.zeros(2 * len(audio.pcm) // 2, np.float32)
    samples[::2] = np.frombuffer(audio.pcm, "<i2")
    wide = 2 * np.convolve(samples, _LOW_PASS, "same") if len(samples) else samples
    return Audio(np.clip(np.rint(wide), -32768, 32767).astype("<i2").tobytes(), audio.rate_hz * 2)
