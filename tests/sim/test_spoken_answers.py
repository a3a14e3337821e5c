"""Callers who answer in words."""

from typing import Final

import anyio
import numpy as np
import pytest

from core.audio import Audio
from core.events import Answered, Said, SaidAll, Spoke
from core.money import Money
from pbx.fake.phone import Phone
from tests.sim.callers import key_account, key_card
from tests.sim.house import bill, open_house

pytestmark = pytest.mark.anyio

_RATE_HZ: Final = 16_000


def words(seconds: float) -> Audio:
    """What the fake recognizer takes for speech."""
    time = np.arange(round(seconds * _RATE_HZ)) / _RATE_HZ
    return Audio((8000 * np.sin(2 * np.pi * 300 * time)).astype("<i2").tobytes(), _RATE_HZ)


async def answer(phone: Phone, prompt: str, seconds: float = 1.0) -> None:
    """Speak as soon as the line has asked."""
    await phone.hears_out(prompt)
    await phone.speak(words(seconds))


async def test_a_bill_is_paid_with_words_and_the_card_with_keys() -> None:
    async def caller(phone: Phone) -> None:
        await answer(phone, "enter your account number", 3)
        await answer(phone, "To pay all of it")
        await answer(phone, "enter the amount", 2)
        await answer(phone, "You are paying")
        await phone.hears("enter your card number")
        await key_card(phone)
        await phone.hears("confirmation code is")

    said = [
        "one two three four five six seven eight",
        "another amount",
        "twenty five fifty",
        "yes that is right",
    ]
    async with open_house(says=said) as house:
        await house.call(caller)
        assert (await house.session()).outcome == "paid"
        assert [spoke.text for spoke in house.told(Spoke)] == said
        assert Answered(house.kept[0].id, "amount", "25.50 USD") in house.told(Answered)


async def test_a_caller_who_is_done_waits_less_than_one_who_may_go_on() -> None:
    async def caller(phone: Phone) -> None:
        await key_account(phone)
        await answer(phone, "To pay all of it")
        await answer(phone, "enter the amount")

    async with open_house(says=["another amount", "twenty"]) as house:
        await house.call(caller)
        menu, amount = house.told(Spoke)
        assert menu.waited_ms < 300
        assert amount.waited_ms > 600


async def test_a_voice_stops_the_prompt() -> None:
    async def caller(phone: Phone) -> None:
        await key_account(phone)
        await phone.hears("To pay all of it")
        await phone.speak(words(1))

    async with open_house(says=["nothing"]) as house:
        await house.call(caller)
        assert SaidAll(house.kept[0].id, "ask_how_much", interrupted=True) in house.told(SaidAll)
        assert (await house.session()).outcome == "declined_to_pay"


async def test_a_voice_stops_the_first_question_of_a_call_too() -> None:
    async def caller(phone: Phone) -> None:
        await phone.hears("enter your account number")
        await phone.speak(words(3))
        await phone.hears("To pay all of it")
        phone.hang_up()

    async with open_house(says=["one two three four five six seven eight"]) as house:
        await house.call(caller)
        first = next(told for told in house.told(SaidAll) if told.prompt == "ask_account")
        assert first.interrupted


async def test_a_click_does_not_stop_the_prompt() -> None:
    async def caller(phone: Phone) -> None:
        await key_account(phone)
        await phone.hears("To pay all of it")
        await phone.speak(words(0.06))
        assert await phone.hears_out("")
        await anyio.sleep(0.1)
        await phone.press("3")

    async with open_house(says=[]) as house:
        await house.call(caller)
        assert SaidAll(house.kept[0].id, "ask_how_much", interrupted=False) in house.told(SaidAll)


async def test_a_key_beats_a_word_that_is_not_over() -> None:
    async def caller(phone: Phone) -> None:
        await key_account(phone)
        await phone.hears_out("To pay all of it")
        await phone.speak(words(0.4))
        await phone.press("3")

    async with open_house(says=["another amount"]) as house:
        await house.call(caller)
        assert house.told(Spoke) == []
        assert (await house.session()).outcome == "declined_to_pay"


async def test_who_asks_for_a_person_gets_one() -> None:
    async def caller(phone: Phone) -> None:
        await answer(phone, "enter your account number")

    async with open_house(says=["i want to speak to an agent"]) as house:
        await house.call(caller)
        assert "handed" in (await house.session()).outcome or "agent" in (await house.session()).outcome


async def test_who_asks_again_hears_the_question_again() -> None:
    async def caller(phone: Phone) -> None:
        await answer(phone, "enter your account number")
        await key_account(phone)
        await phone.hears("To pay all of it")
        await phone.press("3")

    async with open_house(says=["say that again"]) as house:
        await house.call(caller)
        assert [said.prompt for said in house.told(Said)].count("ask_account") == 2


async def test_what_makes_no_sense_is_asked_again_and_no_attempt_is_silent() -> None:
    async def caller(phone: Phone) -> None:
        await key_account(phone)
        await answer(phone, "To pay all of it")
        await phone.hears("I did not understand that")
        await answer(phone, "To pay all of it")

    async with open_house(says=["banana", "not now"]) as house:
        await house.call(caller)
        assert "no_input" not in {said.prompt for said in house.told(Said)}
        assert (await house.session()).outcome == "declined_to_pay"


async def test_no_word_is_heard_while_a_card_is_taken() -> None:
    async def caller(phone: Phone) -> None:
        await key_account(phone)
        await phone.hears("To pay all of it")
        await phone.press("1")
        await phone.hears("enter your card number")
        await phone.speak(words(3))
        await key_card(phone)
        await phone.hears("confirmation code is")

    async with open_house(says=["four two four two"]) as house:
        await house.call(caller)
        assert house.told(Spoke) == []
        assert (await house.session()).outcome == "paid"


async def test_more_than_is_due_is_no_amount() -> None:
    async def caller(phone: Phone) -> None:
        await phone.hears("enter your account number")
        await phone.press("777#")
        await phone.hears("To pay all of it")
        await phone.press("2")
        await answer(phone, "enter the amount")
        await phone.hears("an amount of at most")

    async with open_house(says=["fifty dollars"], bills=[bill("777", Money(2000, "USD"))]) as house:
        await house.call(caller)
        assert "amount_wrong" in {said.prompt for said in house.told(Said)}


async def test_who_names_an_amount_at_once_need_not_choose_first() -> None:
    async def caller(phone: Phone) -> None:
        await key_account(phone)
        await answer(phone, "To pay all of it", 2)
        await answer(phone, "fifty-three dollars and twenty cents")
        await phone.hears("enter your card number")
        await key_card(phone)
        await phone.hears("confirmation code is")

    said = ["i want to pay fifty three dollars and twenty cents", "yes please"]
    async with open_house(says=said) as house:
        await house.call(caller)
        assert Answered(house.kept[0].id, "amount", "53.20 USD") in house.told(Answered)
        assert (await house.session()).outcome == "paid"


async def test_a_spoken_card_number_is_kept_from_the_transcript_and_other_words_are_not() -> None:
    async def caller(phone: Phone) -> None:
        for _ in range(3):
            await answer(phone, "enter your account number", 3)
        await phone.ended()

    spoken = "four two four two four two four two four two four two four two four two"
    async with open_house(says=["the cat sat on the mat", f"my card is {spoken}", "nothing more"]) as house:
        await house.call(caller)
        said = [spoke.text for spoke in house.told(Spoke)]
        assert said[0] == "the cat sat on the mat"
        assert any("[card number]" in text for text in said)
        assert "four two" not in repr(house.facts.told)
