"""Payments that look risky: a one-time code is asked for on the call, or a person decides."""

from collections.abc import Awaitable, Callable
from random import Random

import pytest

from core.clock import Clock
from core.errors import OutOfReach
from core.events import Answered, Said
from core.letter import Letter
from ivr.result import CallResult
from messages.memory import MemoryLetters
from payments.fraud.one_time_code import MemoryCodes, OneTimeCodes
from payments.purchase import Purchase
from payments.risk import AllowAll, Decision, Verdict
from payments.session import State
from pbx.fake.phone import Phone
from tests.sim.callers import key_card, reach_card
from tests.sim.house import SimHouse, open_house

pytestmark = pytest.mark.anyio

CALLER = "+15550123"


class Suspicious(AllowAll):
    """Decides the same about everything, until a one-time code was given."""

    def __init__(self, decision: Decision) -> None:
        self._decision = decision

    async def score(self, purchase: Purchase) -> Verdict:
        return Verdict(Decision.ALLOW if purchase.challenged else self._decision)


def sent_by(messages: MemoryLetters) -> Callable[[Clock], OneTimeCodes]:
    return lambda clock: OneTimeCodes(MemoryCodes(), messages, bytes(32), clock, Random(5))


def code(messages: MemoryLetters) -> str:
    (letter,) = messages.put_in.values()
    assert letter.to == CALLER
    return str(letter.values["code"])


def keys_code(keys: Callable[[], str]) -> Callable[[Phone], Awaitable[None]]:
    """A caller who pays, and keys that in when asked for the code."""

    async def script(phone: Phone) -> None:
        await reach_card(phone)
        await key_card(phone)
        await phone.hears("we have sent a code")
        await phone.press(keys())
        await phone.hears("Good bye")

    return script


def said(house: SimHouse) -> list[str]:
    return [fact.prompt for fact in house.told(Said)]


async def test_a_caller_who_keys_the_code_in_has_paid_once() -> None:
    messages = MemoryLetters()
    async with open_house(fraud=Suspicious(Decision.CHALLENGE), codes=sent_by(messages)) as house:
        await house.call(keys_code(lambda: code(messages)), caller=CALLER)
        assert (await house.session()).outcome == CallResult.PAID.value
        assert [payment.state for payment in house.payments.all] == [State.CAPTURED]
        answers = [fact.value for fact in house.told(Answered) if fact.question == "one-time code"]
        assert answers == ["right"]
        assert not any(code(messages) in str(fact) for fact in house.facts.told)


async def test_a_caller_without_the_code_is_not_charged() -> None:
    messages = MemoryLetters()

    async def guess(phone: Phone) -> None:
        await reach_card(phone)
        await key_card(phone)
        wrong = "111111"
        await phone.hears("we have sent a code")
        for _ in range(3):
            await phone.press(wrong)
            await phone.hears("Without the code" if _ == 2 else "not the code")
        await phone.hears("Good bye")

    async with open_house(fraud=Suspicious(Decision.CHALLENGE), codes=sent_by(messages)) as house:
        await house.call(guess, caller=CALLER)
        assert code(messages) != "111111"
        assert (await house.session()).outcome == CallResult.PAYMENT_UNAVAILABLE.value
        assert house.payments.all == []
        assert not house.gateway.books.charged


async def test_a_caller_who_keeps_silent_is_not_charged() -> None:
    messages = MemoryLetters()
    async with open_house(fraud=Suspicious(Decision.CHALLENGE), codes=sent_by(messages)) as house:
        await house.call(keys_code(lambda: ""), caller=CALLER)
        assert "code_failed" in said(house)
        assert house.payments.all == []


async def test_where_no_code_can_be_sent_nothing_is_charged() -> None:
    class Broken(MemoryLetters):
        async def put(self, letter: Letter) -> None:
            raise OutOfReach("the database does not answer")

    async def script(phone: Phone) -> None:
        await reach_card(phone)
        await key_card(phone)
        await phone.hears("cannot take payments")
        await phone.hears("Good bye")

    for codes, caller in ((sent_by(Broken()), CALLER), (None, CALLER), (sent_by(MemoryLetters()), "")):
        async with open_house(fraud=Suspicious(Decision.CHALLENGE), codes=codes) as house:
            await house.call(script, caller=caller)
            assert house.payments.all == []
            assert "ask_code" not in said(house)


async def test_a_payment_that_a_person_must_see_is_not_charged() -> None:
    async def script(phone: Phone) -> None:
        await reach_card(phone)
        await key_card(phone)
        await phone.hears("A person must look at your payment")
        await phone.hears("Good bye")

    async with open_house(fraud=Suspicious(Decision.REVIEW)) as house:
        await house.call(script, caller=CALLER)
        assert house.payments.all == []


async def test_a_refused_payment_sounds_like_a_refusal_of_the_bank() -> None:
    async def script(phone: Phone) -> None:
        await reach_card(phone)
        await key_card(phone)
        await phone.hears("The bank declined the card")
        phone.hang_up()

    async with open_house(fraud=Suspicious(Decision.REFUSE)) as house:
        await house.call(script, caller=CALLER)
        assert house.payments.all == []
        assert (await house.session()).outcome == CallResult.DECLINED.value
