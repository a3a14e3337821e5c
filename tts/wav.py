"""WAV files (RIFF, Microsoft/IBM 1991), those of an unknown length too: read into sound, and their heads."""

import struct

from core.audio import SAMPLE_BYTES, Audio
from core.errors import BadInput

ENDLESS = 0xFFFFFFFF
"""The size that a head names when nobody knows it."""
_LINEAR_PCM = 1


def read_wav(data: bytes) -> Audio:
    """The sound of a 16-bit mono WAV; a writer into a pipe puts a length that is too great, and that is fine.

    Raises BadInput when it is something else.
    """
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise BadInput(f"this is no WAV file: it begins with {data[:12]!r}")
    at, rate_hz = 12, 0
    while at + 8 <= len(data):
        name, length = struct.unpack_from("<4sI", data, at)
        if name == b"fmt ":
            rate_hz = _rate(data, at + 8)
        elif name == b"data":
            return _sound(data[at + 8 : at + 8 + length], rate_hz)
        at += 8 + length + length % 2
    raise BadInput("this WAV file has no data in it")


def wav_head(rate_hz: int, size: int = ENDLESS) -> bytes:
    """What stands before `size` bytes of 16-bit mono sound, or before sound that has no end yet."""
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, _LINEAR_PCM, 1, rate_hz, rate_hz * 2, 2, 16)
    whole = struct.pack("<4sI4s", b"RIFF", min(size + 36, ENDLESS), b"WAVE")
    return whole + form + struct.pack("<4sI", b"data", size)


def _rate(data: bytes, at: int) -> int:
    if at + 16 > len(data):
        raise BadInput("this WAV file is cut short")
    kind, channels, rate_hz, _, _, bits = struct.unpack_from("<HHIIHH", data, at)
    if (kind, channels, bits) != (_LINEAR_PCM, 1, 8 * SAMPLE_BYTES):
        raise BadInput(f"this WAV file is not 16-bit mono: kind {kind}, {channels} channels, {bits} bits")
    return int(rate_hz)


def _sound(pcm: bytes, rate_hz: int) -> Audio:
    if not rate_hz:
        raise BadInput("this WAV file does not say its rate before its data")
    return Audio(pcm[: len(pcm) - len(pcm) % SAMPLE_BYTES], rate_hz)
