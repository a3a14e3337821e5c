"""Our own prompt that comes back is not taken for a voice."""

from typing import Final

import anyio
import numpy as np
import pytest

from asr.echo import RATE_HZ, Echo
from asr.endpoint import Manner
from core.audio import Audio
from ivr.texts import Texts
from node.parts.errors import PartMissing
from node.parts.espeak import espeak_argv
from node.parts.folder import local_folder
from node.parts.program import Part, find
from pbx.media.g711 import pcm_to_ulaw
from tests.testpack import frames, from_ulaw, recordings
from tts.engines.espeak import Espeak
from tts.shelf import LOUDNESS_DB
from tts.signal import levelled, resampled, samples, ulaw

_FRAME_S: Final = 0.032
_LONG: Final = 30  # characters
_SOON: Final = 20  # moments of 32 ms
_SPOKEN: Final = 3000.0  # as loud as a prompt, of 32,768


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
    ours = _taken_for_ours(played, heard, above=300)
    return sum(ours) / len(ours)


def _taken_for_ours(played: Audio, heard: Audio, above: float) -> list[bool]:
    """At each moment that is that loud."""
    echo, now_s, ours = Echo(), 0.0, list[bool]()
    echo.plays(played, 0.0)
    for frame in frames(heard, _FRAME_S):
        now_s += _FRAME_S
        echo.hear(frame)
        if np.abs(np.frombuffer(frame.pcm, "<i2").astype(np.int32)).max() > above:
            ours.append(echo.is_ours(now_s))
    return ours


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


@pytest.fixture(scope="module")
def prompts() -> list[Audio]:
    """What the line says in five languages, by the voice that it speaks with unless told otherwise."""
    try:
        espeak = Espeak(espeak_argv(find(Part.ESPEAK_NG, local_folder())))
    except PartMissing as missing:
        pytest.skip(str(missing))
    texts = Texts({"company": "Example Power"})

    async def all_of_them() -> list[Audio]:
        return [await _prompt(espeak, texts, language) for language in texts.languages]

    return anyio.run(all_of_them)


async def _prompt(espeak: Espeak, texts: Texts, language: str) -> Audio:
    """Sentences from all over its file, as they reach the caller."""
    long = [speech for speech in texts.fixed(language) if len(speech.text) > _LONG]
    said = [[piece async for piece in espeak.speak(speech)] for speech in long[:: len(long) // 2]]
    pieces = [samples(audio) for pieces in said for audio in pieces]
    rate_hz = said[0][0].rate_hz
    loud = levelled(np.concatenate(pieces), rate_hz, LOUDNESS_DB)
    return from_ulaw(ulaw(resampled(loud, rate_hz, RATE_HZ)))


def test_no_voice_of_the_test_pack_is_taken_for_a_prompt(prompts: list[Audio]) -> None:
    shares = [
        _share_taken_for_ours(prompts[place % len(prompts)], _first(one.audio, 1.5))
        for place, one in enumerate(recordings("callers"))
    ]
    assert len(shares) > 80
    assert sum(shares) / len(shares) < 0.002
    assert max(shares) < 0.05


@pytest.mark.parametrize(("delay_s", "gain_db"), [(0.04, -15), (0.2, -6), (0.8, -25)])
def test_a_prompt_that_comes_back_is_known_again(
    prompts: list[Audio], delay_s: float, gain_db: float
) -> None:
    for place, prompt in enumerate(prompts):
        back = _line(_back(prompt, delay_s, 10 ** (gain_db / 20)), seed=place)
        assert _share_taken_for_ours(prompt, back) > 0.9


def test_who_speaks_over_a_prompt_that_comes_back_interrupts_it(prompts: list[Audio]) -> None:
    enough = [False] * round(Manner().interrupts_s / _FRAME_S)
    for place, one in enumerate([*recordings("callers")][::5]):
        prompt = prompts[place % len(prompts)]
        said = np.frombuffer(one.audio.pcm, "<i2").astype(np.float64)
        back = np.frombuffer(_line(_back(prompt, 0.2, 0.1), seed=place).pcm, "<i2")
        size = min(len(said), len(back))
        loud = np.sqrt(np.mean(said[np.abs(said) > 300] ** 2))
        both = _audio(said[:size] * (_SPOKEN / loud) + back[:size])
        ours = _taken_for_ours(prompt, both, above=_SPOKEN / 2)[:_SOON]
        assert any(ours[at : at + len(enough)] == enough for at in range(len(ours))), one.text


def _first(sound: Audio, seconds: float) -> Audio:
    return Audio(sound.pcm[: 2 * round(seconds * sound.rate_hz)], sound.rate_hz)


def _line(sound: Audio, seed: int) -> Audio:
    """Through a telephone line: its band, its noise, its code."""
    heard = np.frombuffer(sound.pcm, "<i2").astype(np.float64)
    spectrum, hertz = np.fft.rfft(heard), np.fft.rfftfreq(len(heard), 1 / RATE_HZ)
    spectrum[(hertz < 250) | (hertz > 3300)] = 0
    hiss = np.random.default_rng(seed).normal(0, 20, len(heard))
    return from_ulaw(pcm_to_ulaw(_audio(np.fft.irfft(spectrum, len(heard)) + hiss).pcm))
