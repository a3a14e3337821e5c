"""Whether what is heard is our own voice, come back from the line or from a telephone on loudspeaker.

What comes back is what we play, later and softer. Two questions, and both must be answered yes.
Is it in there? The last quarter of a second is compared with what was played at every delay up to 0.8 s, both
whitened: each band of each moment as loud as any other, so that no pitch and no vowel is left to be alike in.
The greatest normalized cross-correlation is below 0.2 for another voice, for an echo seldom below 0.3.
Is it all of it? At that delay the last tenth of a second is compared as it is: an echo alone is at 0.6 to
0.95, and falls with the share of somebody who speaks over it. Noise takes the ends of words from an echo:
what is much softer than an echo that was known a moment ago is taken for such an end.
"""

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.audio import Audio, silence

RATE_HZ: Final = 8000
_WINDOW: Final = 2048  # samples, 256 ms
_LATELY: Final = 768  # 96 ms
_LATEST: Final = 6400  # 0.8 s: a mobile network, a jitter buffer and a long line
_EARLIEST: Final = 800  # what is played may be ahead of what we know of it
_SIZE: Final = 9600  # for the transform: _WINDOW + _LATEST + _EARLIEST, and quickly done
_WITHIN: Final = 0.22
_ALIKE: Final = 0.5
_END_S: Final = 1.0
_SOFTER: Final = 0.25  # in power
_FADES: Final = 0.9  # of its power, each time that an echo is known again
_SLACK: Final = 32  # samples around the delay found: a line reflects more than once
_FAINT: Final = 0.01  # of the loudest part of what is played: softer ones are no measure
_SILENT: Final = 1.0  # mean square of 16-bit samples

_BLOCK: Final = 256
_HOP: Final = _BLOCK // 2
_BAND: Final = slice(
    round(300 / RATE_HZ * _BLOCK), round(3400 / RATE_HZ * _BLOCK)
)  # what a telephone lets through
_SOFTEST: Final = 0.05  # of a moment's loudest band: softer ones stay softer

Samples: TypeAlias = NDArray[np.float32]

_TAPER: Final[Samples] = np.sqrt(np.hanning(_BLOCK + 1)[:_BLOCK]).astype(np.float32)


class Echo:
    """One call's."""

    def __init__(self) -> None:
        self._heard = silence(_WINDOW / RATE_HZ, RATE_HZ).pcm
        self._played = self._white = np.zeros(0, np.float32)
        self._began_s = 0.0
        self._known_s, self._power = -_END_S, 0.0

    def plays(self, sound: Audio, began_s: float) -> None:
        """This (at 8 kHz) is heard by the caller from that moment on."""
        before = _around(self._played, self._at(began_s), _LATEST + _WINDOW, 0)
        self._played = np.concatenate([before, _samples(sound)])
        self._white = whitened(self._played)
        self._began_s = began_s - len(before) / RATE_HZ

    def hear(self, frame: Audio) -> None:
        """The next sound from the caller, at 8 kHz."""
        self._heard = (self._heard + frame.pcm)[-len(self._heard) :]

    def is_ours(self, now_s: float) -> bool:
        """Whether what was heard last is what we play, and nobody speaks over it."""
        heard = _samples(Audio(self._heard, RATE_HZ))
        power = _power(heard[-_LATELY:])
        if self._is_known(heard, now_s):
            self._known_s, self._power = now_s, max(power, _FADES * self._power)
            return True
        return now_s - self._known_s <= _END_S and power <= _SOFTER * self._power

    def _is_known(self, heard: Samples, now_s: float) -> bool:
        at = self._at(now_s)
        if at - _LATEST - _WINDOW >= len(self._white) or _power(heard) < _SILENT:
            return False
        reference = _around(self._white, at, _LATEST + _WINDOW, _EARLIEST)
        if not reference.any():
            return False
        within, place = likeness(whitened(heard), reference)
        if within < _WITHIN:
            return False
        played = _around(self._played, at - _LATEST + place, _LATELY + _SLACK, _SLACK)
        return likeness(_slopes(heard[-_LATELY:]), _slopes(played))[0] >= _ALIKE

    def _at(self, now_s: float) -> int:
        return round((now_s - self._began_s) * RATE_HZ)


def likeness(heard: Samples, reference: Samples) -> tuple[float, int]:
    """From 0 to 1: how much of `heard` is `reference`, and the place in it where they are most alike."""
    places = len(reference) - len(heard) + 1
    spectrum = np.fft.rfft(reference, _SIZE) * np.conj(np.fft.rfft(heard, _SIZE))
    crossed = np.abs(np.fft.irfft(spectrum, _SIZE)[:places])
    power = np.concatenate([[0.0], np.cumsum(reference.astype(np.float64) ** 2)])
    windows = (power[len(heard) :] - power[: -len(heard)])[:places]
    strength = np.maximum(windows, _FAINT * windows.max()) * float(np.sum(heard**2))
    alike = crossed / np.sqrt(np.maximum(strength, 1e-6))
    place = int(np.argmax(alike))
    return float(alike[place]), place


def whitened(sound: Samples) -> Samples:
    """The same with every band of each 32 ms about as loud as any other: what remains is when, not which."""
    padded = np.concatenate([sound, np.zeros(-len(sound) % _HOP + _HOP, np.float32)])
    blocks = np.lib.stride_tricks.sliding_window_view(padded, _BLOCK)[::_HOP] * _TAPER
    spectra = np.fft.rfft(blocks, axis=1)
    sizes = np.abs(spectra)
    flat = np.zeros_like(spectra)
    floor = _SOFTEST * sizes.max(axis=1, keepdims=True) + 1e-3
    flat[:, _BAND] = (spectra / (sizes + floor))[:, _BAND]
    pieces = (np.fft.irfft(flat, _BLOCK, axis=1) * _TAPER).astype(np.float32)
    white = np.zeros(len(padded), np.float32)
    white[:-_HOP] += pieces[:, :_HOP].ravel()
    white[_HOP:] += pieces[:, _HOP:].ravel()
    return white[: len(sound)]


def _around(sound: Samples, at: int, before: int, after: int) -> Samples:
    """What lies around a place in it; silence where nothing does."""
    found = np.zeros(before + after, np.float32)
    first, last = max(at - before, 0), min(at + after, len(sound))
    if first < last:
        start = first - (at - before)
        found[start : start + last - first] = sound[first:last]
    return found


def _slopes(sound: Samples) -> Samples:
    """First differences: what is low is loud in every voice, and tells little."""
    return np.diff(sound, prepend=sound[:1])


def _power(sound: Samples) -> float:
    """Its mean square."""
    return float(sound.dot(sound)) / len(sound)


def _samples(sound: Audio) -> Samples:
    return np.frombuffer(sound.pcm, "<i2").astype(np.float32)
