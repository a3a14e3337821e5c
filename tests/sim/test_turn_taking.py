"""Who speaks when: silence, coughs, echoes, long talk, and work that takes its time."""

from pathlib import Path
from typing import Final

import anyio
import numpy as np
import pytest

from asr.fake import FakeRecognizer
from core.audio import Audio, silence
from core.events import Said, SaidAll, Spoke
from ivr.ear import Recalls
from ivr.flows.pay_bill import pay_bill
from ivr.line import Line
from ivr.prompt import Prompt
from ivr.result import CallResult
from ivr.services import Services
from pbx.fake.phone import Phone, silent
from tests.sim.callers import ACCOUNT, key_account
from tests.sim.house import SimHouse, open_house
from tests.sim.test_spoken_answers import answer, words
from tts.fake import SilentSounds
from tts.sounds import Sound

pytestmark = pytest.mark.anyio

_RATE_HZ: Final = 8000
COMFORT: Final = Sound(Path("/silence", "comfort".ljust(67, "-")), 4.0)  # by its name it lasts 4 s


def prompts(house: SimHouse) -> list[str]:
    return [said.prompt for said in house.told(Said)]


def noise(seconds: float, seed: int = 0) -> Audio:
    """Music, a crowd, a lorry: loud, and no words."""
    time = np.arange(round(seconds * _RATE_HZ))
    swell = 0.3 + 0.7 * np.abs(np.sin(time / _RATE_HZ * 2.7))
    samples = np.random.default_rng(seed).normal(0, 5000, len(time)) * swell
    return Audio(np.clip(samples, -32768, 32767).astype("<i2").tobytes(), _RATE_HZ)


async def test_a_silent_caller_is_asked_whether_they_are_there_and_may_answer_then() -> None:
    async def caller(phone: Phone) -> None:
        await phone.hears("Are you still there?")
        await phone.press(f"{ACCOUNT}#")
        await phone.hears("To pay all of it")
        await phone.press("3")

    async with open_house() as house:
        await house.call(caller)
        assert "no_input" not in prompts(house)


async def test_a_program_may_let_a_call_be_silent_for_as_long_as_it_likes() -> None:
    async def quiet(line: Line, services: Services) -> CallResult:
        line.minds_silence = False
        return await pay_bill(line, services)

    async def caller(phone: Phone) -> None:
        await phone.hears_out("enter your account number")
        await anyio.sleep(1800)
        await phone.press(f"{ACCOUNT}#")
        await phone.hears("To pay all of it")
        await phone.press("3")

    async with open_house(flows={"pay_bill": quiet}) as house:
        await house.call(caller)
        assert not {"still_there", "no_input"} & set(prompts(house))
        assert (await house.session()).outcome == "declined_to_pay"


async def test_nobody_is_asked_whether_they_are_there_while_a_card_is_keyed_in() -> None:
    async def caller(phone: Phone) -> None:
        await key_account(phone)
        await phone.hears("To pay all of it")
        await phone.press("1")
        await phone.hears("enter your card number")
        await anyio.sleep(20)
        phone.hang_up()

    async with open_house() as house:
        await house.call(caller)
        assert "still_there" not in prompts(house)


async def test_a_cough_that_stopped_the_question_has_it_asked_again() -> None:
    async def caller(phone: Phone) -> None:
        await key_account(phone)
        await phone.hears("To pay all of it")
        await phone.speak(words(0.3))
        await phone.speak(silence(1.0, _RATE_HZ))
        await phone.hears_out("To pay all of it")
        await phone.press("3")

    async with open_house(says=[""]) as house:
        await house.call(caller)
        told = [said for said in house.told(SaidAll) if said.prompt == "ask_how_much"]
        assert [said.interrupted for said in told] == [True, False]
        assert "no_input" not in prompts(house)
        assert house.told(Spoke) == []


async def _speaks_back(phone: Phone, sound: str, seconds: float, gain: float) -> None:
    """A telephone on loudspeaker: what the line says comes back a little later."""
    await anyio.sleep(0.2)
    samples = np.frombuffer(_reference(Path(sound), seconds).pcm, "<i2") * gain
    await phone.speak(Audio(samples.astype("<i2").tobytes(), _RATE_HZ))


def _reference(path: Path, seconds: float) -> Audio:
    return noise(seconds, seed=len(path.name))


async def _recalled(path: Path) -> Audio | None:
    return _reference(path, SilentSounds.seconds(path))


