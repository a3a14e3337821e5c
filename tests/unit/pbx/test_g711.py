"""G.711 against the values that ITU-T G.711 lists, and against itself."""

import numpy as np
import pytest

from pbx.media.g711 import alaw_to_pcm, pcm_to_alaw, pcm_to_ulaw, ulaw_to_pcm

EVERY_CODE = bytes(range(256))


@pytest.mark.parametrize(("code", "sample"), [(0xFF, 0), (0x80, 32124), (0x00, -32124), (0xEF, 132)])
def test_ulaw_codes_mean_what_the_standard_says(code: int, sample: int) -> None:
    assert int.from_bytes(ulaw_to_pcm(bytes([code])), "little", signed=True) == sample


@pytest.mark.parametrize(("code", "sample"), [(0xD5, 8), (0x55, -8), (0xAA, 32256), (0x2A, -32256)])
def test_alaw_codes_mean_what_the_standard_says(code: int, sample: int) -> None:
    assert int.from_bytes(alaw_to_pcm(bytes([code])), "little", signed=True) == sample


def test_every_alaw_code_survives_a_round_trip() -> None:
    assert pcm_to_alaw(alaw_to_pcm(EVERY_CODE)) == EVERY_CODE


def test_every_ulaw_code_but_minus_zero_survives_a_round_trip() -> None:
    assert pcm_to_ulaw(ulaw_to_pcm(EVERY_CODE)) == EVERY_CODE.replace(b"\x7f", b"\xff")


def test_no_sample_is_off_by_more_than_its_step() -> None:
    samples = np.arange(-32768, 32768, dtype="<i2")
    for there, back in ((pcm_to_ulaw, ulaw_to_pcm), (pcm_to_alaw, alaw_to_pcm)):
        heard = np.frombuffer(back(there(samples.tobytes())), "<i2").astype(int)
        assert np.all(np.abs(heard - samples) <= np.maximum(np.abs(samples.astype(int)) / 16, 16) + 4)
