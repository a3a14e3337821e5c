"""The caller hears the voice itself: no aliases, no jumps in level."""

import math

import numpy as np
import pytest

from core.audio import Audio
from tts.signal import Samples, begun, levelled, linear, resampled, samples, ulaw


def _tone(hz: float, rate_hz: int, peak: float = 0.3) -> Samples:
    return np.asarray(peak * np.sin(2 * np.pi * hz * np.arange(rate_hz) / rate_hz))


def _db(sound: Samples) -> float:
    return 20 * math.log10(math.sqrt(float(np.mean(sound**2))) + 1e-12)


@pytest.mark.parametrize("hz", [300, 1000, 3000, 3400])
def test_speech_keeps_its_level_at_8_khz(hz: int) -> None:
    tone = _tone(hz, 22_050)
    assert _db(resampled(tone, 22_050, 8_000)[500:-500]) == pytest.approx(_db(tone), abs=0.1)


@pytest.mark.parametrize("hz", [4_500, 5_000, 7_000, 10_000])
def test_what_8_khz_cannot_carry_is_gone_and_not_folded_back(hz: int) -> None:
    assert _db(resampled(_tone(hz, 22_050), 22_050, 8_000)[500:-500]) < -70


def test_a_second_stays_a_second_at_any_rate() -> None:
    assert len(resampled(_tone(440, 22_050), 22_050, 16_000)) == 16_000
    assert len(resampled(_tone(440, 8_000), 8_000, 16_000)) == 16_000


def test_nothing_stays_nothing() -> None:
    assert len(resampled(np.zeros(0), 22_050, 8_000)) == 0


@pytest.mark.parametrize("peak", [0.02, 0.5])
def test_speech_comes_to_the_target_level_whatever_its_own(peak: float) -> None:
    assert _db(levelled(_tone(500, 8_000, peak), 8_000, -20.0)) == pytest.approx(-20.0, abs=0.1)


def test_a_pause_does_not_make_the_speech_beside_it_louder() -> None:
    tone = _tone(500, 8_000)
    with_pause = levelled(np.concatenate([tone, np.zeros(16_000)]), 8_000, -20.0)
    assert _db(with_pause[:8_000]) == pytest.approx(-20.0, abs=0.1)


def test_peaks_stay_below_full_scale() -> None:
    click = _tone(500, 8_000, 0.01)
    click[4_000] = 0.9
    assert np.max(np.abs(levelled(click, 8_000, -10.0))) <= 0.9


@pytest.mark.parametrize(("silent_s", "left_s"), [(0.5, 0.04), (0.02, 0.02), (0.0, 0.0)])
def test_a_sound_begins_with_its_first_word(silent_s: float, left_s: float) -> None:
    word = _tone(500, 8_000)
    pause = np.zeros(round(silent_s * 8_000))
    said = begun(np.concatenate([pause, word, pause, word]), 8_000)
    assert len(said) == round(left_s * 8_000) + len(word) + len(pause) + len(word)
    assert not begun(np.zeros(8_000), 8_000).any()


def test_silence_stays_silence() -> None:
    assert not levelled(np.zeros(8_000), 8_000, -20.0).any()


def test_linear_samples_survive_a_round_trip() -> None:
    pcm = np.arange(-32_767, 32_768, 17).astype("<i2").tobytes()
    assert linear(samples(Audio(pcm, 8_000))) == pcm


def test_mulaw_matches_the_values_of_the_recommendation() -> None:
    # ITU-T G.711 table 2a: +8031 decodes from 0x80, 0 from 0xFF, -8031 from 0x00 (14-bit scale)
    assert ulaw(np.array([8031 * 4, 0, -8031 * 4]) / 32767.0) == bytes([0x80, 0xFF, 0x00])
