"""Keys heard in sound: Goertzel's power at the eight frequencies of a keypad, in windows of two sizes.

205 samples tell neighbouring frequencies apart best, and may miss what is shorter than two such windows; 128
samples every 16 find the 20 ms that a detector lets through before it knows that it hears a key.
"""

from dataclasses import dataclass

import numpy as np

from core.audio import Audio
from rehearsal.script import Rhythm
from rehearsal.tones import FREQUENCIES_HZ, tones

LONGEST_CHANCE = 3
"""So many keys of a card in a row come about by chance; one more is a find."""

_HERTZ = tuple(sorted({hertz for pair in FREQUENCIES_HZ.values() for hertz in pair}))
_LOW = 4  # the lower half of them are the rows of the keypad
_KEYS = {pair: key for key, pair in FREQUENCIES_HZ.items()}
_FLOOR = 1e-4  # of full scale, squared, for each tone: -40 dBFS
_ABOVE_NEXT = 4.0  # 6 dB over the other tones of its group
_SHARE = 0.5  # of all power in the window
_BLOCK = 400
_TWIST = 10.0  # 10 dB between the two tones

_Samples = np.ndarray[tuple[int], np.dtype[np.float64]]
_Powers = np.ndarray[tuple[int, int], np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Windows:
    """So many samples at once, and a step of `hop` samples to the next."""

    samples: int
    hop: int


WINDOWS = (Windows(205, 103), Windows(128, 16))


def keys_heard(audio: Audio, windows: Windows) -> str:
    """The keys that sound, in order; a key that is held is one, and a blank stands where none sounds."""
    samples = np.frombuffer(audio.pcm, "<i2").astype(np.float64) / 32768
    if len(samples) < windows.samples:
        return ""
    blocks = np.lib.stride_tricks.sliding_window_view(samples, windows.samples)[:: windows.hop]
    heard: list[str] = []
    for key in _each(blocks, audio.rate_hz):
        if not heard or heard[-1] != key:
            heard.append(key)
    return "".join(heard)


def longest_run(heard: str, keys: str) -> int:
    """How many of a card's keys in a row were heard."""
    sounded = "".join(heard.split())
    longest = 0
    for at in range(len(keys)):
        while at + longest < len(keys) and keys[at : at + longest + 1] in sounded:
            longest += 1
    return longest


def loudest(audio: Audio, hertz: int) -> float:
    """The power of a tone in the 50 ms where it is loudest, 1.0 at full scale."""
    samples = np.frombuffer(audio.pcm, "<i2").astype(np.float64) / 32768
    blocks = samples[: len(samples) // _BLOCK * _BLOCK].reshape(-1, _BLOCK)
    turn = np.exp(-2j * np.pi * hertz * np.arange(_BLOCK) / audio.rate_hz)
    powers = np.abs(blocks @ turn / _BLOCK * 2) ** 2
    return float(powers.max(initial=0.0))


def edges(keys: str) -> Audio:
    """What a detector lets through of each key, for controls: 20 ms of tone."""
    return tones(keys, Rhythm(every_s=0.1, held_s=0.02))


def held(keys: str) -> Audio:
    """Keys as a telephone plays them."""
    return tones(keys, Rhythm(every_s=0.1, held_s=0.06))


def _each(blocks: _Powers, rate_hz: int) -> list[str]:
    size = blocks.shape[1]
    turns = np.exp(-2j * np.pi * np.outer(np.arange(size), _HERTZ) / rate_hz)
    found: list[str] = []
    for begin in range(0, len(blocks), 4096):
        part = blocks[begin : begin + 4096]
        powers = np.abs(part @ turns / size * 2) ** 2 / 2
        found += [_key(tone, total) for tone, total in zip(powers, np.mean(part**2, axis=1), strict=True)]
    return found


def _key(powers: _Samples, total: float) -> str:
    if powers.max() < _FLOOR:
        return " "
    low, high = powers[:_LOW], powers[_LOW:]
    row, column = int(low.argmax()), int(high.argmax())
    first, second = float(low[row]), float(high[column])
    clear = min(first, second) > _FLOOR and first + second > _SHARE * float(total)
    clear = clear and max(first, second) < _TWIST * min(first, second)
    clear = clear and first > _ABOVE_NEXT * float(np.delete(low, row).max())
    clear = clear and second > _ABOVE_NEXT * float(np.delete(high, column).max())
    return _KEYS[_HERTZ[row], _HERTZ[_LOW + column]] if clear else " "
