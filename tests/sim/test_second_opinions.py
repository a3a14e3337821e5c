"""Who is asked for a second opinion, when, and what comes of it, in virtual time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import anyio
import pytest

from asr.recognizer import Final, Hint, Partial
from asr.second import Seconded
from asr.strain import Strain
from core.audio import Audio, silence
from core.errors import HearingLost
from core.pool import Pool, Urgency

pytestmark = pytest.mark.anyio

SPEECH = silence(2.0, 8000)
YES_OR_NO = Hint(understood=lambda text: text in {"yes", "no"})


@dataclass
class Engine:
    """Hears the next of `says` in `takes_s`; None is a crash, `hangs` for ever."""

    says: list[str | None]
    takes_s: float = 0.0
    rate_hz: int = 8000
    name: str = "engine"
    has_room: bool = True
    confidence: float | None = None
    hangs: bool = False
    back_in_s: float | None = None
    heard_s: list[float] = field(default_factory=list)

    def hears(self, _language: str) -> bool:
        return True

    @asynccontextmanager
    async def hear(self, _hint: Hint) -> AsyncIterator["Listening"]:
        if not self.has_room:
            raise HearingLost("the engine is not running")
        yield Listening(self)


class Listening:
    partial = Partial("")

    def __init__(self, engine: Engine) -> None:
        self.engine, self.seconds = engine, 0.0

    def feed(self, audio: Audio) -> None:
        assert audio.rate_hz == self.engine.rate_hz
        self.seconds += audio.seconds

    async def finish(self) -> Final:
        engine = self.engine
        await anyio.sleep_forever() if engine.hangs else await anyio.sleep(engine.takes_s)
        engine.heard_s.append(round(self.seconds, 3))
        text = engine.says.pop(0)
        if text is None:
            if engine.back_in_s is not None:
                engine.has_room = False
            raise HearingLost("the engine crashed")
        return Final(text, (text,), confidence=engine.confidence)


def both(first: Engine, second: Engine | None, pool: Pool | None = None) -> Seconded:
    return Seconded(first, second, strain=Strain(), pool=pool or Pool(1), budget_s=0.8)


async def said(hears: Seconded, hint: Hint = YES_OR_NO, sound: Audio = SPEECH) -> Final:
    async with hears.hear(hint) as hearing:
        hearing.feed(sound)
        return await hearing.finish()


async def test_what_is_understood_needs_no_second_opinion() -> None:
    second = Engine(["no"])
    assert (await said(both(Engine(["yes"]), second))).text == "yes"
    assert second.heard_s == []


async def test_what_answers_no_question_is_heard_again_whole_at_the_other_rate() -> None:
    second = Engine(["yes"], rate_hz=16_000)
    heard = await said(both(Engine(["guess"]), second))
    assert heard.alternatives == ("yes", "guess")
    assert second.heard_s == [2.0]


async def test_where_neither_makes_sense_the_first_stands() -> None:
    heard = await said(both(Engine(["guess"]), Engine(["thank you"])))
    assert heard.text == "guess"


async def test_a_low_confidence_is_unsure_where_the_engine_has_one() -> None:
    second = Engine(["no"])
    heard = await said(both(Engine(["yes"], confidence=0.2), second))
    assert heard.alternatives == ("yes", "no")


async def test_no_word_from_a_click_is_not_asked_again() -> None:
    second = Engine(["yes"])
    assert (await said(both(Engine([""]), second), sound=silence(0.7, 8000))).text == ""
    assert second.heard_s == []


async def test_no_word_from_longer_speech_is_asked_again_and_only_sense_counts() -> None:
    assert (await said(both(Engine([""]), Engine(["yes"])))).text == "yes"
    assert (await said(both(Engine([""]), Engine(["thanks for watching"])))).text == ""


async def test_a_second_opinion_delays_a_turn_by_its_budget_at_most() -> None:
    began = anyio.current_time()
    assert (await said(both(Engine(["guess"]), Engine(["yes"], takes_s=60)))).text == "guess"
    assert anyio.current_time() - began < 1.0


async def test_nobody_is_asked_while_all_places_are_taken() -> None:
    pool, second = Pool(1), Engine(["yes"])
    async with pool.place(Urgency.ANSWER):
        assert (await said(both(Engine(["guess"]), second, pool))).text == "guess"
    assert second.heard_s == []


async def test_under_strain_there_are_no_second_opinions() -> None:
    strain, second = Strain(), Engine(["yes"])
    strain.note(1.0)
    hears = Seconded(Engine(["guess"]), second, strain=strain, pool=Pool(1))
    assert (await said(hears)).text == "guess"
    assert second.heard_s == []


async def test_when_the_first_crashes_the_second_takes_over() -> None:
    assert (await said(both(Engine([None]), Engine(["yes"])))).text == "yes"


async def test_when_the_first_hangs_the_second_takes_over_in_a_second() -> None:
    began = anyio.current_time()
    assert (await said(both(Engine([], hangs=True), Engine(["yes"])))).text == "yes"
    assert anyio.current_time() - began < 1.5


async def test_without_a_second_the_first_hears_it_again_when_it_is_back() -> None:
    first = Engine([None, "yes"], back_in_s=1.0)

    async def restart() -> None:
        await anyio.sleep(1.0)
        first.has_room = True

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(restart)
        assert (await said(both(first, None))).text == "yes"
    assert first.heard_s == [2.0, 2.0]


async def test_a_first_that_is_not_up_when_somebody_begins_to_speak_may_be_at_the_end() -> None:
    first = Engine(["yes"], has_room=False)
    async with both(first, None).hear(YES_OR_NO) as hearing:
        hearing.feed(SPEECH)
        first.has_room = True
        assert (await hearing.finish()).text == "yes"


async def test_when_nobody_can_hear_it_that_is_told_in_time() -> None:
    began = anyio.current_time()
    with pytest.raises(HearingLost, match="neither"):
        await said(both(Engine([None], back_in_s=60), Engine([None])))
    assert anyio.current_time() - began < 4


async def test_half_a_minute_is_kept_and_no_more() -> None:
    second = Engine(["yes"])
    await said(both(Engine(["guess"]), second), sound=silence(95, 8000))
    assert second.heard_s == [30.0]
