"""An account number that was misheard, and its check digit."""

import pytest

from asr.grammar.check import luhn
from core.events import Answered
from core.money import Money
from pbx.fake.phone import Phone
from tests.sim.house import bill, open_house
from tests.sim.test_spoken_answers import answer

pytestmark = pytest.mark.anyio

NUMBER = "79927398713"


async def test_a_digit_that_was_misheard_is_put_right_and_read_back() -> None:
    async def caller(phone: Phone) -> None:
        await answer(phone, "enter your account number", 4)
        await answer(phone, "Did you say")
        await phone.hears("To pay all of it")
        await phone.press("3")

    heard = "seven nine five two seven three nine eight seven one three"
    bills = [bill(NUMBER, Money(2000, "USD"))]
    async with open_house(says=[heard, "yes"], bills=bills, account_check=luhn) as house:
        await house.call(caller)
        assert Answered(house.kept[0].id, "account", f"xxxxxxxxx{NUMBER[-2:]}") in house.told(Answered)


async def test_who_said_another_number_is_asked_again() -> None:
    async def caller(phone: Phone) -> None:
        await phone.hears("enter your account number")
        await phone.press("79527398713#")
        await phone.hears("Did you say")
        await phone.press("2")
        await phone.hears("enter your account number")
        await phone.press(f"{NUMBER}#")
        await phone.hears("To pay all of it")
        await phone.press("3")

    async with open_house(bills=[bill(NUMBER, Money(2000, "USD"))], account_check=luhn) as house:
        await house.call(caller)
        assert (await house.session()).outcome == "declined_to_pay"


async def test_without_check_digits_nothing_is_repaired() -> None:
    async def caller(phone: Phone) -> None:
        await phone.hears("enter your account number")
        await phone.press("79527398713#")
        await phone.hears("could not find an account")
        phone.hang_up()

    async with open_house(bills=[bill(NUMBER, Money(2000, "USD"))]) as house:
        await house.call(caller)
