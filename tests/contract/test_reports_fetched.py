"""Vendors that hand their settlement report out: what was paid and given back in the sandbox stands in it."""

import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import aiohttp
import pytest

from core.certificate import Certificate, certificate_in
from core.ids import PaymentId, new_payment_id, new_refund_id
from core.money import Money
from payments.gateway import FETCH_REPORT, LINK, REFUND
from payments.orders import Page, PageOrder, RefundOrder
from payments.outcome import Approved, NotAttempted, Unknown
from payments.sandbox.faults import Fault, Trouble
from payments.sandbox.settling import INDIA
from payments.settlement_row import RowKind, SettlementRow
from tests.contract.benches.bench import EmulatedBench
from tests.contract.benches.payer import Back, Payer
from tests.contract.benches.vendors import VENDORS

pytestmark = pytest.mark.anyio

FETCHED = sorted(name for name, one in VENDORS.items() if FETCH_REPORT.can in one.capabilities.can)
DUE = Money(12550, "INR")
BACK = Money(2550, "INR")


@dataclass
class Merchant:
    """Somebody with an account at the vendor, and a payer of theirs."""

    bench: EmulatedBench
    payer: Payer

    async def paid(self) -> tuple[PaymentId, Approved]:
        """A payment that was made on the vendor's page."""
        payment = new_payment_id()
        until = datetime.now(UTC) + timedelta(hours=1)
        order = PageOrder(payment, f"{payment}_page", DUE, "https://shop.example.com/back", until)
        pages = self.bench.doing(LINK)
        page = await pages.link(order)
        assert isinstance(page, Page)
        back = await self.payer.click(await self.payer.open(page), "pay", "")
        assert isinstance(back, Back)
        outcome = await pages.lookup(payment, page.ref)
        assert isinstance(outcome, Approved)
        return payment, outcome

    async def given_back(self, payment: PaymentId, charge: str) -> str:
        order = RefundOrder(new_refund_id(), payment, charge, BACK, "key_1")
        refunds = self.bench.doing(REFUND)
        await refunds.refund(order)
        outcome = await refunds.lookup_refund(order)
        assert isinstance(outcome, Approved)
        return outcome.ref

    async def report(self, day: date | None = None) -> list[SettlementRow]:
        gateway = self.bench.doing(FETCH_REPORT)
        report = await gateway.fetch_report(day or datetime.now(INDIA).date())
        assert isinstance(report, bytes)
        return list(gateway.settlement_rows(BytesIO(report)))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate_in(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(params=FETCHED)
async def merchant(request: pytest.FixtureRequest, certificate: Certificate) -> AsyncIterator[Merchant]:
    trusting = ssl.create_default_context(cafile=certificate.authority)
    async with (
        VENDORS[request.param].open(certificate) as bench,
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trusting)) as session,
    ):
        assert isinstance(bench, EmulatedBench)
        yield Merchant(bench, Payer(session))


async def test_what_was_paid_and_given_back_is_settled_less_its_fees(merchant: Merchant) -> None:
    payment, charge = await merchant.paid()
    refund = await merchant.given_back(payment, charge.ref)
    taken, back, payout = await merchant.report()
    assert (taken.kind, taken.ref, taken.gross, taken.payment) == (RowKind.CHARGE, charge.ref, DUE, payment)
    assert taken.fee == Money(251 + 45, "INR")  # 2 %, and 18 % of that
    assert (back.kind, back.gross.minor, back.fee.minor) == (RowKind.REFUND, -BACK.minor, 0)
    assert back.ref in {refund, ""}  # not all vendors name a refund
    assert back.charge_ref == charge.ref
    assert (payout.kind, -payout.gross.minor) == (RowKind.PAYOUT, DUE.minor - taken.fee.minor - BACK.minor)
    assert {row.batch for row in (taken, back)} == {payout.batch}


async def test_a_report_that_is_fetched_again_is_the_same_and_later_payments_come_in_another(
    merchant: Merchant,
) -> None:
    await merchant.paid()
    first = await merchant.report()
    assert await merchant.report() == first
    later, _ = await merchant.paid()
    both = await merchant.report()
    assert both[: len(first)] == first
    new = both[len(first) :]
    assert [row.kind for row in new] == [RowKind.CHARGE, RowKind.PAYOUT]
    assert (new[0].payment, new[0].batch != first[0].batch) == (later, True)


async def test_of_a_day_without_settlements_there_is_an_empty_report(merchant: Merchant) -> None:
    await merchant.paid()
    assert await merchant.report(date(2020, 2, 29)) == []
    assert await merchant.report(datetime.now(INDIA).date() + timedelta(days=2)) == []


async def test_no_answer_is_no_report(merchant: Merchant) -> None:
    gateway, today = merchant.bench.doing(FETCH_REPORT), datetime.now(INDIA).date()
    merchant.bench.emulator.troubles.plan(Trouble(Fault.OUTAGE, "/", 60))
    assert isinstance(await gateway.fetch_report(today), Unknown)
    merchant.bench.emulator.troubles.clear()
    await merchant.bench.go_away()
    assert isinstance(await gateway.fetch_report(today), NotAttempted)
