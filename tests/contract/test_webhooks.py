"""Webhooks, from each vendor's emulator to our adapter: what is believed, and what it then says."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from core.certificate import Certificate, certificate_in
from core.ids import new_refund_id
from core.money import Money
from payments.capabilities import Can
from payments.gateway import HEAR, LINK, PURCHASE, REFUND
from payments.notice import (
    ChargeNews,
    DisputeNews,
    Distrust,
    Distrusted,
    Notice,
    OtherNews,
    RefundNews,
    Stage,
)
from payments.orders import Charge, Page, PageOrder, RefundOrder
from payments.outcome import Approved, Declined
from payments.sandbox.dialect import Hook
from payments.sandbox.faults import Fault, Trouble
from tests.contract.benches.bench import DUE, EmulatedBench, Vendor
from tests.contract.benches.ear import Ear, Heard, listening
from tests.contract.benches.payer import Back, Payer, Shown, payer
from tests.contract.benches.vendors import VENDORS

pytestmark = pytest.mark.anyio


@dataclass
class Room:
    """A vendor that rings, and the ear that hears it."""

    bench: EmulatedBench
    ear: Ear
    vendor: Vendor
    payer: Payer

    def read(self, heard: Heard, now: datetime | None = None) -> Notice | Distrusted:
        gateway = self.bench.doing(HEAR)
        return gateway.verify_webhook(heard.body, heard.headers, now or datetime.now(UTC))

    async def next(self) -> Notice:
        """The next notice that moves money; others are let by."""
        while True:
            notice = self.read(await self.ear.next())
            assert isinstance(notice, Notice), notice
            if not isinstance(notice.news, OtherNews):
                return notice

    async def heard(self) -> Heard:
        """The raw webhook of a charge."""
        await self.charge()
        return await self.ear.next()

    async def charge(self) -> tuple[Charge | PageOrder, Approved]:
        """A charge, as far as the vendor tells of it; on a page where no token is charged."""
        if PURCHASE.of(self.bench.gateway) is None:
            return await self.paid_on_a_page()
        order = await self.bench.charge()
        paid = await self.bench.doing(PURCHASE).purchase(order)
        assert isinstance(paid, Approved)
        await self.bench.settle(paid.ref)
        return order, paid

    async def paid_on_a_page(self) -> tuple[PageOrder, Approved]:
        """A payment on the vendor's own page."""
        order = self.bench.page_order()
        page = await self.bench.doing(LINK).link(order)
        assert isinstance(page, Page)
        return order, await self.bench.paid_on(page, order, self.payer)


RINGS = Can.WEBHOOKS
RINGS_REFUNDS = Can.WEBHOOKS | Can.CHARGE | Can.REFUND


