"""What comes over a telephone line beside speech: nothing is stuck by it, and no memory grows."""

import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from random import Random

import anyio
import numpy as np
import psutil
import pytest

from asr.engines.vosk.recognizer import VoskRecognizer
from asr.engines.whisper.recognizer import WhisperRecognizer
from asr.recognizer import Final, Hint
from asr.second import Seconded
from asr.strain import Strain
from core.audio import Audio
from core.errors import HearingLost
from core.pool import Pool
from tests.testpack import RATE_HZ, Recording, frames, from_ulaw, pack, recordings

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

FREE = Hint("en")
_FASTER_S = 0.02  # a tenth of a second, five times as fast as it is said
_LONGEST_S = 8.0  # the finish of anything, on a machine that others use too


@asynccontextmanager
async def vosk() -> AsyncIterator[VoskRecognizer]:
    pytest.importorskip("vosk", reason="the extra `hear` is not installed")
    one = VoskRecognizer(pack("vosk-tiny-en-8k"), "en")
    async with anyio.create_task_group() as tasks:
        await tasks.start(one.run)
        yield one
        tasks.cancel_scope.cancel()


async def heard(engine: VoskRecognizer | Seconded, sound: Audio, hint: Hint = FREE) -> Final:
    async with engine.hear(hint) as hearing:
        for frame in frames(sound, 0.1):
            hearing.feed(frame)
            await anyio.sleep(_FASTER_S)
        with anyio.fail_after(_LONGEST_S):
            return await hearing.finish()


async def heard_at_last(engine: VoskRecognizer, sound: Audio) -> Final:
    """On a machine that others use too an engine may be behind for a while, but not for ever."""
    with anyio.fail_after(60):
        while True:
            try:
                return await heard(engine, sound)
            except HearingLost:
                await anyio.sleep(0.5)


def said(kind: str = "cvv") -> Recording:
    return next(one for one in recordings("callers") if one.kind == kind)


