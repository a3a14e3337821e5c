"""Sound at half or twice its rate: models want 8 kHz or 16 kHz."""

from typing import Final

import numpy as np

from core.audio import SAMPLE_BYTES, Audio

_TAPS: Final = 31  # a half-band low-pass, 45 dB down above 4.6 kHz
_HALF: Final = _TAPS // 2


def _low_pass() -> "np.ndarray[tuple[int], np.dtype[np.float32]]":
    place = np.arange(_TAPS) - _HALF
    taps = np.sinc(place / 2) / 2 * np.hamming(_TAPS)
    return np.asarray(taps / taps.sum(), np.float32)


_LOW_PASS: Final = _low_pass()
_AROUND, _CENTRE = _LOW_PASS[::2].copy(), _LOW_PASS[_HALF]  # at half the band all other taps are nothing


class Halved:
    """A stream at half the rate, in frames of an even number of samples; each remembers the one before."""

    def __init__(self) -> None:
        self._before = bytes(SAMPLE_BYTES * (_TAPS - 1))

    def frame(self, audio: Audio) -> Audio:
        """The same stretch of sound, 15 samples (1 ms at 16 kHz) late."""
        pcm = self._before + audio.pcm
        self._before = pcm[-len(self._before) :]
        samples = np.frombuffer(pcm, "<i2").astype(np.float32)
        halved = np.correlate(samples[::2], _AROUND, "valid")
        halved += _CENTRE * samples[_HALF::2][: len(halved)]
        return _rounded(halved, audio.rate_hz // 2)


def doubled(audio: Audio) -> Audio:
    """A whole stretch of sound at twice its rate, as long as it was."""
    samples = np.zeros(2 * len(audio.pcm) // 2, np.float32)
    samples[::2] = np.frombuffer(audio.pcm, "<i2")
    wide = 2 * np.convolve(samples, _LOW_PASS, "same") if len(samples) else samples
    return _rounded(wide, audio.rate_hz * 2)


def _rounded(samples: "np.ndarray[tuple[int], np.dtype[np.float32]]", rate_hz: int) -> Audio:
    return Audio(np.rint(samples).clip(-32768, 32767).astype("<i2").tobytes(), rate_hz)
