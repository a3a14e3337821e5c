"""The flow that pays a bill: each way through it, as a whole call."""

import anyio
import pytest

from core.events import Answered, Said
from core.money import Money
from ivr.result import CallResult
from payments.gateways.sandbox.gateway import Fault
from payments.session import State
from pbx.fake.phone import Phone, silent
from pbx.fake.switch import Answers
from tests.sim.callers import (
    ACCOUNT,
    AMEX,
    CHARGED_IN_SILENCE,
    NO_FUNDS,
    STOLEN,
    key_account,
    key_card,
    pay,
    reach_card,
)
from tests.sim.house import AGENTS, SimHouse, open_house

pytestmark = pytest.mark.anyio


def _said(house: SimHouse) -> list[str]:
    return [fact.prompt for fact in house.told(Said)]


async def _outcome(house: SimHouse) -> str:
    return (await house.session()).outcome


async def test_a_caller_pays_all_that_is_due_and_hears_the_code_twice() -> None:
    async with open_house() as house:
        await house.call(pay)
        (payment,) = house.payments.all
        assert await _outcome(house) == CallResult.PAID.value
        assert (payment.state, payment.amount) == (State.CAPTURED, Money(12_550, "USD"))
        (paid,) = [fact.text for fact in house.told(Said) if fact.prompt == "paid"]
        code = paid.split("code is: ")[1].split(". Once more: ")[0]
        assert paid.count(code) == 2


async def test_a_known_caller_confirms_the_account_with_one_key() -> None:
    async def script(phone: Phone) -> None:
        await phone.hears("account ending in seven eight")
        await phone.press("1")
        await phone.hears("To pay all of it")
        phone.hang_up()

    async with open_house(callers=[("+15550123", ACCOUNT)]) as house:
        await house.call(script, caller="+15550123")
        assert Answered(house.told(Answered)[0].call, "account", "xxxxxx78") in house.told(Answered)
        assert "ask_account" not in _said(house)


async def test_a_known_caller_may_pay_another_account() -> None:
    async def script(phone: Phone) -> None:
        await phone.hears("account ending in seven eight")
        await phone.press("2")
        await key_account(phone, "5550")

    async with open_house(callers=[("+15550123", ACCOUNT)]) as house:
        await house.call(script, caller="+15550123")
        assert await _outcome(house) == CallResult.NOTHING_DUE.value


async def test_a_number_that_several_accounts_share_is_asked_for_the_account() -> None:
    async with open_house(callers=[("+15550123", ACCOUNT), ("+15550123", "5550")]) as house:
        await house.call(pay, caller="+15550123")
        assert await _outcome(house) == CallResult.PAID.value


async def test_an_account_that_is_not_found_is_asked_for_again_with_more_help_each_time() -> None:
    async def script(phone: Phone) -> None:
        await key_account(phone, "999")
        await phone.hears("could not find an account")
        await key_account(phone, "998")
        await phone.hears("could not find that account either")
        await pay(phone)

    async with open_house() as house:
        await house.call(script)
        assert await _outcome(house) == CallResult.PAID.value


async def test_who_never_finds_the_account_is_offered_a_person() -> None:
    async def script(phone: Phone) -> None:
        for _ in range(3):
            await key_account(phone, "999")
        await phone.hears("To speak to a person, press one")
        await phone.press("2")

    async with open_house() as house:
        await house.call(script)
        assert await _outcome(house) == CallResult.NO_MATCH.value


async def test_a_silent_caller_is_asked_three_times_and_then_hears_good_bye() -> None:
    async with open_house() as house:
        await house.call(silent)
        assert await _outcome(house) == CallResult.NO_INPUT.value
        asked = ["ask_account", "still_there", "no_input", "ask_account", "no_input_again", "ask_account"]
        assert _said(house) == ["greeting", *asked, "goodbye"]


async def test_zero_at_a_question_brings_a_person() -> None:
    async def script(phone: Phone) -> None:
        await phone.hears("enter your account number")
        await phone.press("0#")
        await phone.ended()

    async def agent(phone: Phone) -> None:
        await phone.hears("A caller wants help")
        phone.hang_up()

    async with open_house() as house:
        house.switch.answers[AGENTS] = Answers(agent)
        await house.call(script)
        assert house.switch.dialed[0].to == AGENTS


