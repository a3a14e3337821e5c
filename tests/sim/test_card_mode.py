"""Card mode: what callers do with a keypad, and what nobody may see of it."""

from collections.abc import Iterator

import anyio
import pytest

from core.errors import CannotKeepSecret
from core.events import CardProgress, Said
from ivr.result import CallResult
from payments.brand import Brand
from payments.card import CardEntry, CardField
from pbx.fake.phone import Phone
from tests.sim.callers import AMEX, VISA, key_account, key_card, reach_card
from tests.sim.house import SimHouse, open_house

pytestmark = pytest.mark.anyio


@pytest.fixture
def entries(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[CardEntry]]:
    """Every card entry that is made, to look at afterwards."""
    made: list[CardEntry] = []

    def make(accepted: frozenset[Brand], shortest_postal: int) -> CardEntry:
        made.append(CardEntry(accepted, shortest_postal))
        return made[-1]

    monkeypatch.setattr("ivr.capture.booth.CardEntry", make)
    yield made
    assert all(_is_wiped(entry) for entry in made)


def _is_wiped(entry: CardEntry) -> bool:
    return not any(entry.count(field) for field in CardField)


def _prompts(house: SimHouse) -> list[str]:
    return [fact.prompt for fact in house.told(Said)]


async def _outcome(house: SimHouse) -> str:
    return (await house.session()).outcome


async def test_a_card_that_is_typed_ahead_is_not_recorded_either() -> None:
    pressed_at: list[float] = []

    async def script(phone: Phone) -> None:
        await key_account(phone)
        await phone.hears("To pay all of it")
        await phone.press("1")
        await phone.hears("I will now ask for your card")
        pressed_at.append(anyio.current_time())
        await phone.press(f"{VISA}#1230#123#", gap_s=0.1)
        pressed_at.append(anyio.current_time())
        await phone.hears("confirmation code is")
        phone.hang_up()

    async with open_house() as house:
        phone = house.switch.place(script, to_be_recorded=True)
        await phone.ended()
        [recording] = phone.call.recordings
        begin, end = pressed_at
        assert recording.spans
        assert all(until <= begin or since >= end for since, until in recording.spans)


async def test_a_whole_card_may_be_typed_ahead_without_hearing_a_question(entries: list[CardEntry]) -> None:
    async def script(phone: Phone) -> None:
        await key_account(phone)
        await phone.hears("To pay all of it")
        await phone.press("1")
        await phone.hears("I will now ask for your card")
        await phone.press(f"{VISA}#1230#123#", gap_s=0.1)

    async with open_house() as house:
        await house.call(script)
        assert await _outcome(house) == CallResult.PAID.value
        assert not {"card_number", "card_expiry", "card_code"} & set(_prompts(house))
    assert len(entries) == 1


async def test_progress_shows_how_many_keys_and_then_the_last_four_digits(entries: list[CardEntry]) -> None:
    async def script(phone: Phone) -> None:
        await reach_card(phone)
        await key_card(phone)

    async with open_house() as house:
        await house.call(script)
        number = [fact for fact in house.told(CardProgress) if fact.field == "payment-card-number"]
        assert [fact.mask for fact in number] == ["x" * count for count in range(1, 17)] + ["*" * 12 + "4242"]
        assert [fact.complete for fact in number] == [False] * 16 + [True]
        code = [fact.mask for fact in house.told(CardProgress) if fact.field == "security-code"]
        assert code == ["x", "xx", "xxx", "***"]


async def test_a_number_of_its_brands_full_length_needs_no_pound(entries: list[CardEntry]) -> None:
    async def script(phone: Phone) -> None:
        await reach_card(phone)
        await phone.press(AMEX)
        await phone.hears("enter the expiry date", timeout_s=1)
        phone.hang_up()

    async with open_house() as house:
        await house.call(script)


