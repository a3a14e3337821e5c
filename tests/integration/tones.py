"""Finds keypad tones in a recording, at two window sizes, as an assessor would (Goertzel)."""

import wave
from pathlib import Path

import numpy as np

LOW_HZ = (697, 770, 852, 941)
HIGH_HZ = (1209, 1336, 1477, 1633)
KEYS = ("123A", "456B", "789C", "*0#D")
_RATE_HZ = 8000
_LOUD = 0.5  # of a window's energy that lies in the two tones


def tones(recording: Path) -> str:
    """The keys that can be heard in it, once for each stretch; fragments count."""
    pcm = samples(recording)
    return max((_heard(pcm, size, hop) for size, hop in ((205, 80), (128, 16))), key=len)


def samples(recording: Path) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """A mono recording of 8 kHz, between -1 and 1."""
    with wave.open(str(recording)) as file:
        assert (file.getnchannels(), file.getframerate()) == (1, _RATE_HZ)
        data = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
    return data.astype(np.float64) / 32768


def loudness(recording: Path) -> float:
    """The root mean square over the whole recording; 0 for an empty one."""
    pcm = samples(recording)
    return float(np.sqrt(np.mean(pcm**2))) if len(pcm) else 0.0


def _heard(pcm: np.ndarray[tuple[int], np.dtype[np.float64]], size: int, hop: int) -> str:
    found, last = "", ""
    for at in range(0, len(pcm) - size, hop):
        key = _key(pcm[at : at + size])
        if key and key != last:
            found += key
        last = key
    return found


def _key(window: np.ndarray[tuple[int], np.dtype[np.float64]]) -> str:
    energy = float(np.sum(window**2))
    if energy < 1e-4 * len(window):
        return ""
    low = [_power(window, hz) for hz in LOW_HZ]
    high = [_power(window, hz) for hz in HIGH_HZ]
    if (max(low) + max(high)) / energy < _LOUD or min(max(low), max(high)) < 0.1 * energy:
        return ""
    return KEYS[low.index(max(low))][high.index(max(high))]


def _power(window: np.ndarray[tuple[int], np.dtype[np.float64]], hz: int) -> float:
    turn = np.exp(-2j * np.pi * hz / _RATE_HZ * np.arange(len(window)))
    return float(2 * abs(np.dot(window, turn)) ** 2 / len(window))