async def test_nothing_due_is_said_and_no_card_is_asked_for() -> None:
    async def script(phone: Phone) -> None:
        await key_account(phone, "5550")
        await phone.hears("has nothing to pay")

    async with open_house() as house:
        await house.call(script)
        assert await _outcome(house) == CallResult.NOTHING_DUE.value
        assert not house.payments.all


async def test_another_amount_is_keyed_in_with_star_as_the_point_and_confirmed() -> None:
    async def script(phone: Phone) -> None:
        await key_account(phone)
        await phone.hears("To pay all of it")
        await phone.press("2")
        await phone.hears("Please enter the amount")
        await phone.press("25*50#")
        await phone.hears("twenty-five dollars and fifty cents")
        await phone.press("1")
        await phone.hears("enter your card number")
        await key_card(phone)

    async with open_house() as house:
        await house.call(script)
        assert [payment.amount for payment in house.payments.all] == [Money(2550, "USD")]


async def test_an_amount_above_what_is_due_or_of_nothing_is_asked_for_again() -> None:
    async def script(phone: Phone) -> None:
        await key_account(phone)
        await phone.hears("To pay all of it")
        await phone.press("2")
        for wrong in ("500#", "00#"):
            await phone.hears("Please enter the amount")
            await phone.press(wrong)
        await phone.hears("not an amount that can be paid")
        phone.hang_up()

    async with open_house() as house:
        await house.call(script)
        assert "confirm_amount" not in _said(house)


async def test_an_amount_can_be_changed_before_it_is_confirmed() -> None:
    async def script(phone: Phone) -> None:
        await key_account(phone)
        await phone.hears("To pay all of it")
        await phone.press("2")
        await phone.hears("Please enter the amount")
        await phone.press("100#")
        await phone.hears("one hundred dollars")
        await phone.press("2")
        await phone.hears("Please enter the amount")
        await phone.press("10#")
        await phone.hears("ten dollars")
        await phone.press("1")
        await phone.hears("enter your card number")
        await key_card(phone)

    async with open_house() as house:
        await house.call(script)
        assert [payment.amount for payment in house.payments.all] == [Money(1000, "USD")]


async def test_who_does_not_want_to_pay_now_is_not_asked_for_a_card() -> None:
    async def script(phone: Phone) -> None:
        await key_account(phone)
        await phone.hears("To pay all of it")
        await phone.press("3")

    async with open_house() as house:
        await house.call(script)
        assert await _outcome(house) == CallResult.DECLINED_TO_PAY.value
        assert "card_number" not in _said(house)


async def test_after_a_refusal_another_card_may_pay() -> None:
    async def script(phone: Phone) -> None:
        await reach_card(phone)
        await key_card(phone, NO_FUNDS)
        await phone.hears("not enough money")
        await phone.hears("To try another card")
        await phone.press("1")
        await phone.hears("enter your card number")
        await key_card(phone, AMEX, code="1234")

    async with open_house() as house:
        await house.call(script)
        assert await _outcome(house) == CallResult.PAID.value
        assert [payment.state for payment in house.payments.all] == [State.DECLINED, State.CAPTURED]


async def test_after_three_refused_cards_a_person_is_offered() -> None:
    async def script(phone: Phone) -> None:
        await reach_card(phone)
        for attempt in range(3):
            await key_card(phone, NO_FUNDS)
            if attempt < 2:
                await phone.hears("To try another card")
                await phone.press("1")
                await phone.hears("enter your card number")
        await phone.hears("To speak to a person, press one")
        await phone.press("2")

    async with open_house() as house:
        await house.call(script)
        assert await _outcome(house) == CallResult.DECLINED.value
        assert len(house.payments.all) == 3


async def test_a_stolen_card_is_refused_like_any_other_and_no_second_one_is_taken() -> None:
    async def script(phone: Phone) -> None:
        await reach_card(phone)
        await key_card(phone, STOLEN)
        await phone.hears("The bank declined the card")
        await phone.hears("To speak to a person")
        await phone.press("2")

    async with open_house() as house:
        await house.call(script)
        assert "ask_another_card" not in _said(house)
        assert not any("stolen" in fact.text for fact in house.told(Said))