async def test_a_number_without_pound_is_taken_after_a_pause(entries: list[CardEntry]) -> None:
    async def script(phone: Phone) -> None:
        await reach_card(phone)
        await phone.press(VISA)
        await phone.hears("enter the expiry date", timeout_s=5)
        phone.hang_up()

    async with open_house() as house:
        await house.call(script)


async def test_a_doubled_pound_does_not_submit_the_next_field(entries: list[CardEntry]) -> None:
    async def script(phone: Phone) -> None:
        await reach_card(phone)
        await phone.press(f"{VISA}##")
        await phone.hears("enter the expiry date")
        await phone.press("1230")
        await phone.hears("security code on")
        phone.hang_up()

    async with open_house() as house:
        await house.call(script)
        assert "card_no_input" not in [fact.prompt for fact in house.told(Said)]


async def test_a_pound_after_a_field_that_was_full_belongs_to_that_field(entries: list[CardEntry]) -> None:
    async def script(phone: Phone) -> None:
        await reach_card(phone)
        await key_card(phone, AMEX, expiry="1230#", code="1234#")

    async with open_house() as house:
        await house.call(script)
        assert await _outcome(house) == CallResult.PAID.value
        assert "card_no_input" not in _prompts(house)


@pytest.mark.parametrize(
    ("number", "says"), [("4242424242424241", "card_number_wrong"), ("1234", "card_number_wrong")]
)
async def test_a_wrong_number_is_said_and_asked_again(
    number: str, says: str, entries: list[CardEntry]
) -> None:
    async def script(phone: Phone) -> None:
        await reach_card(phone)
        await phone.press(f"{number}#")
        await phone.hears("enter your card number")
        await key_card(phone)

    async with open_house() as house:
        await house.call(script)
        assert says in _prompts(house)
        assert await _outcome(house) == CallResult.PAID.value


async def test_keys_typed_ahead_of_a_wrong_field_are_dropped(entries: list[CardEntry]) -> None:
    async def script(phone: Phone) -> None:
        await reach_card(phone)
        await phone.press("4242424242424241#1230#123#")
        await phone.hears("enter your card number")
        await key_card(phone)

    async with open_house() as house:
        await house.call(script)
        assert await _outcome(house) == CallResult.PAID.value


async def test_a_brand_that_is_not_taken_is_named_as_the_reason(entries: list[CardEntry]) -> None:
    async def script(phone: Phone) -> None:
        await reach_card(phone)
        await phone.press(AMEX)
        await phone.hears("do not accept that kind of card")
        phone.hang_up()

    async with open_house(accepted=frozenset({Brand.VISA})) as house:
        await house.call(script)


async def test_an_expired_card_and_a_short_code_have_prompts_of_their_own(entries: list[CardEntry]) -> None:
    async def script(phone: Phone) -> None:
        await reach_card(phone)
        await phone.press(f"{VISA}#")
        await phone.hears("enter the expiry date")
        await phone.press("0120")
        await phone.hears("expiry date is not right")
        await phone.hears("enter the expiry date")
        await phone.press("1230")
        await phone.hears("security code on")
        await phone.press("12#")
        await phone.hears("security code is not right")
        await phone.hears("security code on")
        await phone.press("123")

    async with open_house() as house:
        await house.call(script)
        assert await _outcome(house) == CallResult.PAID.value


async def test_star_clears_the_digits_of_the_field(entries: list[CardEntry]) -> None:
    async def script(phone: Phone) -> None:
        await reach_card(phone)
        await phone.press("4111*")
        await key_card(phone)

    async with open_house() as house:
        await house.call(script)
        assert await _outcome(house) == CallResult.PAID.value


async def test_star_in_an_empty_field_steps_back_to_the_one_before(entries: list[CardEntry]) -> None:
    async def script(phone: Phone) -> None:
        await reach_card(phone)
        await phone.press(f"{VISA}#")
        await phone.hears("enter the expiry date")
        await phone.press("*")
        await phone.hears("enter your card number")
        await key_card(phone, AMEX, code="1234")

    async with open_house() as house:
        await house.call(script)
        assert [payment.brand for payment in house.payments.all] == ["amex"]


