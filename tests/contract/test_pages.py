"""The pages of every gateway that has any: made once, paid on by a payer with a browser, and then known."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import pytest

from core.certificate import Certificate, certificate_in
from core.ids import new_refund_id
from core.money import Money
from payments.capabilities import Can
from payments.gateway import END_PAGE, LINK, PAGE_OVER, REFUND
from payments.orders import Page, PageOrder, RefundOrder
from payments.outcome import Approved, DeclineCode, Declined, NotAttempted, RequiresAction, Unknown
from payments.sandbox.faults import Fault, Trouble
from tests.contract.benches.bench import EmulatedBench, Vendor
from tests.contract.benches.payer import Back, Payer, Shown, payer
from tests.contract.benches.vendors import VENDORS

pytestmark = pytest.mark.anyio

WHO = [name for name, vendor in VENDORS.items() if Can.LINK in vendor.capabilities.can]
ASKED = [name for name in WHO if not VENDORS[name].forms]
ENDS = [name for name, vendor in VENDORS.items() if Can.END_PAGE in vendor.capabilities.can]
RETRIES = [name for name in WHO if VENDORS[name].retries]


@dataclass
class Shop:
    """A gateway with pages, behind its counter, and a payer."""

    bench: EmulatedBench
    payer: Payer
    vendor: Vendor

    async def made(self, order: PageOrder) -> Page:
        page = await self.bench.doing(LINK).link(order)
        assert isinstance(page, Page), page
        return page

    async def paid(self) -> tuple[PageOrder, Approved]:
        order = self.bench.page_order()
        return order, await self.bench.paid_on(await self.made(order), order, self.payer)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate_in(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(params=WHO)
async def shop(request: pytest.FixtureRequest, certificate: Certificate) -> AsyncIterator[Shop]:
    async with VENDORS[request.param].open(certificate) as bench, payer(certificate) as somebody:
        assert isinstance(bench, EmulatedBench)
        yield Shop(bench, somebody, VENDORS[request.param])


def only(names: list[str]) -> pytest.MarkDecorator:
    assert names
    return pytest.mark.parametrize("shop", names, indirect=True)


async def test_a_page_is_paid_on_and_the_payment_is_known(shop: Shop) -> None:
    order = shop.bench.page_order()
    page = await shop.made(order)
    waiting = await shop.bench.gateway.lookup(order.payment, page.ref)
    assert isinstance(waiting, RequiresAction | NotAttempted)
    back = await shop.payer.pay(page)
    assert urlsplit(back.url)[:3] == urlsplit(order.return_url)[:3]
    paid = await shop.bench.gateway.lookup(order.payment, page.ref)
    assert isinstance(paid, Approved)
    assert paid.captured
    assert shop.bench.charged(order.payment) == [order.amount.minor]
    assert await shop.bench.gateway.lookup(order.payment, paid.ref) == paid


async def test_the_same_order_twice_is_one_page_and_one_payment(shop: Shop) -> None:
    order = shop.bench.page_order()
    first, second = await shop.made(order), await shop.made(order)
    assert (first.ref, first.url) == (second.ref, second.url)
    await shop.payer.pay(first)
    assert isinstance(await shop.bench.gateway.lookup(order.payment, first.ref), Approved)
    again = await shop.payer.open(second)
    assert not again.payable
    assert shop.bench.charged(order.payment) == [order.amount.minor]


async def test_who_gives_up_has_paid_nothing(shop: Shop) -> None:
    order = shop.bench.page_order()
    page = await shop.made(order)
    back = await shop.payer.click(await shop.payer.open(page), "give_up")
    assert isinstance(back, Back)
    outcome = await shop.bench.gateway.lookup(order.payment, page.ref)
    assert isinstance(outcome, RequiresAction | Declined), outcome
    assert shop.bench.charged(order.payment) == []


@only(RETRIES)
async def test_whose_card_is_refused_may_take_another_on_the_page(shop: Shop) -> None:
    order = shop.bench.page_order()
    page = await shop.made(order)
    shown = await shop.payer.click(await shop.payer.open(page), by=shop.bench.refused_on_page)
    if isinstance(shown, Back):  # the vendor refuses when it is asked for the money, and has the payer back
        assert isinstance(await shop.bench.gateway.lookup(order.payment, page.ref), RequiresAction)
        shown = await shop.payer.open(page)
    assert isinstance(shown, Shown)
    assert isinstance(await shop.bench.gateway.lookup(order.payment, page.ref), RequiresAction)
    assert shop.bench.charged(order.payment) == []
    assert isinstance(await shop.payer.click(shown), Back)
    assert isinstance(await shop.bench.gateway.lookup(order.payment, page.ref), Approved)
    assert shop.bench.charged(order.payment) == [order.amount.minor]


@only([name for name in WHO if not VENDORS[name].retries])
async def test_who_is_refused_comes_back_and_the_link_gets_another_page(shop: Shop) -> None:
    order = shop.bench.page_order()
    page = await shop.made(order)
    await shop.payer.pay(page, shop.bench.refused_on_page)
    outcome = await shop.bench.gateway.lookup(order.payment, page.ref)
    assert isinstance(outcome, Declined)
    assert outcome.code is not DeclineCode.OTHER
    assert shop.bench.charged(order.payment) == []


@only([name for name in WHO if VENDORS[name].pages_end])
async def test_a_page_that_ended_is_known_to_have_ended(shop: Shop) -> None:
    order = shop.bench.page_order()
    page = await shop.made(order)
    shop.bench.end_the_page(page)
    outcome = await shop.bench.gateway.lookup(order.payment, page.ref)
    assert isinstance(outcome, Declined)
    assert outcome.gateway_code == PAGE_OVER
    assert not (await shop.payer.open(page)).payable


@only(ASKED)
async def test_a_page_whose_answer_was_lost_is_the_same_when_asked_for_again(shop: Shop) -> None:
    order = shop.bench.page_order()
    shop.bench.emulator.troubles.plan(Trouble(Fault.RESET_AFTER_SEND, shop.bench.pages_at))
    assert isinstance(await shop.bench.doing(LINK).link(order), Unknown)
    page = await shop.made(order)
    await shop.payer.pay(page)
    assert isinstance(await shop.bench.gateway.lookup(order.payment, page.ref), Approved)
    assert shop.bench.charged(order.payment) == [order.amount.minor]


@only(ASKED)
async def test_no_page_comes_of_a_refused_connection(shop: Shop) -> None:
    await shop.bench.go_away()
    order = shop.bench.page_order()
    assert isinstance(await shop.bench.doing(LINK).link(order), NotAttempted)


async def test_an_outage_makes_no_page_and_says_nothing_of_those_there_are(shop: Shop) -> None:
    order = shop.bench.page_order()
    page = await shop.made(order)
    shop.bench.emulator.troubles.plan(Trouble(Fault.OUTAGE, seconds=60))
    assert isinstance(await shop.bench.gateway.lookup(order.payment, page.ref), Unknown)
    if not shop.vendor.forms:  # which are made without asking
        made = await shop.bench.doing(LINK).link(shop.bench.page_order())
        assert isinstance(made, Unknown | NotAttempted)


async def test_a_payer_who_has_paid_is_found_after_a_lookup_that_nobody_answered(shop: Shop) -> None:
    order = shop.bench.page_order()
    page = await shop.made(order)
    await shop.payer.pay(page)
    for fault in (Fault.LOST, Fault.RESET_AFTER_SEND):
        # a question whose connection breaks is asked once more
        shop.bench.emulator.troubles.plan(Trouble(fault, shop.bench.taken_at(page)), times=2)
        assert isinstance(await shop.bench.gateway.lookup(order.payment, page.ref), Unknown)
        shop.bench.emulator.troubles.clear()
    assert isinstance(await shop.bench.gateway.lookup(order.payment, page.ref), Approved)
    assert shop.bench.charged(order.payment) == [order.amount.minor]


async def test_an_amount_that_the_gateway_cannot_take_has_no_page(shop: Shop) -> None:
    order = replace(shop.bench.page_order(), amount=Money(100, "XTS"))
    assert isinstance(await shop.bench.doing(LINK).link(order), NotAttempted | Declined)


@only([name for name in WHO if Can.REFUND | Can.PARTIAL_REFUND in VENDORS[name].capabilities.can])
async def test_what_was_paid_on_a_page_is_given_back_in_parts_and_no_more(shop: Shop) -> None:
    order, paid = await shop.paid()
    back = shop.bench.doing(REFUND)

    def refund(minor: int) -> RefundOrder:
        name = new_refund_id()
        amount = Money(minor, order.amount.currency)
        return RefundOrder(name, order.payment, paid.ref, amount, f"{name}_1", "asked for")

    first, whole = refund(1000), order.amount.minor
    for sent in (first, first, refund(whole - 1000)):
        assert isinstance(await shop.bench.refunded(back, sent), Approved)
    assert isinstance(await back.refund(refund(1)), Declined)
    assert isinstance(await back.lookup_refund(first), Approved)
    if shop.vendor.finds_refunds:
        assert isinstance(await back.lookup_refund(refund(1000)), NotAttempted)


@only(ENDS)
async def test_a_page_that_is_ended_is_over(shop: Shop) -> None:
    order = shop.bench.page_order()
    page = await shop.made(order)
    over = Declined(DeclineCode.OTHER, PAGE_OVER, page.ref)
    assert await shop.bench.doing(END_PAGE).end_page(page.ref) == over
    assert await shop.bench.doing(END_PAGE).end_page(page.ref) == over


@only(ENDS)
async def test_a_page_that_was_paid_on_is_not_ended_but_paid(shop: Shop) -> None:
    order = shop.bench.page_order()
    page = await shop.made(order)
    await shop.payer.pay(page)
    assert isinstance(await shop.bench.doing(END_PAGE).end_page(page.ref), Approved)


@only(ENDS)
async def test_a_page_of_a_vendor_out_of_reach_is_not_believed_to_be_over(shop: Shop) -> None:
    page = await shop.made(shop.bench.page_order())
    await shop.bench.go_away()
    assert isinstance(await shop.bench.doing(END_PAGE).end_page(page.ref), Unknown | NotAttempted)
