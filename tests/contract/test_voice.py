"""What every voice keeps to: the silent one and the real one."""

import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import pytest

from core.audio import Audio
from core.errors import BadInput, VoiceLost
from node.parts.espeak import espeak_argv
from node.parts.folder import local_folder
from node.parts.program import Part, find
from tests.testpack import pack
from tts.engines.espeak import Espeak
from tts.engines.piper.voice import PiperVoice
from tts.fake import SilentVoice
from tts.voice import Speech, Voice

pytestmark = pytest.mark.anyio


def espeak() -> Espeak:
    return Espeak(espeak_argv(find(Part.ESPEAK_NG, local_folder())), {})


@asynccontextmanager
async def piper(sentence_s: float = 10.0) -> AsyncIterator[PiperVoice]:
    pytest.importorskip("piper", reason="the extra `piper` is not installed")
    folder = pack("piper-robot")
    models = {tag[:2]: folder / f"{tag}-robot-test.onnx" for tag in ("en_US", "es_ES", "de_DE", "hi_IN")}
    piper = PiperVoice(models, sentence_s=sentence_s)
    async with anyio.create_task_group() as tasks:
        await tasks.start(piper.run)
        yield piper
        tasks.cancel_scope.cancel()


_REAL = [pytest.param(name, marks=pytest.mark.integration) for name in ("espeak", "piper")]


@pytest.fixture(params=["silent", *_REAL])
async def voice(request: pytest.FixtureRequest) -> AsyncIterator[Voice]:
    match request.param:
        case "silent":
            yield SilentVoice()
        case "espeak":
            yield espeak()
        case _:
            async with piper() as one:
                yield one


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
    (piece,) = await _said(espeak(), "seven")
    (sentence,) = await _said(espeak(), "seven.")
    assert piece.seconds < sentence.seconds - 0.2


async def test_nothing_to_say_is_no_sound(voice: Voice) -> None:
    assert await _said(voice, "  ") == []


async def test_it_speaks_another_language_too(voice: Voice) -> None:
    assert len(await _said(voice, "Buenos días.", "es")) == 1


async def test_it_has_a_name_that_stays(voice: Voice) -> None:
    assert voice.name
    assert voice.name == voice.name


@pytest.mark.integration
async def test_a_piper_that_crashes_loses_one_speech_and_speaks_again_soon() -> None:
    async with piper() as one:
        os.kill(one.pid, signal.SIGKILL)
        with pytest.raises(VoiceLost):
            await _said(one, "Hello there.")
        with anyio.fail_after(30):
            while not one.pid:  # noqa: ASYNC110 - a voice tells nobody that it is back
                await anyio.sleep(0.05)
        assert len(await _said(one, "Hello there.")) == 1


@pytest.mark.integration
async def test_a_piper_that_hangs_is_given_up() -> None:
    async with piper(0.3) as one:
        os.kill(one.pid, signal.SIGSTOP)
        with pytest.raises(VoiceLost, match=r"took more than 0\.3 s"):
            await _said(one, "Hello there.")


@pytest.mark.integration
async def test_a_language_without_a_model_is_a_lost_voice() -> None:
    async with piper() as one:
        assert one.speaks("en-GB")
        with pytest.raises(VoiceLost, match="no voice for 'fr'"):
            await _said(one, "Bonjour.", "fr")


def test_a_piper_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"there is no file .*en\.onnx"):
        PiperVoice({"en": tmp_path / "en.onnx"})


@pytest.mark.integration
async def test_a_damaged_piper_model_is_told_at_start(tmp_path: Path) -> None:
    pytest.importorskip("piper", reason="the extra `piper` is not installed")
    (tmp_path / "en.onnx").write_bytes(b"damaged")
    (tmp_path / "en.onnx.json").write_text("{}")
    with pytest.raises(VoiceLost, match=r"does not start: .*en\.onnx"):
        await PiperVoice({"en": tmp_path / "en.onnx"}).run()


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
