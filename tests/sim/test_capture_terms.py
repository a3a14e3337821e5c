"""The attributes of the keypad verb: what each makes of a capture, as a caller meets it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

import anyio
import pytest

from core.errors import BadInput
from core.events import CaptureEnded, CardProgress, CardRefused, Said
from core.money import Money
from ivr.capture.capture import Captured, NotCaptured
from ivr.capture.prompts import Rule
from ivr.capture.terms import CaptureTerms
from ivr.capture.words import ErrorType, Method, Result
from ivr.line import Line
from ivr.prompt import Prompt
from ivr.result import CallResult
from ivr.services import Services
from ivr.steps.menu import ask_yes_no
from payments.brand import Brand
from payments.card import CardField
from payments.vault import SealedAccount, SealedCard
from pbx.fake.phone import Phone
from tests.sim.callers import AMEX, VISA, key_card
from tests.sim.house import SimHouse, open_house

pytestmark = pytest.mark.anyio

Script = Callable[[Phone], Awaitable[None]]
_CARD: Final = ("payment-card-number", "expiration-date", "security-code")


@dataclass
class Taking:
    """A flow that captures once, and says what came of it."""

    terms: CaptureTerms
    outcomes: list[Captured | NotCaptured] = field(default_factory=list)

    async def __call__(self, line: Line, _services: Services) -> CallResult:
        self.outcomes.append(await line.capture_payment(self.terms))
        await line.say(Prompt("goodbye"))
        return CallResult.SERVED


async def _taken(terms: CaptureTerms, script: Script) -> tuple[Captured | NotCaptured, SimHouse]:
    taking = Taking(terms)
    async with open_house(flows={"pay_bill": taking}) as house:
        await house.call(script)
    [outcome] = taking.outcomes
    return outcome, house


def _prompts(house: SimHouse) -> list[str]:
    return [fact.prompt for fact in house.told(Said)]


def _errors(house: SimHouse) -> list[tuple[str, str, int]]:
    return [(fact.field, fact.error, fact.attempt) for fact in house.told(CardRefused)]


async def test_a_card_without_code_is_asked_for_its_number_and_expiry_only() -> None:
    async def script(phone: Phone) -> None:
        await phone.hears("enter your card number")
        await phone.press(f"{VISA}#1230", gap_s=0.25)

    outcome, house = await _taken(CaptureTerms(security_code=False), script)
    assert isinstance(outcome, Captured)
    assert {fact.field for fact in house.told(CardProgress)} == set(_CARD[:2])
    assert house.told(CaptureEnded)[-1].result == "success"


async def test_a_postal_code_is_asked_for_and_too_short_a_one_is_asked_for_again() -> None:
    async def script(phone: Phone) -> None:
        await phone.hears("enter your card number")
        await key_card(phone)
        await phone.hears("enter the postal code")
        await phone.press("9021#")
        await phone.hears("postal code is too short")
        await phone.hears("enter the postal code")
        await phone.press("90210#")

    outcome, house = await _taken(CaptureTerms(postal_code=True, shortest_postal=5), script)
    assert isinstance(outcome, Captured)
    assert _errors(house) == [("postal-code", "invalid-postal-code", 1)]


async def test_a_postal_code_that_is_known_is_not_asked_for() -> None:
    async def script(phone: Phone) -> None:
        await phone.hears("enter your card number")
        await key_card(phone)

    outcome, house = await _taken(CaptureTerms(postal_code="90210"), script)
    assert isinstance(outcome, Captured)
    assert "card_postal" not in _prompts(house)


async def test_a_bank_account_is_taken_by_routing_and_account_number() -> None:
    async def script(phone: Phone) -> None:
        await phone.hears("routing number of your bank")
        await phone.press("021000022")
        await phone.hears("routing number is not right")
        await phone.hears("routing number of your bank")
        await phone.press("021000021")
        await phone.hears("bank account number")
        await phone.press("12#")
        await phone.hears("account number is too short")
        await phone.hears("bank account number")
        await phone.press("000123456789#")

    outcome, house = await _taken(CaptureTerms(method=Method.ACH_DEBIT), script)
    assert isinstance(outcome, Captured)
    assert isinstance(outcome.sealed, SealedAccount)
    assert outcome.sealed.last2 == "89"
    assert [error for _, error, _ in _errors(house)] == [
        "invalid-bank-routing-number",
        "invalid-bank-account-number",
    ]
    assert house.told(CardProgress)[-1].mask == "*" * 10 + "89"


async def test_a_field_keyed_in_twice_must_be_the_same_or_both_are_asked_for_again() -> None:
    async def script(phone: Phone) -> None:
        await phone.hears("enter your card number")
        await phone.press(f"{VISA}#")
        await phone.hears("card number once more")
        await phone.press("4242424242424241")
        await phone.hears("not what you entered before")
        await phone.hears("enter your card number")
        await phone.press(f"{VISA}#")
        await phone.hears("card number once more")
        await phone.press(VISA)
        await phone.hears("expiry date, two")
        await phone.press("1230")
        await phone.hears("security code on")
        await phone.press("123")

    terms = CaptureTerms(matching=frozenset({CardField.NUMBER}))
    outcome, house = await _taken(terms, script)
    assert isinstance(outcome, Captured)
    assert _errors(house) == [("payment-card-number-matcher", "input-matching-failed", 1)]


async def test_a_confirmation_tells_the_last_four_and_takes_1() -> None:
    async def script(phone: Phone) -> None:
        await phone.hears("enter your card number")
        await key_card(phone)
        await phone.hears("ends in four two four two")
        await phone.press("1")

    outcome, _ = await _taken(CaptureTerms(confirm=True), script)
    assert isinstance(outcome, Captured)


async def test_2_at_the_confirmation_begins_again() -> None:
    async def script(phone: Phone) -> None:
        await phone.hears("enter your card number")
        await key_card(phone)
        await phone.hears("ends in four two four two")
        await anyio.sleep(1)
        await phone.press("2")
        await phone.hears("enter your card number")
        await key_card(phone, AMEX, code="1234")
        await phone.hears("ends in zero zero zero five")
        await phone.press("1")

    outcome, _ = await _taken(CaptureTerms(confirm=True), script)
    assert isinstance(outcome, Captured)
    assert isinstance(outcome.sealed, SealedCard)
    assert outcome.sealed.brand is Brand.AMEX


async def test_who_confirms_nothing_is_not_charged() -> None:
    async def script(phone: Phone) -> None:
        await phone.hears("enter your card number")
        await key_card(phone)

    outcome, house = await _taken(CaptureTerms(confirm=True), script)
    assert outcome == NotCaptured(Result.TOO_MANY_ATTEMPTS)
    assert len(house.vault) == 0


@pytest.mark.parametrize("attempts", [1, 2, 3])
async def test_a_field_is_tried_as_often_as_the_terms_say(attempts: int) -> None:
    async def script(phone: Phone) -> None:
        for _ in range(attempts):
            await phone.hears("enter your card number")
            await phone.press("1234#")

    outcome, house = await _taken(CaptureTerms(attempts=attempts), script)
    assert outcome == NotCaptured(Result.TOO_MANY_ATTEMPTS, ErrorType.NUMBER)
    assert [attempt for _, _, attempt in _errors(house)] == list(range(1, attempts + 1))


async def test_the_timeout_is_how_long_a_key_may_take() -> None:
    async def script(phone: Phone) -> None:
        await phone.hears_out("enter your card number")
        await anyio.sleep(28)
        await phone.press(VISA[:8])
        await anyio.sleep(28)
        await phone.press(f"{VISA[8:]}#1230#123#")

    outcome, _ = await _taken(CaptureTerms(timeout_s=30), script)
    assert isinstance(outcome, Captured)


async def test_nobody_is_asked_whether_they_are_there_while_they_key_a_card_in_but_before_and_after() -> None:
    nudged: list[int] = []

    async def asks(line: Line, _services: Services) -> CallResult:
        for _ in range(2):
            await ask_yes_no(line, "hear_again", Prompt("hear_again"))
            nudged.append(len(_nudges(house)))
            await line.capture_payment(CaptureTerms(timeout_s=60))
            nudged.append(len(_nudges(house)))
        return CallResult.SERVED

    async def script(phone: Phone) -> None:
        for _ in range(2):
            await phone.hears("enter your card number")
            await anyio.sleep(40)
            await phone.press(f"{VISA}#")
            await phone.hears("expiry date, two")
            await anyio.sleep(40)
            await phone.press("1230#123#")

    async with open_house(flows={"pay_bill": asks}) as house:
        await house.call(script)
    assert nudged == [1, 1, 2, 2]


def _nudges(house: SimHouse) -> list[str]:
    return [prompt for prompt in _prompts(house) if prompt == "still_there"]


async def test_silence_is_an_input_timeout() -> None:
    async def script(_phone: Phone) -> None: ...

    outcome, house = await _taken(CaptureTerms(), script)
    assert outcome == NotCaptured(Result.TOO_MANY_ATTEMPTS, ErrorType.TIMEOUT)
    assert _errors(house)[0] == ("payment-card-number", "input-timeout", 1)


async def test_who_comes_no_further_for_ninety_seconds_is_not_kept_in_a_loop() -> None:
    async def script(phone: Phone) -> None:
        await phone.hears("enter your card number")
        for _ in range(200):
            await phone.press("42*")
            await anyio.sleep(2)

    began = []

    async def timed(phone: Phone) -> None:
        began.append(anyio.current_time())
        await script(phone)

    outcome, _ = await _taken(CaptureTerms(), timed)
    assert outcome == NotCaptured(Result.TOO_MANY_ATTEMPTS, ErrorType.TIMEOUT)


async def test_who_types_slowly_but_comes_further_is_not_cut_off() -> None:
    async def script(phone: Phone) -> None:
        await phone.hears("enter your card number")
        await phone.press(f"{VISA}#", gap_s=8)
        await phone.hears("expiry date, two")
        await phone.press("1230#123#", gap_s=8)

    outcome, _ = await _taken(CaptureTerms(timeout_s=10), script)
    assert isinstance(outcome, Captured)


async def test_prompts_of_ones_own_go_by_step_error_brand_and_attempt() -> None:
    def own(text: str, **of: frozenset[object]) -> Rule:
        return Rule(Prompt("own_words", text=text), **of)  # type: ignore[arg-type]

    terms = CaptureTerms(
        prompts=(
            own("Card please.", steps=frozenset({CardField.NUMBER})),
            own("Card again.", steps=frozenset({CardField.NUMBER}), attempts=frozenset({2})),
            own("Bad number.", errors=frozenset({ErrorType.NUMBER})),
            own("Front code.", steps=frozenset({CardField.CODE}), brands=frozenset({Brand.AMEX})),
        )
    )

    async def script(phone: Phone) -> None:
        await phone.hears("Card please")
        await phone.press("1234#")
        await phone.hears("Bad number")
        await phone.hears("Card again")
        await phone.press(AMEX)
        await phone.hears("expiry date, two")
        await phone.press("1230")
        await phone.hears("Front code")
        await phone.press("1234")

    outcome, _ = await _taken(terms, script)
    assert isinstance(outcome, Captured)


async def test_a_capture_speaks_the_language_of_its_terms() -> None:
    async def script(phone: Phone) -> None:
        await phone.hears("número de su tarjeta")
        await phone.press(f"{VISA}#1230#123#")

    outcome, _ = await _taken(CaptureTerms(language="es"), script)
    assert isinstance(outcome, Captured)


@pytest.mark.parametrize(
    "of",
    [
        {"attempts": 0},
        {"attempts": 4},
        {"timeout_s": 601},
        {"timeout_s": 0},
        {"charge": Money(100_000_001, "USD")},
        {"charge": Money(-1, "USD")},
        {"accepted": frozenset()},
        {"shortest_postal": 11},
        {"matching": frozenset({CardField.ROUTING})},
    ],
)
def test_terms_that_cannot_be_are_refused_with_what_may_be(of: dict[str, object]) -> None:
    with pytest.raises(BadInput, match="mistakes"):
        CaptureTerms(**of)  # type: ignore[arg-type]