def who_rings(needs: Can = RINGS) -> pytest.MarkDecorator:
    names = [name for name, vendor in VENDORS.items() if vendor.rings and needs in vendor.capabilities.can]
    assert names, f"no gateway here can {needs}"
    return pytest.mark.parametrize("room", names, indirect=True)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate_in(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
async def room(request: pytest.FixtureRequest, certificate: Certificate) -> AsyncIterator[Room]:
    async with opened(VENDORS[request.param], certificate) as opened_room:
        yield opened_room


@asynccontextmanager
async def opened(vendor: Vendor, certificate: Certificate) -> AsyncIterator[Room]:
    async with listening() as ear, vendor.open(certificate) as bench, payer(certificate) as somebody:
        assert isinstance(bench, EmulatedBench)
        bench.emulator.bell.hooks.append(Hook(ear.url, bench.hook_secret))
        yield Room(bench, ear, vendor, somebody)


@who_rings()
async def test_a_charge_is_told_with_our_reference_and_its_outcome(room: Room) -> None:
    order, paid = await room.charge()
    notice = await room.next()
    assert notice.gateway == room.bench.gateway.name
    assert abs(datetime.now(UTC) - notice.at) < timedelta(minutes=1)
    assert notice.news == ChargeNews(order.payment, paid.ref, paid)


@pytest.mark.parametrize(
    "room",
    [
        name
        for name, vendor in VENDORS.items()
        if RINGS_REFUNDS in vendor.capabilities.can and vendor.rings_refunds
    ],
    indirect=True,
)
async def test_a_refund_is_told_with_what_came_back(room: Room) -> None:
    order, paid = await room.charge()
    await room.next()
    refund = new_refund_id()
    asked = RefundOrder(refund, order.payment, paid.ref, Money(1000, "USD"), f"{refund}_1")
    made = await room.bench.doing(REFUND).refund(asked)
    assert isinstance(made, Approved)
    news = (await room.next()).news
    assert isinstance(news, RefundNews)
    assert (news.charge_ref, news.ref, news.amount) == (paid.ref, made.ref, Money(1000, "USD"))
    assert news.outcome == made
    assert news.refund in {refund, ""}


@who_rings(RINGS | Can.LINK)
async def test_what_was_paid_on_a_page_is_told_with_our_reference(room: Room) -> None:
    order, paid = await room.paid_on_a_page()
    news = (await room.next()).news
    assert isinstance(news, ChargeNews)
    assert (news.payment, news.outcome) == (order.payment, paid)


@pytest.mark.parametrize(
    "room",
    [
        name
        for name, vendor in VENDORS.items()
        if RINGS | Can.LINK in vendor.capabilities.can and vendor.retries
    ],
    indirect=True,
)
async def test_a_refusal_on_a_page_ends_nothing_for_the_payer_may_try_again(room: Room) -> None:
    order = room.bench.page_order()
    page = await room.bench.doing(LINK).link(order)
    assert isinstance(page, Page)
    shown = await room.payer.click(await room.payer.open(page), by=room.bench.refused_on_page)
    await room.bench.gateway.lookup(order.payment, page.ref)
    again = shown if isinstance(shown, Shown) else await room.payer.open(page)
    assert isinstance(await room.payer.click(again), Back)
    await room.bench.gateway.lookup(order.payment, page.ref)
    told: list[object] = []
    while not any(isinstance(news, ChargeNews) and isinstance(news.outcome, Approved) for news in told):
        told.append((await room.next()).news)
    assert not [news for news in told if isinstance(news, ChargeNews) and isinstance(news.outcome, Declined)]


@who_rings(Can.DISPUTES | Can.CHARGE)
async def test_a_dispute_is_told(room: Room) -> None:
    assert room.bench.disputed
    order = await room.bench.charge(room.bench.disputed)
    paid = await room.bench.doing(PURCHASE).purchase(order)
    assert isinstance(paid, Approved)
    news = (await room.next()).news
    while not isinstance(news, DisputeNews):
        news = (await room.next()).news
    assert (news.charge_ref, news.stage, news.amount) == (paid.ref, Stage.OPENED, DUE)


@who_rings()
async def test_a_webhook_that_was_changed_on_its_way_is_not_believed(room: Room) -> None:
    heard = await room.heard()
    assert isinstance(room.read(heard), Notice)  # as it came: the check can pass
    for place in room.bench.signed_places(heard.body):
        changed = heard.body[:place] + bytes([heard.body[place] ^ 1]) + heard.body[place + 1 :]
        told = room.read(replace(heard, body=changed))
        assert isinstance(told, Distrusted)
        assert told.reason is Distrust.WRONG_SIGNATURE


@who_rings()
async def test_a_webhook_without_a_signature_is_not_believed(room: Room) -> None:
    heard = await room.heard()
    told = room.read(Heard(heard.body if room.bench.signs_in_header else b"", {}))
    assert isinstance(told, Distrusted)
    assert told.reason is Distrust.NO_SIGNATURE


@who_rings()
async def test_a_webhook_signed_with_another_secret_is_not_believed(room: Room) -> None:
    room.bench.emulator.bell.hooks[:] = [Hook(room.ear.url, room.bench.wrong_secret)]
    told = room.read(await room.heard())
    assert isinstance(told, Distrusted)
    assert told.reason in {Distrust.WRONG_SIGNATURE, Distrust.NO_SIGNATURE}


@pytest.mark.parametrize(
    "room",
    [
        name
        for name, vendor in VENDORS.items()
        if RINGS in vendor.capabilities.can and vendor.signs_time and vendor.rings
    ],
    indirect=True,
)
@pytest.mark.parametrize("early", [False, True])
async def test_a_webhook_of_another_time_is_not_believed(room: Room, early: bool) -> None:
    away = timedelta(minutes=-6) if early else room.bench.late
    told = room.read(await room.heard(), datetime.now(UTC) + away)
    assert isinstance(told, Distrusted)
    assert told.reason is Distrust.TOO_OLD


@who_rings()
async def test_a_webhook_sent_twice_has_one_id(room: Room) -> None:
    room.bench.emulator.troubles.plan(Trouble(Fault.WEBHOOK_TWICE))
    first, second = room.read(await room.heard()), room.read(await room.ear.next())
    assert isinstance(first, Notice)
    assert isinstance(second, Notice)
    assert first.id == second.id


@who_rings()
async def test_webhooks_out_of_order_each_say_what_they_mean(room: Room) -> None:
    room.bench.emulator.troubles.plan(Trouble(Fault.WEBHOOK_LATE))
    orders = [(await room.charge())[0] for _ in range(2)]
    told = [(await room.next()).news for _ in orders]
    assert [news.payment for news in told if isinstance(news, ChargeNews)] == [
        orders[1].payment,
        orders[0].payment,
    ]


@pytest.mark.parametrize(
    "room",
    [name for name, vendor in VENDORS.items() if vendor.rings_refusals],
    indirect=True,
)
async def test_a_refusal_is_told_too(room: Room) -> None:
    chosen = room.vendor.refusals[0]
    order = await room.bench.charge(chosen.card, chosen.amount)
    refused = await room.bench.doing(PURCHASE).purchase(order)
    assert isinstance(refused, Declined)
    assert (await room.next()).news == ChargeNews(order.payment, refused.ref, refused)
