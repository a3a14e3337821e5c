"""Every voice is equally loud at the caller, and can be understood there."""

import math
from pathlib import Path

import anyio
import numpy as np
import pytest

from asr.engines.vosk.recognizer import VoskRecognizer
from asr.recognizer import Hint
from core.audio import Audio
from core.money import Money
from pbx.media.g711 import ulaw_to_pcm
from tests.contract.test_voice import espeak, piper
from tests.integration.line.listening import write
from tests.testpack import frames, from_ulaw, pack, recordings
from tts.cache import SoundCache
from tts.normalize import words_of
from tts.recordings import Recordings
from tts.voice import Speech, Voice

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

TEXTS = (
    "Thank you for calling.",
    "You are paying: one hundred and twenty-five dollars and fifty cents.",
    "Four two four two.",
    "No.",
)
_GATE_DB = -50.0


def _level_db(ulaw: bytes) -> float:
    """The mean power of what is speech, in the manner of ITU-T P.56: pauses do not count."""
    sound = np.frombuffer(ulaw_to_pcm(ulaw), "<i2").astype(np.float64) / 32768
    power = np.mean(sound[: len(sound) // 160 * 160].reshape(-1, 160) ** 2, axis=1)
    spoken = power[power > 10 ** (_GATE_DB / 10)]
    return 10 * math.log10(float(np.mean(spoken)))


async def _levels(voice: Voice, folder: Path) -> list[float]:
    cache = SoundCache([voice], folder)
    return [
        _level_db((await cache.sound(Speech(text))).path.with_suffix(".ulaw").read_bytes()) for text in TEXTS
    ]


async def test_espeak_and_piper_are_equally_loud(tmp_path: Path) -> None:
    levels = await _levels(espeak(), tmp_path / "espeak")
    async with piper() as other:
        levels += await _levels(other, tmp_path / "piper")
    assert max(levels) - min(levels) < 1.5, f"levels: {levels}"
    assert all(abs(level - -20) < 1.5 for level in levels), f"levels: {levels}"


@pytest.mark.parametrize("gain", [0.05, 0.9])
async def test_what_a_person_recorded_is_as_loud_as_the_voices(tmp_path: Path, gain: float) -> None:
    spoken = next(one.audio for one in recordings("speech-wer-en") if one.audio.seconds > 3)
    loud = np.frombuffer(spoken.pcm, "<i2").astype(np.float64)
    quiet = (loud / np.max(np.abs(loud)) * 32767 * gain).astype("<i2").tobytes()
    (tmp_path / "en").mkdir()
    write(tmp_path / "en" / "goodbye.wav", Audio(quiet, spoken.rate_hz))
    kept = Recordings.read(tmp_path, ["goodbye"])
    cache = SoundCache([espeak()], tmp_path / "cache", recordings=kept)
    sound = await cache.sound(Speech("Good bye.", "en", "goodbye"))
    level = _level_db(sound.path.with_suffix(".ulaw").read_bytes())
    assert abs(level - -20) < 1.5, f"level: {level}"


async def test_what_piper_says_is_understood_after_the_telephone_codec(tmp_path: Path) -> None:
    pytest.importorskip("vosk", reason="the extra `hear` is not installed")
    vosk = VoskRecognizer(pack("vosk-tiny-en-8k"), "en")
    amounts = [words_of("en").money(Money(minor, "USD")) for minor in (12_550, 5_320, 101, 9_999, 20_000)]
    said = [*amounts, "four two four two", "yes please", "i want to speak to an agent", "what is my balance"]
    async with piper() as voice, anyio.create_task_group() as tasks:
        await tasks.start(vosk.run)
        cache = SoundCache([voice], tmp_path)
        heard = [await _heard(vosk, (await cache.sound(Speech(f"{text}."))).path) for text in said]
        tasks.cancel_scope.cancel()
    wanted = [text.replace("-", " ") for text in said]
    wrong = [pair for pair in zip(wanted, heard, strict=True) if pair[0] != pair[1]]
    assert len(wrong) <= 1, wrong


async def _heard(vosk: VoskRecognizer, path: Path) -> str:
    async with vosk.hear(Hint("en")) as hearing:
        for frame in frames(from_ulaw(path.with_suffix(".ulaw").read_bytes()), 0.02):
            hearing.feed(frame)
        return (await hearing.finish()).text
