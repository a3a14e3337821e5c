"""Sound files: recordings to speak are read, what a SIP client shall send is written."""

import struct
import wave
from pathlib import Path

import numpy as np

from core.audio import SAMPLE_BYTES, Audio
from core.errors import BadInput

RATE_HZ = 8000
WAV_HEADER_BYTES = 44


def read_recording(file: Path) -> Audio:
    """A `.ulaw` file (G.711, no header) or a `.wav` of 16-bit mono at 8 kHz. Raises BadInput for others."""
    if file.suffix == ".ulaw":
        return Audio(ulaw_to_linear(file.read_bytes()), RATE_HZ)
    try:
        with wave.open(str(file), "rb") as recording:
            kind = (recording.getnchannels(), recording.getsampwidth(), recording.getframerate())
            pcm = recording.readframes(recording.getnframes())
    except (wave.Error, EOFError) as problem:
        raise BadInput(f"{file} is not a WAV file that can be read: {problem}") from problem
    if kind != (1, SAMPLE_BYTES, RATE_HZ):
        raise BadInput(f"{file} must be mono, 16 bits, 8000 Hz; it has {kind[0]} channels at {kind[2]} Hz")
    return Audio(pcm, RATE_HZ)


def write_with_silence(file: Path, audio: Audio, silence_s: float) -> None:
    """A WAV file of the sound and then that much silence; the silence takes no room on the disk."""
    size = len(audio.pcm) + round(silence_s * audio.rate_hz) * SAMPLE_BYTES
    with file.open("wb") as out:
        out.write(_header(size, audio.rate_hz))
        out.write(audio.pcm)
        out.truncate(WAV_HEADER_BYTES + size)


def ulaw_to_linear(ulaw: bytes) -> bytes:
    """G.711 mu-law to 16-bit linear (ITU-T G.711 table 2b)."""
    code = ~np.frombuffer(ulaw, np.uint8)
    magnitude = ((code & 0x0F).astype(np.int32) * 8 + 0x84 << ((code & 0x70) >> 4)) - 0x84
    return np.where(code & 0x80, -magnitude, magnitude).astype("<i2").tobytes()


def _header(size: int, rate_hz: int) -> bytes:
    form = struct.pack("<IHHIIHH", 16, 1, 1, rate_hz, rate_hz * SAMPLE_BYTES, SAMPLE_BYTES, 8 * SAMPLE_BYTES)
    riff = struct.pack("<I", WAV_HEADER_BYTES - 8 + size)
    return b"RIFF" + riff + b"WAVEfmt " + form + b"data" + struct.pack("<I", size)
