"""Whatever a caller keys in where a card is asked for: the right prompt, nothing lost, nothing kept."""

from collections.abc import Awaitable, Callable

import anyio
import pytest

from core.events import CardRefused, Said
from ivr.result import CallResult
from payments.brand import Brand
from pbx.fake.phone import Phone
from tests.sim.callers import VISA, key_account, key_card, reach_card
from tests.sim.house import SimHouse, open_house

pytestmark = pytest.mark.anyio

_CODE = "security code on"


async def _played(
    script: Callable[[Phone], Awaitable[None]], accepted: frozenset[Brand] = frozenset(Brand)
) -> SimHouse:
    async with open_house(accepted=accepted) as house:
        await house.call(script)
    assert len(house.vault) == 0
    return house


def _errors(house: SimHouse) -> list[tuple[str, str]]:
    return [(fact.field, fact.error) for fact in house.told(CardRefused)]


async def _outcome(house: SimHouse) -> str:
    return (await house.session()).outcome


@pytest.mark.parametrize(
    ("number", "error", "says"),
    [
        ("424242424242424#", "invalid-card-number", "card number is not right"),  # one too few
        ("42424242424242424242#", "invalid-card-number", "card number is not right"),  # too many
        ("4242424242424241#", "invalid-card-number", "card number is not right"),  # Luhn
        ("4#", "invalid-card-number", "card number is not right"),
        ("0000000000000000#", "invalid-card-type", "do not accept"),
        ("378282246310005", "invalid-card-type", "do not accept"),
        ("#", "input-timeout", "did not hear any key"),
    ],
)
async def test_a_number_that_is_wrong_is_told_and_asked_for_again(number: str, error: str, says: str) -> None:
    async def script(phone: Phone) -> None:
        await reach_card(phone)
        await phone.press(number)
        await phone.hears(says)
        await phone.hears("enter your card number")
        await key_card(phone)

    house = await _played(script, frozenset({Brand.VISA}))
    assert _errors(house) == [("payment-card-number", error)]
    assert await _outcome(house) == CallResult.PAID.value


@pytest.mark.parametrize("expiry", ["1026", "1326", "0030", "1299", "123#", "1#", "#"])
async def test_a_date_that_is_past_or_impossible_is_told_and_asked_for_again(expiry: str) -> None:
    async def script(phone: Phone) -> None:
        await reach_card(phone)
        await phone.press(f"{VISA}#")
        await phone.hears("expiry date, two")
        await phone.press(expiry)
        await phone.hears("expiry date, two")
        await phone.press("1230")
        await phone.hears(_CODE)
        await phone.press("123")

    house = await _played(script)
    error = "input-timeout" if expiry == "#" else "invalid-date"
    assert _errors(house) == [("expiration-date", error)]
    assert await _outcome(house) == CallResult.PAID.value


@pytest.mark.parametrize("code", ["1#", "12#", "#"])
async def test_too_short_a_code_is_told_and_asked_for_again(code: str) -> None:
    async def script(phone: Phone) -> None:
        await reach_card(phone)
        await phone.press(f"{VISA}#")
        await phone.hears("expiry date, two")
        await phone.press("1230")
        await phone.hears(_CODE)
        await phone.press(code)
        await phone.hears(_CODE)
        await phone.press("123")

    assert await _outcome(await _played(script)) == CallResult.PAID.value


@pytest.mark.parametrize("place", range(16))
async def test_a_star_at_any_place_of_the_number_lets_it_be_keyed_in_anew(place: int) -> None:
    async def script(phone: Phone) -> None:
        await reach_card(phone)
        await phone.press(f"{VISA[:place]}*")
        if not place:
            await phone.hears("enter your card number")
        await key_card(phone)

    house = await _played(script)
    assert _errors(house) == []
    assert await _outcome(house) == CallResult.PAID.value


@pytest.mark.parametrize("place", range(16))
async def test_a_pound_at_any_place_of_the_number_submits_it(place: int) -> None:
    async def script(phone: Phone) -> None:
        await reach_card(phone)
        await phone.press(f"{VISA[:place]}#")
        await phone.hears("enter your card number")
        await key_card(phone)

    house = await _played(script)
    assert len(_errors(house)) == 1
    assert await _outcome(house) == CallResult.PAID.value


@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize("sign", "*#")
async def test_stars_and_pounds_in_expiry_and_code_cost_an_answer_and_no_more(sign: str, place: int) -> None:
    async def script(phone: Phone) -> None:
        await reach_card(phone)
        await phone.press(f"{VISA}#")
        for asked, right in (("expiry date, two", "1230"), (_CODE, "123")):
            await phone.hears(asked)
            if place and place < len(right):
                await phone.press(f"{right[:place]}{sign}")
                if sign == "#":
                    await phone.hears(asked)
            await phone.press(right)

    assert await _outcome(await _played(script)) == CallResult.PAID.value


async def test_a_card_typed_ahead_of_every_prompt_is_taken_whole() -> None:
    async def script(phone: Phone) -> None:
        await key_account(phone)
        await phone.hears("To pay all of it")
        await phone.press("1")
        await phone.press(f"{VISA}#1230#123#")

    assert await _outcome(await _played(script)) == CallResult.PAID.value


@pytest.mark.parametrize("at", [0, 1, 8, 15])
async def test_a_pause_shorter_than_the_timeout_loses_nothing(at: int) -> None:
    async def script(phone: Phone) -> None:
        await reach_card(phone)
        await phone.press(VISA[:at])
        await anyio.sleep(3.9)
        await phone.press(f"{VISA[at:]}#")
        await phone.hears("expiry date, two")
        await phone.press("1230")
        await phone.hears(_CODE)
        await phone.press("123")

    house = await _played(script)
    assert _errors(house) == []
    assert await _outcome(house) == CallResult.PAID.value


async def test_two_keys_at_once_are_two_digits_and_the_number_is_asked_for_again() -> None:
    async def script(phone: Phone) -> None:
        await reach_card(phone)
        await phone.press(VISA[:15])
        await anyio.sleep(0.3)
        await phone.press("23#", gap_s=0)
        await phone.hears("card number is not right")
        await phone.hears("enter your card number")
        await key_card(phone)

    assert await _outcome(await _played(script)) == CallResult.PAID.value


async def test_keys_held_long_are_one_press_each() -> None:
    async def script(phone: Phone) -> None:
        await reach_card(phone)
        await phone.press(f"{VISA}#", gap_s=3.2, held_ms=3000)
        await phone.hears("expiry date, two")
        await phone.press("1230", gap_s=3.2, held_ms=3000)
        await phone.hears(_CODE)
        await phone.press("123", gap_s=3.2, held_ms=3000)

    house = await _played(script)
    assert _errors(house) == []
    assert await _outcome(house) == CallResult.PAID.value


async def test_keys_after_the_end_answer_nothing() -> None:
    async def script(phone: Phone) -> None:
        await reach_card(phone)
        await key_card(phone)
        await phone.press("9999999999", gap_s=0.01)
        await phone.hears("confirmation code is")
        await phone.ended()

    house = await _played(script)
    assert await _outcome(house) == CallResult.PAID.value
    assert [fact.prompt for fact in house.told(Said)][-1] == "goodbye"


async def test_letters_of_a_test_set_are_passed_over() -> None:
    async def script(phone: Phone) -> None:
        await reach_card(phone)
        await phone.press(f"A{VISA[:8]}BCD{VISA[8:]}#")
        await phone.hears("expiry date, two")
        await phone.press("1230")
        await phone.hears(_CODE)
        await phone.press("123")

    assert _errors(await _played(script)) == []
