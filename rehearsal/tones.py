"""The keys of a telephone as pairs of tones (ITU-T Q.23), for lines that listen in the sound itself."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from core.audio import Audio
from rehearsal.script import Rhythm

RATE_HZ = 8000

_LOW = (697, 770, 852, 941)
_HIGH = (1209, 1336, 1477, 1633)
_ROWS = ("123A", "456B", "789C", "*0#D")
_PEAK = (
    8000  # of 32767 for each tone: about -9 dBm0 a tone, what a telephone sends (ITU-T Q.24 wants above -25)
)
_EDGE_S = 0.002  # fades in and out, so that no click blurs the spectrum

FREQUENCIES_HZ: Mapping[str, tuple[int, int]] = MappingProxyType(
    {key: (_LOW[row], _HIGH[column]) for row, keys in enumerate(_ROWS) for column, key in enumerate(keys)}
)


def tones(keys: str, rhythm: Rhythm) -> Audio:
    """The keys one after another, 8 kHz: each sounds for `held_s`, and a new one begins every `every_s`.

    Detectors want at least 40 ms of tone and 40 ms of pause (ITU-T Q.24).
    """
    return Audio(b"".join(_key(key, rhythm).astype("<i2").tobytes() for key in keys), RATE_HZ)


def _key(key: str, rhythm: Rhythm) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    held = round(rhythm.held_s * RATE_HZ)
    at_s = np.arange(held) / RATE_HZ
    low_hz, high_hz = FREQUENCIES_HZ[key]
    sound = _PEAK * (np.sin(2 * np.pi * low_hz * at_s) + np.sin(2 * np.pi * high_hz * at_s))
    edge = np.minimum(1.0, np.minimum(np.arange(held), np.arange(held)[::-1]) / (_EDGE_S * RATE_HZ))
    return np.concatenate([sound * edge, np.zeros(round(rhythm.every_s * RATE_HZ) - held)])
