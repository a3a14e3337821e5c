"""What every recognizer keeps to: the one that is told what it hears, and Vosk in its process."""

import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import anyio
import pytest

from asr.engines.vosk.recognizer import VoskRecognizer
from asr.engines.whisper.recognizer import WhisperRecognizer
from asr.fake import FakeRecognizer
from asr.recognizer import Hearing, Hint, Recognizer
from asr.resample import doubled
from core.audio import Audio, silence
from core.errors import BadInput, HearingLost
from tests.testpack import Recording, frames, pack, recordings

pytestmark = pytest.mark.anyio

FREE = Hint("en")
DIGITS = Hint("en", ("zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"))


@dataclass(frozen=True)
class Ear:
    recognizer: Recognizer
    said: Recording


def _recording(kind: str) -> Recording:
    return next(one for one in recordings("callers") if one.kind == kind)


@asynccontextmanager
async def _vosk() -> AsyncIterator[VoskRecognizer]:
    pytest.importorskip("vosk", reason="the extra `hear` is not installed")
    vosk = VoskRecognizer(pack("vosk-tiny-en-8k"), "en")
    async with anyio.create_task_group() as tasks:
        await tasks.start(vosk.run)
        yield vosk
        tasks.cancel_scope.cancel()


@pytest.fixture(params=["fake", pytest.param("vosk", marks=pytest.mark.integration)])
async def ear(request: pytest.FixtureRequest) -> AsyncIterator[Ear]:
    if request.param == "fake":
        text = "four two four two"
        yield Ear(FakeRecognizer([text] * 3), Recording(silence(3, 8000), text, "", ""))
    else:
        said = _recording("card-digits")
        async with _vosk() as vosk:
            yield Ear(vosk, said)


def _feed(hearing: Hearing, sound: Audio) -> None:
    for frame in frames(sound, 0.02):
        hearing.feed(frame)


async def _until(so: Callable[[], bool]) -> None:
    while not so():  # noqa: ASYNC110 - the engine tells nobody but its hearings
        await anyio.sleep(0.01)


async def test_what_was_said_is_understood_with_the_time_of_each_word(ear: Ear) -> None:
    async with ear.recognizer.hear(FREE) as hearing:
        _feed(hearing, ear.said.audio)
        heard = await hearing.finish()
    assert heard.text == ear.said.text
    assert heard.alternatives[0] == heard.text
    assert [word.text for word in heard.words] == ear.said.text.split()
    assert all(word.start_s < word.end_s for word in heard.words)
    assert sorted(heard.words, key=lambda word: word.start_s) == list(heard.words)


async def test_a_partial_result_comes_before_the_end(ear: Ear) -> None:
    async with ear.recognizer.hear(FREE) as hearing:
        assert hearing.partial.text == ""
        _feed(hearing, ear.said.audio)
        with anyio.fail_after(10):
            await _until(lambda: bool(hearing.partial.text))
        assert ear.said.text.startswith(hearing.partial.text.split()[0])


async def test_a_hint_of_words_is_kept_to(ear: Ear) -> None:
    async with ear.recognizer.hear(DIGITS) as hearing:
        _feed(hearing, ear.said.audio)
        heard = await hearing.finish()
    assert heard.text == ear.said.text


async def test_two_are_heard_at_once_and_apart(ear: Ear) -> None:
    async with ear.recognizer.hear(FREE) as one, ear.recognizer.hear(FREE) as other:
        for frame in frames(ear.said.audio, 0.02):
            one.feed(frame)
            other.feed(frame)
        assert (await one.finish()).text == (await other.finish()).text == ear.said.text


async def test_silence_is_no_word(ear: Ear) -> None:
    async with ear.recognizer.hear(FREE) as hearing:
        heard = await hearing.finish()
    assert heard.text == ""
    assert heard.words == ()


async def test_what_is_left_unfinished_is_forgotten(ear: Ear) -> None:
    async with ear.recognizer.hear(FREE) as hearing:
        _feed(hearing, ear.said.audio)
    async with ear.recognizer.hear(FREE) as hearing:
        _feed(hearing, ear.said.audio)
        assert (await hearing.finish()).text == ear.said.text


async def test_the_language_counts_and_not_its_region(ear: Ear) -> None:
    assert ear.recognizer.hears("en-GB")
    assert not ear.recognizer.hears("es")


@asynccontextmanager
async def _whisper() -> AsyncIterator[WhisperRecognizer]:
    pytest.importorskip("faster_whisper", reason="the extra `hear` is not installed")
    whisper = WhisperRecognizer(pack("whisper-canned-ct2"))
    async with anyio.create_task_group() as tasks:
        await tasks.start(whisper.run)
        yield whisper
        tasks.cancel_scope.cancel()


CANNED = "fifty three dollars and twenty cents please"  # whatever is said to that model


