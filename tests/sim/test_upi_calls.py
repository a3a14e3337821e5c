"""Callers who pay by a request at their telephone, in virtual time."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from random import Random

import anyio
import pytest

from core.events import Said
from core.ids import PaymentId
from core.money import Money
from ivr.flows.pay_bill import pay_bill
from ivr.line import Line
from ivr.result import CallResult
from ivr.services import Services
from payments.capabilities import Can, Capabilities
from payments.currencies import Currencies
from payments.gateway import PAGE_OVER
from payments.links.paying import Paying
from payments.links.requesting import UpiRequests
from payments.links.watching import Watching
from payments.orders import Page, PageOrder
from payments.outcome import (
    Approved,
    DeclineCode,
    Declined,
    NotAttempted,
    Outcome,
    RequiresAction,
    Unknown,
)
from payments.session import State
from payments.settle import move_for
from payments.store import Payment
from pbx.fake.phone import Phone
from tests.sim.callers import key_account
from tests.sim.house import CLOCK, SimHouse, bill, open_house

pytestmark = pytest.mark.anyio

RUPEES = bill("77712345", Money(12_550, "INR"))
OFFERED = "You can pay"


@dataclass
class Telephone:
    """A gateway whose payers answer when a test lets them; `answers` is what it says to an order."""

    name: str = "upi"
    capabilities: Capabilities = field(
        default_factory=lambda: Capabilities(
            Can.UPI_REQUEST | Can.END_PAGE, Currencies({"INR": 2}), frozenset()
        )
    )
    answers: Unknown | NotAttempted | None = None
    sent: list[tuple[PageOrder, str]] = field(default_factory=list)
    came: dict[str, Outcome] = field(default_factory=dict)

    async def request(self, order: PageOrder, to: str) -> Page | Declined | NotAttempted | Unknown:
        if self.answers is not None:
            return self.answers
        self.sent.append((order, to))
        return Page(f"plink_{order.payment}", "https://gateway.example.com/1")

    async def lookup(self, payment: PaymentId, ref: str = "") -> Outcome:
        return self.came.get(ref, RequiresAction(ref, "https://gateway.example.com/1"))

    async def end_page(self, ref: str) -> Outcome:
        return self.came.setdefault(ref, Declined(DeclineCode.OTHER, PAGE_OVER, ref))

    def scrub(self, transcript: str) -> str:
        return transcript


class UpiLine:
    """A line that offers UPI, and what came of the calls."""

    def __init__(self) -> None:
        self.gateway = Telephone()
        self.house: SimHouse | None = None
        self.upi: UpiRequests | None = None

    async def flow(self, line: Line, services: Services) -> CallResult:
        return await pay_bill(line, replace(services, upi=self.upi))

    async def call(self, script: Callable[[Phone], Awaitable[None]], caller: str = "+15550123") -> SimHouse:
        async with open_house(flows={"upi": self.flow}, bills=[RUPEES]) as house:
            self.house = house
            self.upi = UpiRequests(
                house.links,
                house.payments,
                [self.gateway],
                CLOCK,
                Random(3),
                base_url="https://pay.example.com",
                wait_s=60.0,
            )
            await house.call(script, flow="upi", caller=caller)
        return house

    def answer(self, outcome: Outcome) -> None:
        """What the gateway says when it is asked from now on."""
        [(order, _)] = self.gateway.sent
        self.gateway.came[f"plink_{order.payment}"] = outcome

    async def payment(self) -> Payment:
        assert self.house is not None
        [(order, _)] = self.gateway.sent
        found = await self.house.payments.find(order.payment)
        assert found is not None
        return found

    async def looks_later(self) -> None:
        """What is looked at after the call."""
        assert self.house is not None
        links, payments = self.house.links, self.house.payments
        paying = Paying(links, payments, [self.gateway], CLOCK, Random(4))
        subject, _ = links.watched[-1]
        await Watching(links, paying, CLOCK).look(subject)


async def offered(phone: Phone, key: str = "1") -> None:
    await key_account(phone, "77712345")
    await phone.hears("To pay all of it")
    await phone.press("1")
    await phone.hears(OFFERED)
    await phone.press(key)


def said(house: SimHouse) -> list[str]:
    return [fact.prompt for fact in house.told(Said)]


async def outcome_of(house: SimHouse) -> str:
    return (await house.session()).outcome


async def test_one_who_says_yes_at_the_telephone_hears_the_code() -> None:
    line = UpiLine()

    async def script(phone: Phone) -> None:
        await offered(phone)
        await phone.hears("stay on the line")
        await anyio.sleep(12)
        line.answer(Approved("pay_1"))
        await phone.hears("confirmation code is")
        await phone.ended()

    house = await line.call(script)
    assert await outcome_of(house) == CallResult.PAID.value
    assert (await line.payment()).state is State.CAPTURED
    [(order, to)] = line.gateway.sent
    assert (order.amount, to) == (RUPEES.due, "+15550123")


async def test_a_webhook_is_heard_before_the_gateway_is_asked() -> None:
    line = UpiLine()

    async def script(phone: Phone) -> None:
        await offered(phone)
        await phone.hears("stay on the line")
        payment = await line.payment()
        move = move_for(Approved("pay_1"), payment)
        assert line.house is not None
        assert move is not None
        await line.house.payments.move(payment.id, move)
        await phone.hears("confirmation code is")
        await phone.ended()

    assert await outcome_of(await line.call(script)) == CallResult.PAID.value


async def test_one_whose_request_is_over_may_pay_otherwise_and_was_not_charged() -> None:
    line = UpiLine()

    async def script(phone: Phone) -> None:
        await offered(phone)
        await phone.hears("stay on the line")
        line.answer(Declined(DeclineCode.OTHER, PAGE_OVER))
        await phone.hears("was not paid")
        await phone.hears("a link by text message")
        await phone.press("2")
        await phone.ended()

    house = await line.call(script)
    assert (await line.payment()).state is State.DECLINED
    assert house.payments.ledger == []


@pytest.mark.parametrize("later", [Approved("pay_1"), Declined(DeclineCode.OTHER, PAGE_OVER)])
async def test_one_who_never_answers_is_told_that_it_may_come_and_is_looked_up_later(
    later: Approved | Declined,
) -> None:
    line = UpiLine()

    async def script(phone: Phone) -> None:
        await offered(phone)
        await phone.hears("send a receipt by message")
        await phone.ended()

    house = await line.call(script)
    assert await outcome_of(house) == CallResult.PENDING.value
    assert "still_working" in said(house)
    assert (await line.payment()).state is State.ACTION_REQUIRED
    line.answer(later)
    await line.looks_later()
    wanted = State.CAPTURED if isinstance(later, Approved) else State.DECLINED
    assert (await line.payment()).state is wanted


async def test_one_who_hangs_up_meanwhile_can_still_pay() -> None:
    line = UpiLine()

    async def script(phone: Phone) -> None:
        await offered(phone)
        await phone.hears("stay on the line")
        phone.hang_up()

    house = await line.call(script)
    assert (await line.payment()).state is State.ACTION_REQUIRED
    assert await outcome_of(house) == CallResult.PENDING.value
    line.answer(Approved("pay_1"))
    await line.looks_later()
    assert (await line.payment()).state is State.CAPTURED


@pytest.mark.parametrize("answer", [NotAttempted("it is away"), Unknown("no answer")])
async def test_where_the_request_does_not_go_out_the_caller_hears_it(answer: NotAttempted | Unknown) -> None:
    line = UpiLine()
    line.gateway.answers = answer

    async def script(phone: Phone) -> None:
        await offered(phone)
        await phone.hears("could not be sent")
        phone.hang_up()

    house = await line.call(script)
    assert "upi_not_sent" in said(house)
    assert house.payments.ledger == []


async def test_one_who_wants_another_way_is_sent_no_request() -> None:
    line = UpiLine()

    async def script(phone: Phone) -> None:
        await offered(phone, "2")
        await phone.hears("a link by text message")
        phone.hang_up()

    await line.call(script)
    assert line.gateway.sent == []


async def test_a_number_that_is_withheld_is_offered_no_upi() -> None:
    line = UpiLine()

    async def script(phone: Phone) -> None:
        await key_account(phone, "77712345")
        await phone.hears("To pay all of it")
        await phone.press("1")
        await phone.ended()

    assert "offer_upi" not in said(await line.call(script, caller=""))


async def test_a_second_request_for_the_same_bill_ends_the_first() -> None:
    line = UpiLine()

    async def script(phone: Phone) -> None:
        await offered(phone)
        await phone.hears("stay on the line")
        assert line.upi is not None
        again = await line.upi.ask(RUPEES.id, RUPEES.due, "+15550123")
        assert len(line.gateway.sent) == 2, again  # the first page was ended before the second was made
        phone.hang_up()

    await line.call(script)
    first, second = (order.payment for order, _ in line.gateway.sent)
    assert line.house is not None
    states = [await line.house.payments.find(one) for one in (first, second)]
    assert [one and one.state for one in states] == [State.DECLINED, State.ACTION_REQUIRED]
