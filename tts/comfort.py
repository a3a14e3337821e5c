"""A soft sound that says: we are still here. Two low notes that swell and fade, and a pause."""

import os
from pathlib import Path
from typing import Final

import numpy as np

from core.audio import Audio
from tts.signal import linear, samples, ulaw
from tts.sounds import Sound

_NAME: Final = "comfort"
_SECONDS: Final = 4.0
_NOTES: Final = ((0.0, 293.66), (0.7, 220.0))  # seconds from the beginning, Hertz
_NOTE_S: Final = 1.6
_PEAK: Final = 0.06  # of full scale: 24 dB below


def comfort(folder: Path) -> Sound:
    """The sound, written below `folder` as a switch plays it (`.ulaw`, `.sln16`)."""
    folder.mkdir(parents=True, exist_ok=True)
    for ending, encoded in ((".ulaw", ulaw(samples(_at(8000)))), (".sln16", linear(samples(_at(16_000))))):
        part = folder / f"{_NAME}{ending}.{os.getpid()}.part"
        part.write_bytes(encoded)
        part.replace(folder / f"{_NAME}{ending}")
    return Sound(folder / _NAME, _SECONDS)


def _at(rate_hz: int) -> Audio:
    sound = np.zeros(round(_SECONDS * rate_hz), np.float32)
    time = np.arange(round(_NOTE_S * rate_hz)) / rate_hz
    swell = np.sin(np.pi * time / _NOTE_S) ** 2
    for start_s, pitch_hz in _NOTES:
        at = round(start_s * rate_hz)
        sound[at : at + len(time)] += _PEAK * swell * np.sin(2 * np.pi * pitch_hz * time)
    return Audio((sound * 32767).astype("<i2").tobytes(), rate_hz)
