"""Tones go and speech stays: what passes the mask, sample by sample."""

from dataclasses import dataclass
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from core.audio import Audio
from pbx.media.mask import DELAY_MS, RATE_HZ, ToneMask
from rehearsal.script import Rhythm
from rehearsal.tones import ASSESSOR, FREQUENCIES_HZ, TELEPHONE, Window, keys_heard, tones

CARD = "4242424242424242"
DELAY = RATE_HZ * DELAY_MS // 1000
Samples = NDArray[np.float64]


def masked(samples: Samples) -> Samples:
    """What comes out, moved back by the delay, as long as what went in."""
    mask = ToneMask()
    padded = np.concatenate([samples, np.zeros(DELAY + -len(samples) % 160)])
    out = b"".join(
        mask.pass_on(Audio(padded[at : at + 160].astype("<i2").tobytes(), RATE_HZ)).pcm
        for at in range(0, len(padded), 160)
    )
    return np.frombuffer(out, "<i2").astype(np.float64)[DELAY : DELAY + len(samples)]


def audio(samples: Samples) -> Audio:
    return Audio(np.clip(samples, -32768, 32767).astype("<i2").tobytes(), RATE_HZ)


def samples_of(sound: Audio) -> Samples:
    return np.frombuffer(sound.pcm, "<i2").astype(np.float64)


def voice(seconds: float, seed: int) -> Samples:
    """Something with the build of a vowel: harmonics of a gliding pitch below two formants, in syllables."""
    chance = Random(seed)
    at_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    pitch = 2 * np.pi * np.cumsum(110 + 30 * np.sin(2 * np.pi * 0.7 * at_s)) / RATE_HZ
    formants = chance.uniform(300, 800), chance.uniform(900, 2300)
    sound = np.zeros(len(at_s))
    for harmonic in range(1, 28):
        loud = sum(1 / (1 + ((harmonic * 115 - hz) / 90) ** 2) for hz in formants) + 0.2 / harmonic
        sound += loud * np.sin(harmonic * pitch + chance.uniform(0, 6))
    return 2500 * sound * np.abs(np.sin(2 * np.pi * 2 * at_s))


@pytest.mark.parametrize("window", [TELEPHONE, ASSESSOR])
def test_no_key_of_a_card_is_left_and_before_all_were_there(window: Window) -> None:
    heard = tones(CARD, Rhythm(held_s=0.1, every_s=0.2))
    assert keys_heard(heard, window) == CARD
    assert keys_heard(audio(masked(samples_of(heard))), window) == ""


@dataclass(frozen=True)
class Tone:
    key: str
    begins: int
    held: int
    peak: float
    twist_db: float
    drift: float

    def samples(self) -> Samples:
        at_s = np.arange(self.held) / RATE_HZ
        low_hz, high_hz = (hz * (1 + self.drift) for hz in FREQUENCIES_HZ[self.key])
        high = 10 ** (self.twist_db / 20) * np.sin(2 * np.pi * high_hz * at_s)
        return self.peak * (np.sin(2 * np.pi * low_hz * at_s) + high)


@given(
    st.builds(
        Tone,
        key=st.sampled_from(sorted(FREQUENCIES_HZ)),
        begins=st.integers(800, 1279),
        held=st.integers(130, 1600),
        peak=st.floats(60, 10_000),
        twist_db=st.floats(-8, 8),
        drift=st.floats(-0.015, 0.015),
    ),
    st.integers(0, 99),
)
@settings(max_examples=150, deadline=None)
def test_a_tone_is_silenced_from_its_first_sample_to_its_last(tone: Tone, seed: int) -> None:
    sound = np.random.default_rng(seed).normal(0, tone.peak / 50, 3200)
    sounding = slice(tone.begins, tone.begins + tone.held)
    sound[sounding] += tone.samples()
    assert not masked(sound)[sounding].any()


@pytest.mark.parametrize("seed", range(8))
def test_keys_between_words_go_and_the_words_stay(seed: int) -> None:
    sound = voice(4.0, seed)
    keyed = tones("4242", Rhythm(held_s=0.1, every_s=0.25))
    sound[RATE_HZ : RATE_HZ + len(keyed.pcm) // 2] = samples_of(keyed)
    out = masked(sound)
    assert "4" not in keys_heard(audio(out), TELEPHONE)
    for kept in (slice(0, 7000), slice(17_000, 32_000)):
        assert np.sum(out[kept] ** 2) > 0.8 * np.sum(np.round(sound[kept]) ** 2)


@pytest.mark.parametrize("seed", range(8))
def test_keys_pressed_while_somebody_talks_are_not_heard_through_the_words(seed: int) -> None:
    keyed = samples_of(tones(CARD, Rhythm(held_s=0.1, every_s=0.25)))
    loud = np.sqrt(np.mean(keyed**2))
    talk = voice(len(keyed) / RATE_HZ, seed)
    both = keyed + talk * 0.5 * loud / np.sqrt(np.mean(talk**2))
    heard = [keys_heard(audio(masked(both)), window) for window in (TELEPHONE, ASSESSOR)]
    assert not [one for one in heard if "42" in one]
    assert keys_heard(audio(both), TELEPHONE) == CARD


def test_what_has_no_tone_in_it_comes_out_as_it_went_in() -> None:
    noise = np.random.default_rng(3).normal(0, 2000, 8000).round()
    assert np.array_equal(masked(noise), noise)


def test_a_silenced_stretch_fades_so_that_it_does_not_click() -> None:
    sound = np.full(8000, 4000.0)
    sound[3000:3800] = samples_of(tones("5", Rhythm(held_s=0.1, every_s=0.1)))
    out = masked(sound)
    assert np.abs(np.diff(out)).max() < 4000 / 16


def test_a_frame_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="is not 20 ms at 8000 Hz"):
        ToneMask().pass_on(Audio(bytes(640), 16_000))