@pytest.mark.parametrize("keys", ["**", "42**"])
async def test_star_twice_cancels_and_nothing_is_charged(keys: str, entries: list[CardEntry]) -> None:
    async def script(phone: Phone) -> None:
        await reach_card(phone)
        await phone.press(keys)
        await phone.hears("payment was cancelled")

    async with open_house() as house:
        await house.call(script)
        assert await _outcome(house) == CallResult.DECLINED_TO_PAY.value
        assert not house.payments.all


async def test_after_two_wrong_numbers_a_person_is_offered(entries: list[CardEntry]) -> None:
    async def script(phone: Phone) -> None:
        await reach_card(phone)
        await phone.press("4242424242424241#")
        await phone.hears("enter your card number")
        await phone.press("4242424242424241#")
        await phone.hears("could not take your card")
        await phone.hears("To speak to a person")
        await phone.press("2")

    async with open_house() as house:
        await house.call(script)
        assert await _outcome(house) == CallResult.CARD_NOT_TAKEN.value


async def test_silence_in_card_mode_is_an_attempt_too(entries: list[CardEntry]) -> None:
    async with open_house() as house:
        await house.call(reach_card)
        assert _prompts(house).count("card_no_input") == 1
        assert await _outcome(house) == CallResult.CARD_NOT_TAKEN.value


async def test_who_steps_back_and_forth_for_ever_is_stopped(entries: list[CardEntry]) -> None:
    async def script(phone: Phone) -> None:
        await reach_card(phone)
        for _ in range(20):
            await phone.press(f"{VISA}#", gap_s=0.05)
            await phone.hears("enter the expiry date")
            await phone.press("*")
            await anyio.sleep(1.1)

    async with open_house() as house:
        await house.call(script)
        assert await _outcome(house) == CallResult.CARD_NOT_TAKEN.value


async def test_who_keys_for_ever_is_stopped_by_the_longest_time(entries: list[CardEntry]) -> None:
    async def script(phone: Phone) -> None:
        await reach_card(phone)
        for _ in range(1000):
            await phone.press("4")
            await anyio.sleep(1)
            await phone.press("*")
            await anyio.sleep(1)

    async with open_house() as house:
        await house.call(script)
        assert (await house.session()).outcome == CallResult.CARD_NOT_TAKEN.value


async def test_nobody_hears_the_caller_while_the_card_is_keyed_in_and_only_then(
    entries: list[CardEntry],
) -> None:
    deaf: list[int] = []

    async def script(phone: Phone) -> None:
        await phone.hears("Hello")
        deaf.append(phone.call.deaf)
        await reach_card(phone)
        deaf.append(phone.call.deaf)
        await key_card(phone)
        await phone.hears("One moment")
        deaf.append(phone.call.deaf)

    async with open_house() as house:
        await house.call(script)
    assert deaf == [0, 1, 0]


async def test_a_hang_up_in_card_mode_ends_the_deafness_and_wipes_the_digits(
    entries: list[CardEntry],
) -> None:
    async def script(phone: Phone) -> None:
        await reach_card(phone)
        await phone.press("42424242")
        await anyio.sleep(0.1)
        assert entries[0].count(CardField.NUMBER) == 8
        phone.hang_up()

    async with open_house() as house:
        phone = await house.call(script)
        assert phone.call.deaf == 0
        assert await _outcome(house) == CallResult.HUNG_UP.value
        assert len(house.vault) == 0


async def test_memory_that_cannot_be_locked_takes_no_card(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_accepted: frozenset[Brand], _shortest_postal: int) -> CardEntry:
        raise CannotKeepSecret("no memory can be locked")

    monkeypatch.setattr("ivr.capture.booth.CardEntry", fail)
    async with open_house() as house:
        await house.call(reach_card)
        assert _prompts(house)[-2:] == ["closed_masking", "goodbye"]
        assert await _outcome(house) == CallResult.PAYMENT_UNAVAILABLE.value
