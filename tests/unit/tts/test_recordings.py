"""Prompts that a person has spoken are played as they are; what has values in it is said by the voice."""

import io
import wave
from pathlib import Path

import pytest

from core.errors import BadInput
from ivr.prompt import Prompt
from ivr.texts import Texts
from tts.cache import SoundCache
from tts.fake import SilentVoice
from tts.recordings import Recordings
from tts.voice import Speech

pytestmark = pytest.mark.anyio


def _record(folder: Path, name: str, seconds: float = 1.0, language: str = "en") -> None:
    data = io.BytesIO()
    with wave.open(data, "wb") as out:
        out.setparams((1, 2, 16_000, 0, "NONE", ""))
        out.writeframes(bytes(round(seconds * 32_000)))
    (folder / language).mkdir(exist_ok=True)
    (folder / language / f"{name}.wav").write_bytes(data.getvalue())


def _house(folder: Path, cache: Path) -> tuple[Texts, SoundCache, SilentVoice]:
    recordings = Recordings.read(folder, Texts({"company": "Example Power"}).names)
    voice = SilentVoice()
    texts = Texts({"company": "Example Power"}, None, recordings.has)
    return texts, SoundCache([voice], cache, recordings=recordings), voice


async def test_a_whole_prompt_is_one_recording(tmp_path: Path) -> None:
    _record(tmp_path, "goodbye", 2.5)
    texts, cache, voice = _house(tmp_path, tmp_path / "cache")
    (piece,) = texts.pieces(Prompt("goodbye"), "en")
    assert (await cache.sound(piece)).seconds == pytest.approx(2.5)
    assert voice.spoken == []


async def test_a_sentence_is_recorded_and_the_one_with_a_value_is_said(tmp_path: Path) -> None:
    _record(tmp_path, "ask_amount.1", 3.0)
    texts, cache, voice = _house(tmp_path, tmp_path / "cache")
    sounds = [await cache.sound(piece) for piece in texts.pieces(Prompt("ask_amount"), "en")]
    assert sounds[0].seconds == pytest.approx(3.0)
    assert [speech.text for speech in voice.spoken] == ["Press star for the decimal point."]


async def test_what_is_prepared_before_the_first_call_is_what_calls_ask_for(tmp_path: Path) -> None:
    _record(tmp_path, "goodbye")
    _record(tmp_path, "ask_amount.1")
    texts, cache, voice = _house(tmp_path, tmp_path / "cache")
    await cache.warm(texts.fixed("en"))
    voice.spoken.clear()
    for prompt in ("goodbye", "ask_amount", "greeting"):
        for piece in texts.pieces(Prompt(prompt), "en"):
            await cache.sound(piece)
    assert voice.spoken == []


async def test_a_new_recording_of_the_same_name_is_played_after_the_next_start(tmp_path: Path) -> None:
    for seconds in (1.0, 2.0):
        _record(tmp_path, "goodbye", seconds)
        texts, cache, _ = _house(tmp_path, tmp_path / "cache")
        (piece,) = texts.pieces(Prompt("goodbye"), "en")
        assert (await cache.sound(piece)).seconds == pytest.approx(seconds)


def test_a_region_without_recordings_has_those_of_its_language(tmp_path: Path) -> None:
    _record(tmp_path, "goodbye")
    recordings = Recordings.read(tmp_path, ["goodbye"])
    assert recordings.has(Speech("Good bye.", "en-GB", "goodbye"))
    assert not recordings.has(Speech("Adiós.", "es", "goodbye"))


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    _record(tmp_path, "godbye")
    _record(tmp_path, "goodbye.last")
    (tmp_path / "en" / "sorry.wav").write_bytes(b"no sound")
    with pytest.raises(BadInput) as told:
        Recordings.read(tmp_path, ["goodbye", "sorry"])
    assert str(told.value).count("\n- ") == 3


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"voice\.recordings: there is no folder"):
        Recordings.read(tmp_path / "nowhere", [])
