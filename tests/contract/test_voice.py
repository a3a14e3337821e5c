"""What every voice keeps to: the silent one and the real one."""

import sys
from collections.abc import Callable

import pytest

from core.audio import Audio
from core.errors import VoiceLost
from node.parts.espeak import espeak_argv
from node.parts.folder import local_folder
from node.parts.program import Part, find
from tts.engines.espeak import Espeak
from tts.fake import SilentVoice
from tts.voice import Speech, Voice

pytestmark = pytest.mark.anyio


def _espeak() -> Espeak:
    return Espeak(espeak_argv(find(Part.ESPEAK_NG, local_folder())), {})


@pytest.fixture(params=[SilentVoice, pytest.param(_espeak, marks=pytest.mark.integration)])
def voice(request: pytest.FixtureRequest) -> Voice:
    make: Callable[[], Voice] = request.param
    return make()


async def _said(voice: Voice, text: str, language: str = "en") -> list[Audio]:
    return [audio async for audio in voice.speak(Speech(text, language))]


async def test_each_sentence_is_a_piece_and_all_have_one_rate(voice: Voice) -> None:
    pieces = await _said(voice, "Hello there. How are you? Good bye.")
    assert len(pieces) == 3
    assert len({piece.rate_hz for piece in pieces}) == 1


async def test_a_longer_text_sounds_longer(voice: Voice) -> None:
    (short,) = await _said(voice, "Hello.")
    (long,) = await _said(voice, "Hello, and a very good morning to all of you who are listening.")
    assert 0.1 < short.seconds < long.seconds


@pytest.mark.integration
async def test_a_piece_of_a_sentence_is_followed_by_no_pause() -> None:
    (piece,) = await _said(_espeak(), "seven")
    (sentence,) = await _said(_espeak(), "seven.")
    assert piece.seconds < sentence.seconds - 0.2


async def test_nothing_to_say_is_no_sound(voice: Voice) -> None:
    assert await _said(voice, "  ") == []


async def test_it_speaks_another_language_too(voice: Voice) -> None:
    assert len(await _said(voice, "Buenos días.", "es")) == 1


def test_it_has_a_name_that_stays(voice: Voice) -> None:
    assert voice.name
    assert voice.name == voice.name


async def test_a_program_that_is_missing_says_so() -> None:
    with pytest.raises(VoiceLost, match="is espeak-ng installed"):
        await _said(Espeak(("/nowhere/espeak-ng",)), "Hello.")


async def test_a_program_that_fails_gives_its_own_reason() -> None:
    program = (sys.executable, "-c", "raise SystemExit('no such voice')")
    with pytest.raises(VoiceLost, match="no such voice"):
        await _said(Espeak(program), "Hello.")


async def test_a_program_that_gives_no_wav_is_a_lost_voice() -> None:
    with pytest.raises(VoiceLost, match="no sound for 'en'"):
        await _said(Espeak((sys.executable, "-c", "print('beep')")), "Hello.")


async def test_a_program_that_hangs_is_given_up() -> None:
    program = (sys.executable, "-c", "import time; time.sleep(60)")
    with pytest.raises(VoiceLost, match=r"took more than 0\.2 s"):
        await _said(Espeak(program, timeout_s=0.2), "Hello.")
