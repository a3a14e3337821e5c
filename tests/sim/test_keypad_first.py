"""A line that listens, and has no strength left for one more call: that call is led by keys."""

import pytest

from core.events import Said, Spoke
from ivr.texts import Texts, spoken
from pbx.fake.phone import Phone
from tests.sim.callers import pay
from tests.sim.house import open_house
from tests.sim.test_spoken_answers import words

pytestmark = pytest.mark.anyio

LISTENING = Texts({"company": "Example Power"}, spoken())


async def test_a_call_without_room_hears_the_questions_for_keys_and_pays_with_them() -> None:
    async with open_house(says=["yes"], room=False, texts=LISTENING) as house:
        await house.call(pay)
        assert (await house.session()).outcome == "paid"
        said = {fact.prompt: fact.text for fact in house.told(Said)}
        assert said["ask_account"] == "Please enter your account number, followed by the pound key."


async def test_a_call_with_room_is_asked_in_words() -> None:
    async def caller(phone: Phone) -> None:
        await phone.hears("What is your account number?")
        await phone.speak(words(1))

    async with open_house(says=["agent"], texts=LISTENING) as house:
        await house.call(caller)
        assert [fact.text for fact in house.told(Spoke)] == ["agent"]
