"""Our own prompt that comes back is not taken for a voice."""

from typing import Final

import numpy as np
import pytest

from asr.echo import RATE_HZ, Echo
from core.audio import Audio
from tests.testpack import frames, recordings

_FRAME_S: Final = 0.032


def _audio(samples: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> Audio:
    return Audio(np.clip(samples, -32768, 32767).astype("<i2").tobytes(), RATE_HZ)


def _speech(seed: int, seconds: float = 4.0) -> Audio:
    """Noise that swells and fades like syllables."""
    chance = np.random.default_rng(seed)
    many = round(seconds * RATE_HZ)
    swell = np.abs(np.sin(np.arange(many) / RATE_HZ * np.pi * 3.1 + seed)) ** 2
    return _audio(chance.normal(0, 6000, many) * swell)


def _back(sound: Audio, delay_s: float, gain: float) -> Audio:
    """It goes through a line that reflects it more than once."""
    samples = np.frombuffer(sound.pcm, "<i2").astype(np.float64)
    path = np.zeros(400)
    path[[0, 60, 130, 300]] = 1.0, -0.4, 0.25, 0.15
    late = np.concatenate([np.zeros(round(delay_s * RATE_HZ)), np.convolve(samples, path)])
    return _audio(gain * late[: len(samples)])


def _share_taken_for_ours(played: Audio, heard: Audio) -> float:
    """Of the moments at which something is heard."""
    echo, now_s, ours = Echo(), 0.0, list[bool]()
    echo.plays(played, 0.0)
    for frame in frames(heard, _FRAME_S):
        now_s += _FRAME_S
        echo.hear(frame)
        if np.abs(np.frombuffer(frame.pcm, "<i2").astype(np.int32)).max() > 300:
            ours.append(echo.is_ours(now_s))
    return sum(ours) / len(ours)


@pytest.mark.parametrize("delay_s", [0.02, 0.15, 0.4, 0.7])
@pytest.mark.parametrize("gain", [0.5, 0.15])
def test_what_we_play_is_known_again(delay_s: float, gain: float) -> None:
    played = _speech(1)
    assert _share_taken_for_ours(played, _back(played, delay_s, gain)) > 0.9


def test_somebody_else_is_not_us() -> None:
    assert _share_taken_for_ours(_speech(1), _speech(2)) < 0.05


def test_somebody_who_speaks_over_our_echo_is_heard() -> None:
    played, other = _speech(1), _speech(2)
    back = np.frombuffer(_back(played, 0.2, 0.1).pcm, "<i2").astype(np.float64)
    both = _audio(np.frombuffer(other.pcm, "<i2") + back)
    assert _share_taken_for_ours(played, both) < 0.3


def test_silence_is_nobody() -> None:
    echo = Echo()
    echo.plays(_speech(1), 0.0)
    assert not echo.is_ours(1.0)


def test_what_was_played_long_ago_is_not_remembered() -> None:
    played = _speech(1)
    echo = Echo()
    echo.plays(played, 0.0)
    for frame in frames(played, _FRAME_S):
        echo.hear(frame)
    assert not echo.is_ours(30.0)


def test_voices_of_the_test_pack_are_told_from_their_own_echo() -> None:
    said = [one.audio for one in recordings("callers") if one.kind != "card"][:12]
    others = [one.audio for one in recordings("callers") if one.kind == "card"][:12]
    prompts = [Audio(b"".join(one.pcm for one in said[at : at + 3]), RATE_HZ) for at in (0, 3, 6, 9)]
    for prompt, other in zip(prompts, others, strict=False):
        assert _share_taken_for_ours(prompt, _back(prompt, 0.25, 0.3)) > 0.85
        assert _share_taken_for_ours(prompt, Audio(other.pcm[: len(prompt.pcm)], RATE_HZ)) < 0.1
