"""The keys of a telephone as pairs of tones (ITU-T Q.23): made, and found in a recording."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

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

_Samples = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Window:
    """How a detector looks: `size` samples at 8 kHz at a time, each `hop` samples after the last."""

    size: int
    hop: int


TELEPHONE: Final = Window(205, 80)  # what exchanges use; it misses a leading edge of 20 ms
ASSESSOR: Final = Window(128, 16)  # finds fragments, and now and then a vowel
_PURITY: Final = 0.5  # of a window's energy that lies in the two tones
_WEAKER: Final = 0.1  # of it that the weaker of the two must have
_QUIET: Final = 1e-5  # mean square, of 1 (-50 dBFS)
_BATCH: Final = 20_000  # windows: bounds the memory


def tones(keys: str, rhythm: Rhythm) -> Audio:
    """The keys one after another, 8 kHz: each sounds for `held_s`, and a new one begins every `every_s`.

    Detectors want at least 40 ms of tone and 40 ms of pause (ITU-T Q.24).
    """
    return Audio(b"".join(_key(key, rhythm).astype("<i2").tobytes() for key in keys), RATE_HZ)


def keys_heard(audio: Audio, window: Window) -> str:
    """The keys that sound of 8 kHz holds, by Goertzel's filter: once for each stretch, fragments too."""
    if audio.rate_hz != RATE_HZ:
        raise ValueError(f"tones are sought at {RATE_HZ} Hz, not at {audio.rate_hz} Hz")
    samples = np.frombuffer(audio.pcm, "<i2").astype(np.float64) / 32768
    if len(samples) < window.size:
        return ""
    windows = np.lib.stride_tricks.sliding_window_view(samples, window.size)[:: window.hop]
    found, last = "", ""
    for at in range(0, len(windows), _BATCH):
        for key in _keys(windows[at : at + _BATCH]):
            found += key if key != last else ""
            last = key
    return found


def _keys(windows: _Samples) -> list[str]:
    """The key in each window, empty where there is none."""
    size = windows.shape[1]
    turns = np.exp(-2j * np.pi / RATE_HZ * np.outer(np.arange(size), _LOW + _HIGH))
    energy = np.sum(windows**2, axis=1)
    powers = 2 / size * np.abs(windows @ turns) ** 2
    low, high = powers[:, :4], powers[:, 4:]
    both, weaker = low.max(1) + high.max(1), np.minimum(low.max(1), high.max(1))
    found = (energy > _QUIET * size) & (both > _PURITY * energy) & (weaker > _WEAKER * energy)
    rows, columns = low.argmax(1), high.argmax(1)
    return [_ROWS[row][column] if one else "" for one, row, column in zip(found, rows, columns, strict=True)]


def _key(key: str, rhythm: Rhythm) -> _Samples:
    held = round(rhythm.held_s * RATE_HZ)
    at_s = np.arange(held) / RATE_HZ
    low_hz, high_hz = FREQUENCIES_HZ[key]
    sound = _PEAK * (np.sin(2 * np.pi * low_hz * at_s) + np.sin(2 * np.pi * high_hz * at_s))
    edge = np.minimum(1.0, np.minimum(np.arange(held), np.arange(held)[::-1]) / (_EDGE_S * RATE_HZ))
    return np.concatenate([sound * edge, np.zeros(round(rhythm.every_s * RATE_HZ) - held)])
