"""Requests by UPI at a telephone number: every gateway that sends them, against its vendor's emulator."""

from collections.abc import AsyncIterator
from dataclasses import replace
from random import Random

import pytest

from core.certificate import Certificate, certificate_in
from core.clock import SystemClock
from core.ids import AccountId, new_payment_id
from core.money import Money
from payments.capabilities import Can
from payments.gateway import END_PAGE, PAGE_OVER, UPI_REQUEST
from payments.links.memory import MemoryLinks
from payments.links.requesting import Requested, UpiRequests
from payments.memory import MemoryPayments
from payments.orders import Page, PageOrder
from payments.outcome import Approved, Declined, NotAttempted, RequiresAction, Unknown
from payments.sandbox.faults import Fault, Trouble
from payments.session import State
from tests.contract.benches.bench import EmulatedBench
from tests.contract.benches.payer import Payer, Shown, payer
from tests.contract.benches.vendors import VENDORS

pytestmark = pytest.mark.anyio

WHO = [name for name, vendor in VENDORS.items() if Can.UPI_REQUEST in vendor.capabilities.can]
CALLER = "+15550123"
RUPEES = Money(12550, "INR")


class Shop:
    """A gateway that sends requests, and a payer with a telephone."""

    def __init__(self, bench: EmulatedBench, somebody: Payer) -> None:
        self.bench, self.payer = bench, somebody

    def order(self) -> PageOrder:
        return replace(self.bench.page_order(), amount=RUPEES)

    async def sent(self, order: PageOrder) -> Page:
        page = await self.bench.doing(UPI_REQUEST).request(order, CALLER)
        assert isinstance(page, Page), page
        return page


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate_in(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(params=WHO)
async def shop(request: pytest.FixtureRequest, certificate: Certificate) -> AsyncIterator[Shop]:
    async with VENDORS[request.param].open(certificate) as bench, payer(certificate) as somebody:
        assert isinstance(bench, EmulatedBench)
        yield Shop(bench, somebody)


async def test_a_request_goes_to_the_telephone_and_is_paid_by_upi_alone(shop: Shop) -> None:
    order = shop.order()
    page = await shop.sent(order)
    [link] = shop.bench.emulator.books.listed("plink")
    assert (link["customer"], link["notify"]["sms"]) == ({"contact": CALLER}, True)
    assert isinstance(await shop.bench.gateway.lookup(order.payment, page.ref), RequiresAction)
    by_card = await shop.payer.click(await shop.payer.open(page), by="4111111111111111")
    assert isinstance(by_card, Shown)
    await shop.payer.pay(page, "success@razorpay")
    assert isinstance(await shop.bench.gateway.lookup(order.payment, page.ref), Approved)
    assert shop.bench.charged(order.payment) == [RUPEES.minor]


async def test_a_call_that_waits_learns_of_the_yes(shop: Shop) -> None:
    clock = SystemClock()
    payments = MemoryPayments(clock)
    links = MemoryLinks(clock, payments.find)
    upi = UpiRequests(
        links,
        payments,
        [shop.bench.gateway],
        clock,
        Random(5),
        base_url="https://pay.example.com",
        wait_s=30.0,
    )
    asked = await upi.ask(AccountId("acct_1"), RUPEES, CALLER)
    assert isinstance(asked, Requested)
    assert asked.payment.on_a_page
    [link] = shop.bench.emulator.books.listed("plink")
    await shop.payer.pay(Page(asked.payment.ref, link["short_url"]), "success@razorpay")
    answered = await upi.answer(asked)
    assert answered.state is State.CAPTURED
    assert shop.bench.charged(answered.id) == [RUPEES.minor]


async def test_the_same_request_twice_is_sent_once(shop: Shop) -> None:
    order = shop.order()
    assert (await shop.sent(order)).ref == (await shop.sent(order)).ref
    assert len(shop.bench.emulator.books.listed("plink")) == 1


async def test_who_is_refused_may_say_yes_once_more(shop: Shop) -> None:
    order = shop.order()
    page = await shop.sent(order)
    await shop.payer.click(await shop.payer.open(page), by="insufficient_funds@razorpay")
    assert isinstance(await shop.bench.gateway.lookup(order.payment, page.ref), RequiresAction)
    assert shop.bench.charged(order.payment) == []


async def test_a_request_that_is_ended_was_not_paid(shop: Shop) -> None:
    order = shop.order()
    page = await shop.sent(order)
    over = await shop.bench.doing(END_PAGE).end_page(page.ref)
    assert isinstance(over, Declined)
    assert over.gateway_code == PAGE_OVER


async def test_a_request_whose_answer_was_lost_is_found_by_our_reference(shop: Shop) -> None:
    order = shop.order()
    shop.bench.emulator.troubles.plan(Trouble(Fault.RESET_AFTER_SEND, shop.bench.pages_at))
    assert isinstance(await shop.bench.doing(UPI_REQUEST).request(order, CALLER), Unknown)
    assert isinstance(await shop.bench.gateway.lookup(order.payment), RequiresAction)
    assert isinstance(await shop.bench.gateway.lookup(new_payment_id()), NotAttempted)