async def test_when_the_bank_is_silent_the_caller_is_told_not_to_pay_again() -> None:
    async def script(phone: Phone) -> None:
        await reach_card(phone)
        await key_card(phone, CHARGED_IN_SILENCE)
        await phone.hears("will not be charged twice")

    async with open_house() as house:
        await house.call(script)
        assert await _outcome(house) == CallResult.PENDING.value
        assert [payment.state for payment in house.payments.all] == [State.UNKNOWN]


async def test_a_second_call_does_not_pay_while_the_first_payment_is_open() -> None:
    async def first(phone: Phone) -> None:
        await reach_card(phone)
        await key_card(phone, CHARGED_IN_SILENCE)

    async def second(phone: Phone) -> None:
        await reach_card(phone)
        await key_card(phone)
        await phone.hears("An earlier payment")

    async with open_house() as house:
        await house.call(first)
        await house.call(second)
        assert len(house.payments.all) == len(house.gateway.books.entries) == 1


async def test_who_heard_what_was_due_before_somebody_else_paid_it_is_not_charged() -> None:
    paid = anyio.Event()

    async def slower(phone: Phone) -> None:
        await reach_card(phone)
        await paid.wait()
        await key_card(phone)
        await phone.hears("Somebody has paid")

    async def quicker(phone: Phone) -> None:
        await reach_card(phone)
        await key_card(phone)
        await phone.hears("was accepted")
        paid.set()

    async with open_house() as house, anyio.create_task_group() as callers:
        callers.start_soon(house.call, slower)
        callers.start_soon(house.call, quicker)
    assert len(house.gateway.books.charged) == 1
    assert {session.outcome for session in house.kept} == {"paid", "bill_changed"}


async def test_when_no_gateway_can_be_asked_the_caller_hears_that_nothing_was_charged() -> None:
    async def script(phone: Phone) -> None:
        await reach_card(phone)
        await key_card(phone)
        await phone.hears("cannot take payments right now")

    async with open_house() as house:
        house.gateway.fail(Fault.REFUSE)
        await house.call(script)
        assert await _outcome(house) == CallResult.PAYMENT_UNAVAILABLE.value
        assert not house.gateway.books.charged


async def test_a_charge_whose_caller_hangs_up_is_still_settled() -> None:
    async def script(phone: Phone) -> None:
        await reach_card(phone)
        await key_card(phone)
        await phone.hears("One moment please")
        phone.hang_up()

    async with open_house() as house:
        house.gateway.fail(Fault.SLOW, seconds=8)
        await house.call(script)
        assert await _outcome(house) == CallResult.PENDING.value
        assert await house.desk.drain(60) == 0
        assert [payment.state for payment in house.payments.all] == [State.CAPTURED]
        assert len(house.gateway.books.charged) == 1


async def test_star_says_the_confirmation_code_again() -> None:
    async def script(phone: Phone) -> None:
        await reach_card(phone)
        await key_card(phone)
        for _ in range(2):
            await phone.hears("code again, press star")
            await phone.press("*")
        await phone.hears("code again, press star")

    async with open_house() as house:
        await house.call(script)
        assert _said(house).count("paid") == 3


async def test_keys_pressed_in_impatience_do_not_cut_the_confirmation_code_off() -> None:
    async def script(phone: Phone) -> None:
        await reach_card(phone)
        await key_card(phone)
        await phone.hears("One moment please")
        await phone.press("###")
        assert await phone.hears_out("confirmation code is")

    async with open_house() as house:
        await house.call(script)
        assert await _outcome(house) == CallResult.PAID.value


async def test_who_hangs_up_after_the_payment_has_paid() -> None:
    async def script(phone: Phone) -> None:
        await reach_card(phone)
        await key_card(phone)
        await phone.hears("confirmation code is")
        phone.hang_up()

    async with open_house() as house:
        await house.call(script)
        assert await _outcome(house) == CallResult.PAID.value
