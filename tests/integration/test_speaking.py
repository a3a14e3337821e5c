"""The line's voices put together from settings: Piper, its stand-in, and recordings."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import pytest

from core.errors import BadInput
from core.pool import Pool
from node.settings import VoiceSettings
from node.speaking import Speaks, recordings, speaks
from tests.testpack import pack
from tts.recordings import Recordings
from tts.voice import Speech

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

VOICE = "en_US-robot-test"
THANKS = Speech("Thank you.", "en")


def _models(folder: Path) -> Path:
    """The robot of the test pack as `tellerline models` lays a voice down."""
    pytest.importorskip("piper", reason="the extra `piper` is not installed")
    (folder / "models" / VOICE).mkdir(parents=True)
    for ending in (".onnx", ".onnx.json"):
        (folder / "models" / VOICE / f"{VOICE}{ending}").symlink_to(pack(f"piper-robot/{VOICE}{ending}"))
    return folder / "models"


@asynccontextmanager
async def _speaking(folder: Path, settings: VoiceSettings, models: Path) -> AsyncIterator[Speaks]:
    one = speaks(settings, folder / "data", models, Recordings.none(), Pool(2))
    async with anyio.create_task_group() as tasks:
        await tasks.start(one.run)
        yield one
        tasks.cancel_scope.cancel()


async def _sound(folder: Path, settings: VoiceSettings, models: Path, speech: Speech = THANKS) -> bytes:
    async with _speaking(folder, settings, models) as one:
        return (await one.sounds.sound(speech)).path.with_suffix(".ulaw").read_bytes()


async def test_piper_speaks_where_it_was_chosen_and_espeak_where_it_was_not(tmp_path: Path) -> None:
    models = _models(tmp_path)
    by_piper = await _sound(tmp_path / "a", VoiceSettings(piper=(VOICE,)), models)
    by_espeak = await _sound(tmp_path / "b", VoiceSettings(), models)
    assert by_piper
    assert by_espeak
    assert by_piper != by_espeak


async def test_a_language_that_piper_has_no_voice_for_is_spoken_by_espeak(tmp_path: Path) -> None:
    gracias = Speech("Gracias.", "es")
    assert await _sound(tmp_path, VoiceSettings(piper=(VOICE,)), _models(tmp_path), gracias)


async def test_a_damaged_voice_is_stood_in_for_and_the_line_starts(tmp_path: Path) -> None:
    models = _models(tmp_path)
    broken = models / VOICE / f"{VOICE}.onnx"
    broken.unlink()
    broken.write_bytes(b"damaged")
    assert await _sound(tmp_path, VoiceSettings(piper=(VOICE,)), models)


async def test_a_voice_that_is_not_there_stops_the_start_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"there is no voice in .*en_US-nobody"):
        speaks(
            VoiceSettings(piper=("en_US-nobody",)), tmp_path, _models(tmp_path), Recordings.none(), Pool(2)
        )


def test_without_a_folder_of_recordings_there_are_none() -> None:
    assert not recordings(VoiceSettings(), ["goodbye"]).has(Speech("Good bye.", "en", "goodbye"))
