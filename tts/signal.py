"""Sound made fit for a telephone: its rate, its level and its code."""

import math
from functools import cache

import numpy as np
import numpy.typing as npt

from core.audio import FRAME_MS, Audio

Samples = npt.NDArray[np.float64]

_FULL = 32767.0
_EDGE = 0.1  # the uppermost tenth of the band fades out, so that the cut does not ring
_PAD_S = 0.05  # more than the filter rings: the end of a sound does not reach its beginning
_SILENT = 0.001**2  # the power of -60 dB of full scale: there is no speech in it
_PAUSE = 1e-4  # the loudest frame less 40 dB: frames below it are pauses, however soft the speech is
_PEAK = 0.89  # -1 dB of full scale
_BEFORE = 2  # frames: a word may begin softly


def samples(audio: Audio) -> Samples:
    """The sound as numbers from -1 to 1."""
    return np.frombuffer(audio.pcm, dtype="<i2").astype(np.float64) / _FULL


def linear(sound: Samples) -> bytes:
    """As signed 16-bit little-endian samples; what is too loud is clipped."""
    return (np.clip(sound, -1.0, 1.0) * _FULL).round().astype("<i2").tobytes()


def resampled(sound: Samples, from_hz: int, to_hz: int) -> Samples:
    """The same sound at another rate, band-limited to the lower of the two, by its spectrum."""
    if from_hz == to_hz or not len(sound):
        return sound
    common = math.gcd(from_hz, to_hz)
    up, down = to_hz // common, from_hz // common
    blocks = _smooth(-(-(len(sound) + round(_PAD_S * from_hz)) // down))
    spectrum = np.fft.rfft(sound, blocks * down)
    bins = min(len(spectrum), blocks * up // 2 + 1)
    kept = spectrum[:bins] * _fade(bins)
    whole = np.fft.irfft(kept, blocks * up) * (up / down)
    return np.asarray(whole[: -(-len(sound) * up // down)])


def levelled(sound: Samples, rate_hz: int, target_db: float) -> Samples:
    """The same sound with its speech at `target_db` of full scale (RMS), its peaks never above -1 dB.

    Pauses do not count as speech (after ITU-T P.56); silence stays as it is.
    """
    power = _powers(sound, rate_hz)
    loudest = np.max(power, initial=0.0)
    if loudest < _SILENT:
        return sound
    spoken = power[power > loudest * _PAUSE]
    wanted = 10 ** (target_db / 20) / np.sqrt(np.mean(spoken))
    return np.asarray(sound * min(wanted, _PEAK / np.max(np.abs(sound))))


def begun(sound: Samples, rate_hz: int) -> Samples:
    """The same without the silence before its first word, all but 40 ms of it: who asked waits no longer."""
    power = _powers(sound, rate_hz)
    loudest = np.max(power, initial=0.0)
    if loudest < _SILENT:
        return sound
    first = int(np.argmax(power > loudest * _PAUSE))
    return sound[max(first - _BEFORE, 0) * _frame(rate_hz) :]


def ulaw(sound: Samples) -> bytes:
    """As mu-law bytes (ITU-T G.711 table 2a)."""
    pcm = (np.clip(sound, -1.0, 1.0) * _FULL).round().astype(np.int16)
    return _ulaw_codes()[pcm.view(np.uint16)].tobytes()


@cache
def _ulaw_codes() -> npt.NDArray[np.uint8]:
    """The code of each 16-bit sample, by the sample's bits."""
    pcm = np.arange(1 << 16, dtype=np.uint16).view(np.int16).astype(np.int32)
    magnitude = np.minimum(np.abs(pcm), 32635) + 132
    exponent = np.floor(np.log2(magnitude)).astype(np.int32) - 7
    mantissa = (magnitude >> (exponent + 3)) & 0x0F
    code = np.where(pcm < 0, 0x80, 0) | (exponent << 4) | mantissa
    return np.asarray(~code & 0xFF, dtype=np.uint8)


def _powers(sound: Samples, rate_hz: int) -> Samples:
    """The power of each whole frame."""
    size = _frame(rate_hz)
    return np.asarray(np.mean(sound[: len(sound) // size * size].reshape(-1, size) ** 2, axis=1))


def _frame(rate_hz: int) -> int:
    return rate_hz * FRAME_MS // 1000


def _fade(bins: int) -> Samples:
    """A gain for each bin of the spectrum: one, then half a cosine down to nothing."""
    edge = max(1, round(bins * _EDGE))
    gain = np.ones(bins)
    gain[-edge:] = 0.5 + 0.5 * np.cos(np.pi * np.arange(1, edge + 1) / edge)
    return gain


def _smooth(length: int) -> int:
    """The next length without a prime factor above 5, which transforms fast."""
    while True:
        rest = length
        for prime in (2, 3, 5):
            while rest % prime == 0:
                rest //= prime
        if rest == 1:
            return length
        length += 1