def _pcm(samples: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> Audio:
    return Audio(np.clip(samples, -32768, 32767).astype("<i2").tobytes(), RATE_HZ)


def eight_bit_noise() -> Audio:
    return from_ulaw(Random(1).randbytes(5 * RATE_HZ))


def music() -> Audio:
    """A scale in chords."""
    time = np.arange(RATE_HZ // 2) / RATE_HZ
    tones = [
        sum(np.sin(2 * np.pi * hz * part * time) for part in (1, 1.25, 1.5))
        for hz in (262, 294, 330, 349) * 4
    ]
    return _pcm(4000 * np.concatenate(tones))


def with_keys(speech: Audio) -> Audio:
    """The keys 1, 5 and 9 in the middle of it (ITU-T Q.23)."""
    samples = np.frombuffer(speech.pcm, "<i2").astype(np.float64).copy()
    for place, (low, high) in enumerate(((697, 1209), (770, 1336), (852, 1477))):
        at, time = place * RATE_HZ, np.arange(RATE_HZ // 10) / RATE_HZ
        tone = 6000 * (np.sin(2 * np.pi * low * time) + np.sin(2 * np.pi * high * time))
        end = min(at + len(tone), len(samples))
        samples[at:end] += tone[: max(end - at, 0)]
    return _pcm(samples)


def monologue() -> Audio:
    """Half a minute of reading, of which no word belongs to the question."""
    sound = b"".join(one.audio.pcm for one in recordings("speech-wer-en"))
    return Audio(sound[: 30 * RATE_HZ * 2], RATE_HZ)


def over_a_bad_network(speech: Audio, *, lost: float, jitter_s: float) -> list[Audio]:
    """Frames of which some are lost, and the others come in the order that their delays make of them."""
    chance = Random(3)
    sent = [(at * 0.02 + chance.uniform(0, jitter_s), frame) for at, frame in enumerate(frames(speech, 0.02))]
    return [frame for _, frame in sorted(sent, key=lambda one: one[0]) if chance.random() >= lost]


@pytest.mark.parametrize("sound", [eight_bit_noise, music, monologue, lambda: Audio(bytes(160_000), RATE_HZ)])
async def test_what_is_no_answer_ends_in_time_and_the_next_caller_is_heard(sound: object) -> None:
    assert callable(sound)
    async with vosk() as engine:
        pid = engine.pid
        with suppress(HearingLost):  # the caller is asked again
            await heard(engine, sound())
        assert (await heard_at_last(engine, said().audio)).text == said().text
        assert engine.pid == pid


async def test_keys_in_the_middle_of_speech_kill_nothing() -> None:
    async with vosk() as engine:
        with suppress(HearingLost):
            await heard(engine, with_keys(said("card-digits").audio))
        assert (await heard_at_last(engine, said().audio)).text == said().text


async def test_most_codes_are_understood_over_a_network_that_loses_and_jitters() -> None:
    """Asterisk's own jitter buffer is left out: this is worse than what a line gets."""
    people = [one for one in recordings("callers") if one.kind == "cvv"]
    right = 0
    async with vosk() as engine:
        for one in people:
            async with engine.hear(FREE) as hearing:
                for frame in over_a_bad_network(one.audio, lost=0.05, jitter_s=0.0):
                    hearing.feed(frame)
                right += (await hearing.finish()).text == one.text
        jittered = over_a_bad_network(people[0].audio, lost=0.05, jitter_s=0.06)
        async with engine.hear(FREE) as hearing:
            for frame in jittered:
                hearing.feed(frame)
            with anyio.fail_after(_LONGEST_S):
                await hearing.finish()
    assert right >= 0.75 * len(people), f"{right} of {len(people)}"


async def test_sound_at_another_rate_is_misheard_and_harms_nobody() -> None:
    wrong = Audio(said().audio.pcm, 16_000)
    async with vosk() as engine:
        with suppress(HearingLost):
            await heard(engine, wrong)
        assert (await heard_at_last(engine, said().audio)).text == said().text


async def test_an_hour_of_calls_that_are_hung_up_in_mid_sentence_leaves_no_memory_behind() -> None:
    speech = said("card-digits").audio
    async with vosk() as engine:

        async def calls(many: int) -> int:
            for _ in range(many):
                async with engine.hear(FREE) as hearing:
                    for frame in frames(speech, 0.1):
                        hearing.feed(frame)
                        await anyio.sleep(0.002)
            await heard_at_last(engine, said().audio)
            return psutil.Process(engine.pid).memory_info().rss

        before = await calls(20)
        after = await calls(60)
    assert after - before < 40 << 20, f"grew by {(after - before) >> 20} MB"


async def test_a_crash_in_mid_sentence_costs_no_word_where_there_is_a_second_recognizer() -> None:
    pytest.importorskip("faster_whisper", reason="the extra `hear` is not installed")
    whisper = WhisperRecognizer(pack("whisper-canned-ct2"))
    async with vosk() as first, anyio.create_task_group() as tasks:
        await tasks.start(whisper.run)
        both = Seconded(first, whisper, strain=Strain(), pool=Pool(2))
        async with both.hear(FREE) as hearing:
            for frame in frames(said().audio, 0.02):
                hearing.feed(frame)
            os.kill(first.pid, signal.SIGKILL)
            with anyio.fail_after(_LONGEST_S):
                assert (await hearing.finish()).text
        tasks.cancel_scope.cancel()


async def test_a_crash_in_mid_sentence_is_heard_anew_by_the_same_engine_where_there_is_no_other() -> None:
    async with vosk() as first:
        both = Seconded(first, None, strain=Strain(), pool=Pool(2))
        async with both.hear(FREE) as hearing:
            for frame in frames(said().audio, 0.02):
                hearing.feed(frame)
            os.kill(first.pid, signal.SIGKILL)
            with anyio.fail_after(_LONGEST_S):
                assert (await hearing.finish()).text == said().text


async def test_an_engine_that_hangs_fills_no_memory_with_sound() -> None:
    async with vosk() as engine:
        os.kill(engine.pid, signal.SIGSTOP)
        before = psutil.Process().memory_info().rss
        async with engine.hear(FREE) as hearing:
            for _ in range(20):
                for frame in frames(monologue(), 0.1):
                    hearing.feed(frame)
            with pytest.raises(HearingLost):
                await hearing.finish()
        assert psutil.Process().memory_info().rss - before < 60 << 20


async def test_a_second_opinion_is_asked_for_on_the_real_path() -> None:
    pytest.importorskip("faster_whisper", reason="the extra `hear` is not installed")
    whisper = WhisperRecognizer(pack("whisper-canned-ct2"))
    never = Hint("en", understood=lambda _text: False)
    async with vosk() as first, anyio.create_task_group() as tasks:
        await tasks.start(whisper.run)
        both = Seconded(first, whisper, strain=Strain(), pool=Pool(2), budget_s=5.0)
        answer = await heard(both, said().audio, never)
        tasks.cancel_scope.cancel()
    assert answer.alternatives[0] == said().text
    assert len(answer.alternatives) > 1
