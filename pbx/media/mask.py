"""Takes keypad tones out of speech as it flows by, their leading edges too, and lets everything else pass."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.audio import FRAME_MS, SAMPLE_BYTES, Audio

RATE_HZ: Final = 8000
DELAY_MS: Final = 40  # what is given back was taken that long ago: by then every tone in it is known

_LOW_HZ: Final = (697, 770, 852, 941)
_HIGH_HZ: Final = (1209, 1336, 1477, 1633)  # ITU-T Q.23
_FRAME: Final = RATE_HZ * FRAME_MS // 1000
_DELAY: Final = RATE_HZ * DELAY_MS // 1000
_WINDOW: Final = 128  # 16 ms: shorter than the shortest tone that anybody could read
_HOP: Final = 16
_MARGIN: Final = 160  # silenced before and behind a window with a tone in it
_FADE: Final = 32
_PURITY: Final = (
    0.45  # of a window's energy that lies in one low and one high tone; speech seldom has as much
)
_WEAKER: Final = 0.05  # of it that the weaker of the two must have
_QUIET: Final = 1e-7  # mean square (-70 dBFS) below which nobody hears anything

_Samples = NDArray[np.float64]
_TURNS: Final = np.exp(-2j * np.pi / RATE_HZ * np.outer(np.arange(_WINDOW), _LOW_HZ + _HIGH_HZ))


class ToneMask:
    """One direction of one call, 8 kHz, 20 ms a frame; each frame comes out 40 ms after it went in.

    A window of 16 ms in which two tones of a keypad outweigh all else (Goertzel's filter at their eight
    frequencies) is silenced with 20 ms on either side. So a tone goes whole, with the edge before the moment
    at which a detector could know it.
    """

    def __init__(self) -> None:
        self._heard: _Samples = np.zeros(_DELAY)
        self._silenced = np.zeros(_FADE + _DELAY + _MARGIN, np.bool_)  # from a fade before the oldest sample

    def pass_on(self, frame: Audio) -> Audio:
        """Take the newest 20 ms; give back those of 40 ms ago, silent where a tone lay."""
        if (frame.rate_hz, len(frame.pcm)) != (RATE_HZ, _FRAME * SAMPLE_BYTES):
            raise ValueError(f"{frame!r} is not 20 ms at {RATE_HZ} Hz")
        self._heard = np.concatenate([self._heard, np.frombuffer(frame.pcm, "<i2").astype(np.float64)])
        self._silenced = np.concatenate([self._silenced, np.zeros(_FRAME, np.bool_)])
        self._find()
        oldest = self._heard[:_FRAME] * self._gain()
        self._heard, self._silenced = self._heard[_FRAME:], self._silenced[_FRAME:]
        return Audio(np.round(oldest).astype("<i2").tobytes(), RATE_HZ)

    def _find(self) -> None:
        """Mark what the windows that end in the newest frame have in them."""
        first = len(self._heard) - _FRAME - _WINDOW + _HOP
        windows = np.lib.stride_tricks.sliding_window_view(self._heard[first:], _WINDOW)[::_HOP]
        for at in np.flatnonzero(tonal(windows)) * _HOP + first:
            self._silenced[_FADE + at - _MARGIN : _FADE + at + _WINDOW + _MARGIN] = True

    def _gain(self) -> _Samples:
        """Down to nothing before a silenced stretch begins, and up again behind it, within 4 ms."""
        near = np.convolve(self._silenced[: _FADE + _FRAME + _FADE], np.ones(_FADE), "valid") / _FADE
        behind, ahead = near[1 : _FRAME + 1], near[_FADE : _FRAME + _FADE]
        return 1.0 - np.maximum(behind, ahead)


def tonal(windows: _Samples) -> NDArray[np.bool_]:
    """Which of the windows (rows of 128 samples of 16 bits) hold the two tones of a key."""
    energy = np.sum(windows**2, axis=1)
    powers = 2 / _WINDOW * np.abs(windows @ _TURNS) ** 2
    low, high = powers[:, : len(_LOW_HZ)].max(axis=1), powers[:, len(_LOW_HZ) :].max(axis=1)
    found: NDArray[np.bool_] = (
        (energy > _QUIET * _WINDOW * 32768**2)
        & (low + high > _PURITY * energy)
        & (np.minimum(low, high) > _WEAKER * energy)
    )
    return found