async def _unknown(_path: Path) -> Audio | None:
    return None


@pytest.mark.parametrize(("recalls", "interrupted"), [(_recalled, False), (_unknown, True)])
async def test_our_own_voice_that_comes_back_stops_nothing(recalls: Recalls, interrupted: bool) -> None:
    async def caller(phone: Phone) -> None:
        await key_account(phone)
        sound = await phone.hears("To pay all of it")
        await _speaks_back(phone, str(sound), SilentSounds.seconds(sound), 0.3)
        await phone.hears_out("To pay nothing now")
        await phone.press("3")

    async with open_house(says=["", "", ""], recalls=recalls) as house:
        await house.call(caller)
        first = next(said for said in house.told(SaidAll) if said.prompt == "ask_how_much")
        assert first.interrupted is interrupted


async def test_the_end_of_the_greeting_that_comes_back_late_does_not_stop_the_first_question() -> None:
    async def caller(phone: Phone) -> None:
        sound = await phone.hears("To speak to a person at any question")
        await _speaks_back(phone, str(sound), SilentSounds.seconds(sound), 0.3)
        await phone.hears_out("enter your account number")
        await phone.press(f"{ACCOUNT}#")
        await phone.hears("To pay all of it")
        await phone.press("3")

    async with open_house(says=["", "", ""], recalls=_recalled) as house:
        await house.call(caller)
        first = next(said for said in house.told(SaidAll) if said.prompt == "ask_account")
        assert not first.interrupted


async def test_a_monologue_ends_after_half_a_minute_and_the_call_goes_on() -> None:
    async def caller(phone: Phone) -> None:
        await phone.hears_out("enter your account number")
        await phone.speak(words(45))
        await phone.hears("could not find an account")
        await phone.speak(silence(2.0, _RATE_HZ))
        await key_account(phone)
        await phone.hears("To pay all of it")
        await phone.press("3")

    async with open_house(says=["well you see my dear " * 10, ""]) as house:
        await house.call(caller)
        assert len(house.told(Spoke)) >= 1
        assert (await house.session()).outcome == "declined_to_pay"


async def test_music_that_never_ends_leaves_the_keys_and_ends_the_call_in_the_end() -> None:
    async def caller(phone: Phone) -> None:
        await phone.speak(noise(1200))

    async with open_house(says=[]) as house:
        await house.call(caller)
        assert (await house.session()).outcome in {"no_input", "no_match"}


async def test_keys_count_in_the_midst_of_noise() -> None:
    async def caller(phone: Phone) -> None:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(phone.speak, noise(120))
            await key_account(phone)
            await phone.hears("To pay all of it")
            await phone.press("3")
            await phone.ended()

    async with open_house(says=[]) as house:
        await house.call(caller)
        assert (await house.session()).outcome == "declined_to_pay"


async def test_who_waits_to_be_understood_hears_a_word() -> None:
    async def caller(phone: Phone) -> None:
        await key_account(phone)
        await answer(phone, "To pay all of it")
        await phone.hears("One moment, please")

    async with open_house(hears=FakeRecognizer(["not now"], thinks_s=2.5)) as house:
        await house.call(caller)
        assert "please_wait" in prompts(house)
        assert (await house.session()).outcome == "declined_to_pay"


async def _slow(line: Line, _services: Services) -> CallResult:
    async def work() -> str:
        await anyio.sleep(30)
        return "done"

    assert await line.say_during(Prompt("please_wait"), work) == "done"
    await line.say(Prompt("goodbye"))
    return CallResult.SERVED


async def test_what_takes_long_is_accompanied_by_a_sound_and_a_word_now_and_then() -> None:
    async with open_house(flows={"pay_bill": _slow}, comfort=COMFORT) as house:
        phone = await house.call(silent)
        heard = [sound.name for one in phone.call.sounds.all for sound in one.sounds]
        assert heard.count(COMFORT.path.name) >= 5
        assert prompts(house) == ["please_wait", "still_working", "still_working", "goodbye"]


async def test_the_comfort_ends_when_the_work_does() -> None:
    async with open_house(flows={"pay_bill": _slow}, comfort=COMFORT) as house:
        phone = await house.call(silent)
        last = [one for one in phone.call.sounds.all if one.sounds == (COMFORT.path,)][-1]
        assert last.stopped or last.ends_at <= 31.5
