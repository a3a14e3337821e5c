"""Voices for tests and proofs: whatever is to be said is a beep that no keypad makes."""

import struct
from pathlib import Path

import numpy as np

from core.audio import Audio
from rehearsal.sound import RATE_HZ as SPOKEN_HZ
from rehearsal.sound import write_with_silence

VOICE_HZ = 300

_RATE_HZ, _SECONDS = 22_050, 0.15
_PROGRAM = "#!/bin/sh\ncat >/dev/null\nexec cat '{}'\n"


def beep(file: Path, hertz: int, seconds: float) -> Path:
    """A recording of one tone, for a telephone to speak."""
    at = np.arange(round(SPOKEN_HZ * seconds)) / SPOKEN_HZ
    pcm = (8000 * np.sin(2 * np.pi * hertz * at)).astype("<i2").tobytes()
    write_with_silence(file, Audio(pcm, SPOKEN_HZ), 0.0)
    return file


def beeping(folder: Path) -> Path:
    """A program in espeak-ng's place, written into `folder`: calls are short, and every prompt is sound."""
    folder.mkdir(parents=True, exist_ok=True)
    at = np.arange(round(_RATE_HZ * _SECONDS)) / _RATE_HZ
    pcm = (6000 * np.sin(2 * np.pi * VOICE_HZ * at)).astype("<i2").tobytes()
    sound, program = folder / "beep.wav", folder / "beep"
    form = struct.pack("<IHHIIHH", 16, 1, 1, _RATE_HZ, 2 * _RATE_HZ, 2, 16)
    head = b"RIFF" + struct.pack("<I", 36 + len(pcm)) + b"WAVEfmt " + form
    sound.write_bytes(head + b"data" + struct.pack("<I", len(pcm)) + pcm)
    program.write_text(_PROGRAM.format(sound))
    program.chmod(0o755)
    return program
