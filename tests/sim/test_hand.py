"""A hand on a call that is up: it is ended, sent on, spoken to and made to wait from outside."""

import anyio
import pytest

from core.audio import Audio
from core.errors import BadInput, CallGone
from core.events import CallHandedOver, Said
from core.ids import CallId
from ivr.hand import Hand, NoSuchCall
from ivr.prompt import Prompt
from pbx.call import HungUp, NotReached
from pbx.fake.phone import Phone, Script
from pbx.fake.switch import Answers
from tests.sim.house import TEXTS, SimHouse, open_house

pytestmark = pytest.mark.anyio


async def _stays(phone: Phone) -> None:
    await anyio.sleep(600)
    phone.hang_up()


async def _up(house: SimHouse, script: Script = _stays) -> tuple[Hand, Phone]:
    phone = house.switch.place(script, caller="+15550101")
    await phone.hears("enter your account")
    return Hand(house.live, TEXTS), phone


async def test_a_call_is_ended_by_the_line_and_is_over() -> None:
    async with open_house() as house:
        hand, phone = await _up(house)
        await hand.hang_up(phone.call.id)
        assert isinstance(await phone.ended(), HungUp)
        assert not (await phone.ended()).by_caller


async def test_a_call_is_sent_on_and_its_record_says_so() -> None:
    async with open_house() as house:
        house.switch.answers["201"] = Answers(after_s=1)
        hand, phone = await _up(house)
        await hand.transfer(phone.call.id, "201")
        await phone.ended()
        await house.runner.drained()
        assert [(fact.to, fact.result) for fact in house.told(CallHandedOver)] == [("201", "transferred")]
        assert (await house.session()).outcome == "transferred"


async def test_a_call_that_is_sent_on_to_nobody_goes_on() -> None:
    async with open_house() as house:
        hand, phone = await _up(house)
        assert isinstance(await hand.transfer(phone.call.id, "299"), NotReached)
        assert phone.call.hung_up is None


async def test_a_text_and_a_prompt_are_said_and_stand_in_the_transcript() -> None:
    async with open_house() as house:
        hand, phone = await _up(house)
        await hand.say(phone.call.id, "Please hold on. A colleague is looking.")
        await hand.say(phone.call.id, Prompt("goodbye"))
        told = [fact.prompt for fact in house.told(Said)]
        assert "told" in told
        assert "goodbye" in told


async def test_a_prompt_without_its_values_is_refused_and_nothing_is_said() -> None:
    async with open_house() as house:
        hand, phone = await _up(house)
        before = len(house.told(Said))
        with pytest.raises(BadInput, match="wants"):
            await hand.say(phone.call.id, Prompt("due"))
        assert len(house.told(Said)) == before


async def test_keys_are_heard_at_the_callers_end() -> None:
    async with open_house() as house:
        hand, phone = await _up(house)
        await hand.press(phone.call.id, "12#")
        assert phone.call.sent_keys == "12#"


async def test_the_line_goes_on_in_another_language() -> None:
    async with open_house() as house:
        hand, phone = await _up(house)
        hand.speak(phone.call.id, "es")
        await phone.hears("sin escuchar")
        with pytest.raises(BadInput, match="does not speak"):
            hand.speak(phone.call.id, "tlh")


async def test_a_question_is_not_asked_again_while_silence_is_not_minded() -> None:
    async with open_house() as house:
        hand, phone = await _up(house)
        hand.mind_silence(phone.call.id, minds=False)
        await anyio.sleep(300)
        assert "no_input" not in [fact.prompt for fact in house.told(Said)]
        hand.mind_silence(phone.call.id, minds=True)
        await phone.hears("did not hear")


async def test_an_ear_hears_the_caller_and_ends_with_the_call() -> None:
    async with open_house() as house:
        hand, phone = await _up(house)
        async with hand.listen(phone.call.id) as ear:
            loud = Audio(b"\x10\x20" * 320, 16_000)
            phone.call.say(loud)
            assert (await ear.receive()).pcm == loud.pcm
            phone.hang_up()
            await phone.ended()
            with pytest.raises(CallGone):
                await ear.receive()


async def test_a_call_that_is_not_up_is_no_call() -> None:
    async with open_house() as house:
        hand = Hand(house.live, TEXTS)
        with pytest.raises(NoSuchCall):
            await hand.hang_up(CallId("call_none"))
