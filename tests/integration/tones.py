"""What can be heard in a recording: keypad tones at two window sizes, and how loud it is."""

from pathlib import Path

import numpy as np

from rehearsal.sound import read_recording
from rehearsal.tones import ASSESSOR, TELEPHONE, keys_heard


def tones(recording: Path) -> str:
    """The keys that can be heard in it, once for each stretch; fragments count."""
    audio = read_recording(recording)
    return max((keys_heard(audio, window) for window in (TELEPHONE, ASSESSOR)), key=len)


def loudness(recording: Path) -> float:
    """The root mean square over the whole recording, of 1; 0 for an empty one."""
    pcm = np.frombuffer(read_recording(recording).pcm, "<i2").astype(np.float64) / 32768
    return float(np.sqrt(np.mean(pcm**2))) if len(pcm) else 0.0