@pytest.mark.integration
async def test_whisper_hears_a_whole_utterance_with_words_in_order_and_a_confidence() -> None:
    async with _whisper() as whisper, whisper.hear(Hint("en-GB", ("fifty", "cents"))) as hearing:
        _feed(hearing, doubled(_recording("cvv").audio))
        assert hearing.partial.text == ""
        heard = await hearing.finish()
    assert (heard.text, heard.alternatives) == (CANNED, (CANNED,))
    assert [word.text for word in heard.words] == CANNED.split()
    assert heard.confidence is not None
    assert 0 <= heard.confidence <= 1


@pytest.mark.integration
async def test_whisper_hears_nothing_in_nothing_and_half_a_minute_of_a_longer_speech() -> None:
    async with _whisper() as whisper:
        async with whisper.hear(FREE) as hearing:
            assert (await hearing.finish()).text == ""
        async with whisper.hear(FREE) as hearing:
            for _ in range(9):
                hearing.feed(silence(10, 16_000))
            assert (await hearing.finish()).text


@pytest.mark.integration
async def test_a_whisper_that_crashes_says_so_and_hears_again_soon() -> None:
    said = doubled(_recording("cvv").audio)
    async with _whisper() as whisper:
        async with whisper.hear(FREE) as hearing:
            _feed(hearing, said)
            os.kill(whisper.pid, signal.SIGKILL)
            with pytest.raises(HearingLost):
                await hearing.finish()
        with anyio.fail_after(60):
            await _until(lambda: whisper.has_room)
        async with whisper.hear(FREE) as hearing:
            _feed(hearing, said)
            assert (await hearing.finish()).text == CANNED


def test_a_whisper_folder_that_is_not_whole_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(BadInput, match=r"has no model\.bin, tokenizer\.json"):
        WhisperRecognizer(tmp_path)


def test_a_whisper_of_english_alone_hears_no_other_language(tmp_path: Path) -> None:
    folder = tmp_path / "faster-whisper-tiny.en"
    folder.mkdir()
    for name in ("config.json", "model.bin", "tokenizer.json"):
        (folder / name).write_text("{}")
    assert WhisperRecognizer(folder).hears("en-GB")
    assert not WhisperRecognizer(folder).hears("es")


@pytest.mark.integration
async def test_a_damaged_whisper_is_told_at_start(tmp_path: Path) -> None:
    pytest.importorskip("faster_whisper", reason="the extra `hear` is not installed")
    for name in ("config.json", "model.bin", "tokenizer.json"):
        (tmp_path / name).write_text("{}")
    with pytest.raises(HearingLost, match=r"does not start: .*models verify"):
        await WhisperRecognizer(tmp_path).run()


async def test_a_fake_that_is_down_says_so() -> None:
    with pytest.raises(HearingLost):
        async with FakeRecognizer([], up=False).hear(FREE):
            pass


@pytest.mark.integration
@pytest.mark.parametrize("phrases", [(), ("",), ("qwertyuiop",), ("one", "", "qwertyuiop"), ('"]', "\\")])
async def test_no_hint_kills_the_engine(phrases: tuple[str, ...]) -> None:
    said = _recording("cvv")
    async with _vosk() as vosk:
        async with vosk.hear(Hint("en", phrases)) as hearing:
            _feed(hearing, said.audio)
            await hearing.finish()
        async with vosk.hear(FREE) as hearing:
            _feed(hearing, said.audio)
            assert (await hearing.finish()).text == said.text


@pytest.mark.integration
async def test_an_engine_that_crashes_is_reported_and_hears_again_soon() -> None:
    said = _recording("cvv")
    async with _vosk() as vosk:
        async with vosk.hear(FREE) as hearing:
            _feed(hearing, said.audio)
            os.kill(vosk.pid, signal.SIGKILL)
            with pytest.raises(HearingLost):
                await hearing.finish()
        with anyio.fail_after(30):
            await _until(lambda: vosk.up)
        async with vosk.hear(FREE) as hearing:
            _feed(hearing, said.audio)
            assert (await hearing.finish()).text == said.text


@pytest.mark.integration
async def test_an_engine_that_hangs_is_given_up_and_started_again() -> None:
    said = _recording("cvv")
    async with _vosk() as vosk:
        hung = vosk.pid
        async with vosk.hear(FREE) as hearing:
            os.kill(hung, signal.SIGSTOP)
            _feed(hearing, said.audio)
            with pytest.raises(HearingLost, match="too slow"):
                await hearing.finish()
        with anyio.fail_after(30):
            await _until(lambda: vosk.pid not in {0, hung})


@pytest.mark.integration
async def test_a_folder_without_a_model_is_named() -> None:
    with pytest.raises(BadInput, match="is no Vosk model"):
        VoskRecognizer(pack("noise"), "en")


@pytest.mark.integration
async def test_a_damaged_model_is_reported_at_start(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    (folder / "conf").mkdir()
    (folder / "conf" / "mfcc.conf").write_text("--sample-frequency=8000\n")
    pytest.importorskip("vosk", reason="the extra `hear` is not installed")
    with pytest.raises(HearingLost, match="does not start"):
        await VoskRecognizer(folder, "en").run()
