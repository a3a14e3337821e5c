"""Captures that an application or an agent leads, on calls with a person or without."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import anyio
import anyio.lowlevel
import pytest

from core.errors import BadInput, StoreLost
from core.events import CaptureEnded, CardProgress, Said
from core.ids import CallId
from ivr.capture.captures import Captures, NoSuchCapture
from ivr.capture.guard import Check, Need
from ivr.capture.parameters import order_of
from ivr.capture.session import CaptureRefused, PaymentSession
from ivr.capture.view import Status, View
from ivr.capture.words import ErrorType, Result
from payments.card import CardField
from payments.gateways.sandbox.gateway import Fault
from payments.webhooks.outbox import JsonValue
from pbx.fake.phone import Phone
from pbx.fake.switch import Answers
from tests.sim.callers import AMEX, VISA
from tests.sim.house import AGENTS, SimHouse, open_house
from tests.sim.leaks import leaks

pytestmark = pytest.mark.anyio

_HOOK = "https://shop.example.com/hooks"
_CHARGE: Mapping[str, JsonValue] = {
    "ChargeAmount": "12.50",
    "Currency": "usd",
    "PostalCode": "false",
    "StatusCallback": _HOOK,
    "Timeout": "60",
    "MaxAttempts": "2",
}


@dataclass
class Desk:
    """An application's or agent's side of one call."""

    house: SimHouse
    phone: Phone

    @property
    def captures(self) -> Captures:
        return self.house.captures

    @property
    def call(self) -> CallId:
        return self.phone.call.id

    async def open(self, key: str = "k1", **other: JsonValue) -> View:
        return await self.captures.open(self.call, order_of({**_CHARGE, **other}), key)

    @property
    def session(self) -> PaymentSession:
        return self.captures.on(self.call)

    async def take(self, step: CardField, keys: str) -> None:
        """Have a field captured, and key it in."""
        self.session.capture(step)
        await anyio.sleep(1)
        await self.phone.press(keys)
        await anyio.sleep(1)

    async def take_card(self) -> None:
        await self.take(CardField.NUMBER, f"{VISA}#")
        await self.take(CardField.EXPIRY, "1230")
        await self.take(CardField.CODE, "123")

    @property
    def told(self) -> list[Mapping[str, JsonValue]]:
        return [posted.data for posted in self.house.outbox.posted]


async def _agent(phone: Phone) -> None:
    await phone.hears_out("A caller wants help")
    await phone.ended()


@asynccontextmanager
async def _with_agent(checks: Mapping[Need, Check] | None = None) -> AsyncIterator[Desk]:
    """A caller and an agent talk."""
    async with open_house(checks=checks) as house:
        house.switch.answers[AGENTS] = Answers(_agent)
        phone = house.switch.place(flow="speak_to_agent")
        await anyio.sleep(30)
        assert phone.call.partner is not None
        yield Desk(house, phone)
        phone.hang_up()
        await house.runner.drained()
        assert len(house.vault) == 0
        assert phone.call.deaf == 0
        assert leaks(map(repr, [*house.facts.told, *house.outbox.posted]), [VISA, AMEX]) == []


@asynccontextmanager
async def _with_application() -> AsyncIterator[Desk]:
    """A caller waits for what a program wants."""
    async with open_house() as house:
        phone = house.switch.place(flow="for_application")
        await phone.hears_out("One moment")
        await anyio.sleep(0.1)
        yield Desk(house, phone)
        phone.hang_up()
        await house.runner.drained()
        assert leaks(map(repr, [*house.facts.told, *house.outbox.posted]), [VISA, AMEX]) == []


async def test_an_agent_takes_a_card_field_by_field_and_the_caller_hears_no_prompt() -> None:
    async with _with_agent() as desk:
        said = len(desk.house.told(Said))
        view = await desk.open()
        await anyio.sleep(0.1)
        assert (view.status, desk.phone.call.deaf) == (Status.OPEN, 1)
        assert view.required == (CardField.NUMBER, CardField.EXPIRY, CardField.CODE)
        await desk.take_card()
        session = desk.session
        assert session.view.required == ()
        session.complete()
        await anyio.sleep(2)
        assert (session.view.status, session.view.result) == (Status.COMPLETE, Result.SUCCESS)
        [payment] = desk.house.payments.all
        assert (payment.amount.minor, payment.last4) == (1250, "4242")
        assert session.view.confirmation == payment.receipt
        assert payment.attempt is not None
        screened = desk.house.payments.attempts[payment.attempt].purchase
        assert (screened.caller, screened.asks_code) == (desk.phone.call.caller.number, False)
        assert screened.caller.startswith("+")
        assert len(desk.house.told(Said)) == said
        assert (desk.phone.call.deaf, desk.phone.call.partner is not None) == (0, True)


async def test_callbacks_tell_counts_then_masks_and_then_what_came_of_it() -> None:
    async with _with_agent() as desk:
        await desk.open()
        await desk.take_card()
        desk.session.complete()
        await anyio.sleep(2)
        numbers = [
            (one["PaymentCardNumber"], one["PartialResult"])
            for one in desk.told
            if one.get("For") == "payment-card-number" and "PaymentCardNumber" in one
        ]
        assert numbers == [("x" * count, True) for count in range(1, 17)] + [("*" * 12 + "4242", False)]
        last = desk.told[-1]
        assert last["For"] == "payment-processing"
        assert (last["Result"], last["SecurityCode"], last["PaymentCardType"]) == ("success", "***", "visa")
        assert last["Required"] == ""
        assert {posted.event for posted in desk.house.outbox.posted} == {"payment.capture"}
        assert desk.told[0]["Required"] == "payment-card-number expiration-date security-code"


async def test_an_agent_may_have_a_field_taken_again() -> None:
    async with _with_agent() as desk:
        await desk.open()
        await desk.take_card()
        await desk.take(CardField.NUMBER, f"{AMEX}#")
        assert desk.session.view.required == (CardField.CODE,)  # it belonged to the other card
        await desk.take(CardField.CODE, "1234")
        desk.session.complete()
        await anyio.sleep(2)
        assert [payment.brand for payment in desk.house.payments.all] == ["amex"]


async def test_a_field_that_is_asked_for_anew_while_it_is_keyed_in_begins_anew() -> None:
    async with _with_agent() as desk:
        await desk.open()
        await desk.take(CardField.NUMBER, VISA[:9])
        await desk.take(CardField.NUMBER, f"{VISA}#")
        assert desk.session.view.masks[CardField.NUMBER] == "*" * 12 + "4242"


async def test_a_caller_may_redo_a_field_with_a_star_also_after_it() -> None:
    async with _with_agent() as desk:
        await desk.open()
        await desk.take(CardField.NUMBER, f"1234*{VISA}#")
        await desk.phone.press("*")
        await anyio.sleep(2)
        assert desk.session.view.step is CardField.NUMBER
        await desk.phone.press(f"{AMEX}#")
        await anyio.sleep(1)
        assert desk.session.view.masks[CardField.NUMBER] == "*" * 11 + "0005"


@pytest.mark.parametrize("keys", ["**", "42**"])
async def test_a_caller_may_cancel_while_a_field_is_taken(keys: str) -> None:
    async with _with_agent() as desk:
        await desk.open()
        session = desk.session
        await desk.take(CardField.NUMBER, keys)
        assert (session.view.status, session.view.result) == (Status.CANCELLED, Result.STAR)
        assert desk.phone.call.deaf == 0


async def test_a_caller_may_cancel_between_two_fields() -> None:
    async with _with_agent() as desk:
        await desk.open()
        session = desk.session
        await desk.take(CardField.NUMBER, f"{VISA}#")
        await desk.phone.press("**")
        await anyio.sleep(0.1)
        assert (session.view.status, session.view.result) == (Status.CANCELLED, Result.STAR)


async def test_an_agent_may_cancel_and_all_digits_are_gone() -> None:
    async with _with_agent() as desk:
        await desk.open()
        session = desk.session
        await desk.take(CardField.NUMBER, f"{VISA}#")
        session.cancel()
        await anyio.sleep(0.1)
        assert (session.view.status, session.view.result) == (Status.CANCELLED, None)
        assert desk.phone.call.deaf == 0
        assert desk.told[-1]["Status"] == "cancel"
        session.cancel()
        with pytest.raises(CaptureRefused, match="is over"):
            session.capture(CardField.NUMBER)


async def test_a_wrong_field_is_told_with_its_error_and_attempt_and_taken_again() -> None:
    async with _with_agent() as desk:
        await desk.open()
        await desk.take(CardField.NUMBER, "4242424242424241#")
        await anyio.sleep(2)
        errors = [(one["ErrorType"], one["Attempt"]) for one in desk.told if "ErrorType" in one]
        assert errors == [("invalid-card-number", 1)]
        assert desk.session.view.masks == {}
        await desk.phone.press(f"{VISA}#")
        await anyio.sleep(1)
        assert CardField.NUMBER not in desk.session.view.required


async def test_a_field_that_was_wrong_too_often_waits_until_it_is_asked_for_again() -> None:
    async with _with_agent() as desk:
        await desk.open()
        session = desk.session
        await desk.take(CardField.NUMBER, "1234#")
        await anyio.sleep(2)
        await desk.phone.press("1234#")
        await anyio.sleep(2)
        assert (session.view.status, session.view.step) == (Status.OPEN, None)
        await desk.take(CardField.NUMBER, f"{VISA}#")
        assert CardField.NUMBER not in session.view.required


async def test_a_security_code_before_its_number_is_out_of_sequence() -> None:
    async with _with_agent() as desk:
        await desk.open()
        with pytest.raises(CaptureRefused) as refused:
            desk.session.capture(CardField.CODE)
        assert refused.value.error is ErrorType.SEQUENCE


async def test_a_session_is_not_complete_while_a_required_field_is_missing() -> None:
    async with _with_agent() as desk:
        await desk.open()
        await desk.take(CardField.NUMBER, f"{VISA}#")
        with pytest.raises(CaptureRefused, match="expiration-date, security-code") as refused:
            desk.session.complete()
        assert refused.value.error is Result.VALIDATION_ERROR


async def test_a_field_that_the_terms_do_not_ask_for_is_refused() -> None:
    async with _with_agent() as desk:
        await desk.open()
        with pytest.raises(BadInput, match="bank-routing-number is not asked for"):
            desk.session.capture(CardField.ROUTING)


async def test_two_sessions_on_one_call_are_one_too_many() -> None:
    async with _with_agent() as desk:
        await desk.open("k1")
        with pytest.raises(CaptureRefused) as refused:
            await desk.open("k2")
        assert refused.value.error is ErrorType.IN_PROGRESS
        desk.session.cancel()
        await anyio.sleep(0.1)
        assert (await desk.open("k2")).status is Status.OPEN


async def test_the_same_key_is_the_same_session_and_never_another_order() -> None:
    async with _with_agent() as desk:
        first = await desk.open("k1")
        assert (await desk.open("k1")).id == first.id
        with pytest.raises(BadInput, match="another order"):
            await desk.open("k1", ChargeAmount="13.50")


async def test_a_hang_up_in_the_middle_is_told_and_leaves_no_digit() -> None:
    async with _with_agent() as desk:
        await desk.open()
        session = desk.session
        await desk.take(CardField.NUMBER, VISA[:8])
        desk.phone.hang_up()
        await desk.house.runner.drained()
        await anyio.sleep(1)
        assert (session.view.status, session.view.result) == (Status.CANCELLED, Result.HUNG_UP)
        assert desk.told[-1]["Result"] == "caller-hung-up"
        assert desk.house.told(CaptureEnded)[-1].result == "caller-hung-up"


async def test_a_charge_whose_caller_hangs_up_is_still_settled_and_told() -> None:
    async with _with_agent() as desk:
        await desk.open()
        session = desk.session
        await desk.take_card()
        desk.house.gateway.fail(Fault.SLOW, seconds=5)
        session.complete()
        await anyio.sleep(1)
        assert (session.view.status, session.view.result) == (Status.COMPLETE, None)
        desk.phone.hang_up()
        await anyio.sleep(10)
        assert desk.told[-1]["Result"] == "success"


async def test_an_agent_who_hangs_up_ends_the_session() -> None:
    async with _with_agent() as desk:
        await desk.open()
        session = desk.session
        await desk.take(CardField.NUMBER, f"{VISA}#")
        assert desk.phone.call.partner is not None
        await desk.phone.call.partner.hang_up()
        await anyio.sleep(0.5)
        assert session.view.status is Status.CANCELLED
        assert desk.phone.call.deaf == 0


async def test_a_confirmation_is_the_callers_1_and_2_takes_all_again() -> None:
    async with _with_agent() as desk:
        await desk.open(Confirmation="true")
        session = desk.session
        await desk.take_card()
        session.complete()
        await anyio.sleep(1)
        await desk.phone.press("2")
        await anyio.sleep(1)
        assert len(session.view.required) == 3
        await desk.take_card()
        session.complete()
        await anyio.sleep(1)
        await desk.phone.press("1")
        await anyio.sleep(2)
        assert session.view.result is Result.SUCCESS


@pytest.mark.parametrize("kind", ["one-time", "reusable", "payment-method"])
async def test_no_charge_is_a_token(kind: str) -> None:
    async with _with_agent() as desk:
        await desk.open(ChargeAmount="0", TokenType=kind)
        session = desk.session
        await desk.take_card()
        session.complete()
        await anyio.sleep(2)
        assert session.view.result is Result.SUCCESS
        assert session.view.token
        assert not desk.house.payments.all


async def test_a_token_that_no_gateway_gives_is_a_connector_error() -> None:
    async with _with_agent() as desk:
        await desk.open(PaymentMethod="ach-debit", ChargeAmount="0")
        session = desk.session
        await desk.take(CardField.ROUTING, "021000021")
        await desk.take(CardField.ACCOUNT, "000123456789#")
        session.complete()
        await anyio.sleep(1)
        assert session.view.result is Result.CONNECTOR_ERROR
        assert desk.told[-1]["BankAccountNumber"] == "*" * 10 + "89"
        assert desk.told[-1]["BankAccountType"] == "consumer-checking"


async def test_a_caller_without_a_person_hears_the_questions() -> None:
    async with _with_application() as desk:
        await desk.open()
        session = desk.session
        session.capture(CardField.NUMBER)
        await desk.phone.hears("enter your card number")
        await desk.phone.press("1234#")
        await desk.phone.hears("card number is not right")
        await desk.phone.hears("enter your card number")
        await desk.phone.press(f"{VISA}#")
        await anyio.sleep(1)
        session.capture(CardField.EXPIRY)
        await desk.phone.hears("expiry date, two")
        await desk.phone.press("1230")
        await anyio.sleep(1)
        session.capture(CardField.CODE)
        await desk.phone.hears("security code on")
        await desk.phone.press("123")
        await anyio.sleep(1)
        session.complete()
        await anyio.sleep(2)
        assert session.view.result is Result.SUCCESS


async def test_the_words_of_a_program_are_said_while_the_gateway_is_asked() -> None:
    async with _with_application() as desk:
        words = {"say": "Your bank is asked now.", "for": "payment-processing"}
        await desk.open(prompts=[words, {"say": "Card please.", "for": ["payment-card-number"]}])
        session = desk.session
        desk.house.gateway.fail(Fault.SLOW, seconds=5)
        session.capture(CardField.NUMBER)
        await desk.phone.hears("Card please")
        await desk.phone.press(f"{VISA}#")
        await anyio.sleep(1)
        for step, keys in ((CardField.EXPIRY, "1230"), (CardField.CODE, "123")):
            session.capture(step)
            await anyio.sleep(8)
            await desk.phone.press(keys)
            await anyio.sleep(1)
        session.complete()
        await desk.phone.hears("Your bank is asked now")
        assert session.view.result is None
        await anyio.sleep(10)
        assert session.view.result is Result.SUCCESS


@pytest.mark.parametrize("ends", ["complete", "cancel", "hang-up"])
async def test_an_action_is_told_once_how_it_ended(ends: str) -> None:
    async with _with_agent() as desk:
        await desk.open(StatusCallback="", Action="https://shop.example.com/done")
        await desk.take_card()
        match ends:
            case "complete":
                desk.session.complete()
            case "cancel":
                desk.session.cancel()
            case _:
                desk.phone.hang_up()
        await anyio.sleep(2)
        [told] = desk.house.outbox.posted
        ended = {"complete": "success", "cancel": None, "hang-up": "caller-hung-up"}[ends]
        assert (told.url, told.data.get("Result")) == ("https://shop.example.com/done", ended)


async def test_no_session_is_opened_while_the_flow_asks_the_caller_itself() -> None:
    async with open_house() as house:
        phone = house.switch.place()
        await phone.hears("enter your account number")
        with pytest.raises(CaptureRefused, match="leads the conversation"):
            await house.captures.open(phone.call.id, order_of(_CHARGE), "k1")
        phone.hang_up()
        await house.runner.drained()


async def test_a_call_that_is_not_up_has_no_session() -> None:
    async with _with_agent() as desk:
        with pytest.raises(NoSuchCapture):
            await desk.captures.open(CallId("call_other"), order_of(_CHARGE), "k1")
        with pytest.raises(NoSuchCapture):
            desk.captures.find(desk.call, "cap_none")
        with pytest.raises(NoSuchCapture):
            desk.captures.on(desk.call)


async def test_where_the_audit_log_is_down_no_session_is_opened_and_the_agent_hears_why() -> None:
    async def lost(_call: CallId) -> None:
        raise StoreLost("the database does not answer")

    async with _with_agent({Need.AUDIT: lost}) as desk:
        with pytest.raises(CaptureRefused, match="audit log is down") as refused:
            await desk.open()
        assert refused.value.error is ErrorType.INTERNAL
        assert not desk.house.told(CardProgress)


async def test_a_session_that_nobody_ends_is_ended() -> None:
    async with _with_agent() as desk:
        await desk.open()
        session = desk.session
        await anyio.sleep(1801)
        assert (session.view.status, session.view.error) == (Status.CANCELLED, ErrorType.TIMEOUT)
        assert desk.phone.call.deaf == 0
