"""Sound at half its rate."""

import numpy as np
import pytest

from asr.resample import Halved
from core.audio import Audio
from tests.testpack import frames


def _tone(hz: float) -> Audio:
    time = np.arange(16_000) / 16_000
    return Audio((10_000 * np.sin(2 * np.pi * hz * time)).astype("<i2").tobytes(), 16_000)


def _loudness(audio: Audio) -> float:
    return float(np.sqrt(np.mean(np.frombuffer(audio.pcm, "<i2").astype(float)[200:] ** 2)))


def _halved(audio: Audio) -> Audio:
    halved = Halved()
    return Audio(b"".join(halved.frame(frame).pcm for frame in frames(audio, 0.02)), 8000)


@pytest.mark.parametrize("hz", [100, 1000, 3000])
def test_what_a_telephone_carries_stays_as_loud(hz: float) -> None:
    tone = _tone(hz)
    assert _loudness(_halved(tone)) == pytest.approx(_loudness(tone), rel=0.02)
    assert _halved(tone).seconds == tone.seconds


def test_what_would_fold_back_is_taken_out() -> None:
    assert _loudness(_halved(_tone(6000))) < _loudness(_tone(6000)) / 100


def test_frames_join_without_a_seam() -> None:
    whole = Halved().frame(_tone(1000))
    assert _halved(_tone(1000)).pcm == whole.pcm
