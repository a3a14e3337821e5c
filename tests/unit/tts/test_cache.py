"""The cache of rendered speech."""

from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import pytest

from core.audio import Audio
from core.errors import VoiceLost
from core.pool import Pool
from tts.cache import SoundCache
from tts.fake import SilentVoice
from tts.voice import Speech

pytestmark = pytest.mark.anyio

HELLO = Speech("Hello there.")


class GatedVoice(SilentVoice):
    """A silent voice that waits to be let go, and knows how many it speaks at once."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = anyio.Event()
        self.started = anyio.Event()
        self.at_once = self.most = 0

    async def speak(self, speech: Speech) -> AsyncIterator[Audio]:
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        self.started.set()
        try:
            await self.gate.wait()
            async for audio in super().speak(speech):
                yield audio
        finally:
            self.at_once -= 1


async def test_a_sound_lies_there_in_both_formats_with_its_length(tmp_path: Path) -> None:
    sound = await SoundCache([SilentVoice()], tmp_path).sound(HELLO)
    assert sound.seconds == pytest.approx(0.72, abs=0.001)
    assert sound.path.with_suffix(".ulaw").stat().st_size == 5760
    assert sound.path.with_suffix(".sln16").stat().st_size == 23040


async def test_a_text_is_spoken_once(tmp_path: Path) -> None:
    voice = SilentVoice()
    cache = SoundCache([voice], tmp_path)
    assert await cache.sound(HELLO) == await cache.sound(HELLO)
    assert len(voice.spoken) == 1


async def test_what_was_said_before_is_at_hand_and_what_is_new_is_not(tmp_path: Path) -> None:
    cache = SoundCache([SilentVoice()], tmp_path)
    assert cache.at_hand(HELLO) is None
    assert await cache.sound(HELLO) == cache.at_hand(HELLO)


async def test_who_asks_at_the_same_time_waits_for_the_one_rendering(tmp_path: Path) -> None:
    voice = GatedVoice()
    cache = SoundCache([voice], tmp_path)
    async with anyio.create_task_group() as group:
        for _ in range(5):
            group.start_soon(cache.sound, HELLO)
        await voice.started.wait()
        voice.gate.set()
    assert len(voice.spoken) == 1


async def test_when_the_first_who_asked_hangs_up_the_next_one_is_served(tmp_path: Path) -> None:
    voice = GatedVoice()
    cache = SoundCache([voice], tmp_path)
    async with anyio.create_task_group() as group, anyio.create_task_group() as first:
        first.start_soon(cache.sound, HELLO)
        await voice.started.wait()
        group.start_soon(cache.sound, HELLO)
        await anyio.wait_all_tasks_blocked()
        first.cancel_scope.cancel()
        voice.gate.set()
    assert len(list(tmp_path.glob("*.sln16"))) == 1


async def test_few_sounds_are_rendered_at_once(tmp_path: Path) -> None:
    voice = GatedVoice()
    cache = SoundCache([voice], tmp_path, pool=Pool(2))
    async with anyio.create_task_group() as group:
        for number in range(6):
            group.start_soon(cache.sound, Speech(f"Text {number}."))
        await anyio.wait_all_tasks_blocked()
        voice.gate.set()
    assert voice.most == 2


async def test_warming_renders_all_and_a_call_finds_them(tmp_path: Path) -> None:
    voice = SilentVoice()
    cache = SoundCache([voice], tmp_path)
    await cache.warm([HELLO, Speech("Good bye."), HELLO])
    await cache.sound(HELLO)
    assert len(voice.spoken) == 2


async def test_the_least_recently_used_sound_goes_when_it_is_full(tmp_path: Path) -> None:
    voice = SilentVoice()
    cache = SoundCache([voice], tmp_path, max_bytes=2 * 28_800)
    for text in ("Hello there.", "Hello where.", "Hello there.", "Hello whose."):
        await cache.sound(Speech(text))
    assert cache.bytes_kept <= 2 * 28_800
    await cache.sound(HELLO)
    assert [speech.text for speech in voice.spoken] == ["Hello there.", "Hello where.", "Hello whose."]


async def test_another_run_finds_the_sounds_and_clears_what_was_half_written(tmp_path: Path) -> None:
    kept = await SoundCache([SilentVoice()], tmp_path).sound(HELLO)
    (tmp_path / "abc.ulaw.1.part").write_bytes(b"half")
    voice = SilentVoice()
    assert await SoundCache([voice], tmp_path).sound(HELLO) == kept
    assert voice.spoken == []
    assert not list(tmp_path.glob("*.part"))


async def test_a_sound_that_somebody_deleted_is_made_again(tmp_path: Path) -> None:
    cache = SoundCache([SilentVoice()], tmp_path)
    sound = await cache.sound(HELLO)
    sound.path.with_suffix(".sln16").unlink()
    await cache.sound(HELLO)
    assert sound.path.with_suffix(".sln16").exists()


async def test_a_lost_voice_leaves_nothing_behind_and_later_works_again(tmp_path: Path) -> None:
    voice = SilentVoice()
    cache = SoundCache([voice], tmp_path)
    voice.lost = True
    with pytest.raises(VoiceLost):
        await cache.sound(HELLO)
    assert not list(tmp_path.iterdir())
    voice.lost = False
    assert (await cache.sound(HELLO)).seconds > 0


async def test_a_text_without_words_is_refused(tmp_path: Path) -> None:
    with pytest.raises(VoiceLost, match="no sound"):
        await SoundCache([SilentVoice()], tmp_path).sound(Speech("  "))


class Dumb(SilentVoice):
    """A voice of another name that speaks German alone."""

    name = "dumb"

    def speaks(self, language: str) -> bool:
        return language == "de"


async def test_a_language_that_the_first_voice_does_not_speak_is_said_by_the_next(tmp_path: Path) -> None:
    first, second = Dumb(), SilentVoice()
    await SoundCache([first, second], tmp_path).sound(HELLO)
    assert (first.spoken, second.spoken) == ([], [HELLO])


async def test_a_lost_voice_is_stood_in_for_and_its_sounds_are_not_taken_for_the_other_ones(
    tmp_path: Path,
) -> None:
    first, second = Dumb(), SilentVoice()
    cache, hallo = SoundCache([first, second], tmp_path), Speech("Hallo.", "de")
    first.lost = True
    await cache.sound(hallo)
    first.lost = False
    await cache.sound(hallo)
    assert (first.spoken, second.spoken) == ([hallo], [hallo])


async def test_what_a_caller_waits_for_comes_before_what_is_only_prepared(tmp_path: Path) -> None:
    voice, pool = GatedVoice(), Pool(1)
    cache = SoundCache([voice], tmp_path, pool=pool)
    async with anyio.create_task_group() as group:
        group.start_soon(cache.warm, [Speech("First."), Speech("Second.")])
        await voice.started.wait()
        group.start_soon(cache.warm, [Speech("Third.")])
        await anyio.wait_all_tasks_blocked()
        group.start_soon(cache.sound, HELLO)
        await anyio.wait_all_tasks_blocked()
        voice.gate.set()
    assert [speech.text for speech in voice.spoken[:2]] == ["First.", "Hello there."]
