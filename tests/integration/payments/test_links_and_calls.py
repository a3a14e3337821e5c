"""A bill that is paid by telephone while its link's page is open, and the other way round: never twice."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from random import Random

import anyio
import pytest

from core.certificate import Certificate, certificate_in
from core.clock import SystemClock
from db.accounts import StoredAccounts
from db.bill_rows import BillRow
from db.bills import import_bills
from db.engine import Work
from db.ledger import drifts
from db.links import StoredLinks
from db.queue import Queue
from db.stores import stored
from ivr.accounts import Account
from messages.memory import MemoryLetters
from payments.capabilities import Can
from payments.desk import Desk
from payments.gateways.sandbox.gateway import SandboxGateway
from payments.links.judging import HeldBack
from payments.links.link import Link, LinkState
from payments.links.offering import Offering
from payments.links.opening import NotNow
from payments.links.own_page import Fill, Underway
from payments.links.paying import GoTo, Paying
from payments.route import FirstRoute
from payments.session import State
from payments.taken import BillChanged, Order, Paid, Taken
from payments.vault import Vault
from tests.contract.benches.bench import EmulatedBench
from tests.contract.benches.payer import Payer, payer
from tests.contract.benches.vendors import VENDORS
from tests.integration.payments.branch import keyed_in

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_USD = {"stripe", "paypal"}
_AT_ONCE = 12


class House:
    """A line whose callers pay at one gateway, and whose links lead to another's pages."""

    def __init__(self, work: Work, bench: EmulatedBench, somebody: Payer, desk: Desk, vault: Vault) -> None:
        clock = SystemClock()
        self.work, self.bench, self.payer, self.desk, self.vault = work, bench, somebody, desk, vault
        self.payments = stored(work, clock).payments
        self.links = StoredLinks(work, Queue(), clock)
        self.offering = Offering(
            self.links, MemoryLetters(), clock, base_url="https://pay.example.com", lasts=timedelta(hours=72)
        )
        self.paying = Paying(self.links, self.payments, [bench.gateway], clock, Random(2))

    async def bill(self, number: int) -> Account:
        """A customer with a bill."""
        row = BillRow(2, f"{10_000_000 + number}", (), "Robin", self.bench.page_amount, f"INV-{number}")
        clock = SystemClock()
        await import_bills(self.work, [row], Path("b.csv"), clock, lambda _what, _part: None)
        found = await StoredAccounts(self.work).by_number(row.account)
        assert found is not None
        return found

    async def link(self, bill: Account) -> Link:
        return (await self.offering.make(bill.id, bill.due)).link

    async def clicks(self, link: Link) -> GoTo | Fill | Underway | HeldBack | NotNow:
        found = await self.links.find(link.id)
        assert found is not None
        return await self.paying.pay(found, "https://pay.example.com/back")

    async def calls(self, bill: Account) -> Taken:
        return await self.desk.take(Order(bill.due, self.vault.seal(keyed_in()), bill.id))

    async def state(self, link: Link) -> LinkState:
        found = await self.links.find(link.id)
        assert found is not None
        return found.state(SystemClock().now())

    async def due(self, bill: Account) -> int:
        assert await drifts(self.work) == []
        found = await StoredAccounts(self.work).by_number(bill.number)
        assert found is not None
        return found.due.minor


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate_in(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(params=sorted(_USD))
async def house(request: pytest.FixtureRequest, work: Work, certificate: Certificate) -> AsyncIterator[House]:
    clock, vault, till = SystemClock(), Vault(), SandboxGateway(Random(7))
    async with VENDORS[request.param].open(certificate) as bench, payer(certificate) as somebody:
        assert isinstance(bench, EmulatedBench)
        assert Can.END_PAGE in bench.gateway.capabilities.can
        named = {till.name: till, bench.gateway.name: bench.gateway}
        desk = Desk(stored(work, clock), vault, named, FirstRoute([till]), clock=clock, chance=Random(7))
        async with anyio.create_task_group() as group:
            await group.start(desk.run)
            yield House(work, bench, somebody, desk, vault)
            group.cancel_scope.cancel()


async def test_a_call_ends_the_page_that_was_open(house: House) -> None:
    bill = await house.bill(1)
    link = await house.link(bill)
    page = await house.clicks(link)
    assert isinstance(page, GoTo)
    assert isinstance(await house.calls(bill), Paid)
    assert await house.due(bill) == 0
    if house.bench.gateway.name == "stripe":  # PayPal's page stays, and its money is never asked for
        assert not (await house.payer.open(page.page)).payable
    again = await house.clicks(link)
    assert again == NotNow(again.why if isinstance(again, NotNow) else "", due=False)


async def test_a_page_that_was_paid_on_leaves_nothing_for_a_call(house: House) -> None:
    bill = await house.bill(2)
    link = await house.link(bill)
    page = await house.clicks(link)
    assert isinstance(page, GoTo)
    await house.payer.pay(page.page)
    assert isinstance(await house.calls(bill), BillChanged)
    assert await house.state(link) is LinkState.PAID
    assert await house.due(bill) == 0


async def test_calls_and_links_at_the_same_time_pay_each_bill_once(house: House) -> None:
    bills = [await house.bill(10 + number) for number in range(_AT_ONCE)]
    links = [(await house.link(bill), await house.link(bill)) for bill in bills]
    pages: dict[str, list[GoTo]] = {bill.id: [] for bill in bills}

    async def opens(bill: Account, link: Link) -> None:
        answer = await house.clicks(link)
        if isinstance(answer, GoTo):
            pages[bill.id].append(answer)

    async with anyio.create_task_group() as group:
        for bill, two in zip(bills, links, strict=True):
            for link in two:
                group.start_soon(opens, bill, link)
            group.start_soon(house.calls, bill)
    for bill, two in zip(bills, links, strict=True):
        for page in pages[bill.id]:
            if (shown := await house.payer.open(page.page)).payable:
                await house.payer.click(shown)
        for link in two:
            found = await house.links.find(link.id)
            assert found is not None
            await house.paying.look(found)
        await house.calls(bill)
        assert await house.due(bill) == 0, "paid once, and once alone"


async def test_two_links_of_one_bill_have_one_page_at_a_time(house: House) -> None:
    bill = await house.bill(3)
    first, second = await house.link(bill), await house.link(bill)
    assert isinstance(await house.clicks(first), GoTo)
    assert isinstance(await house.clicks(second), GoTo)
    standing = [await house.links.find(one.id) for one in (first, second)]
    assert [one.standing for one in standing if one] == [State.DECLINED, State.ACTION_REQUIRED]
