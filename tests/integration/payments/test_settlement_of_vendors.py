"""Reports in the forms of vendors, matched with payments, refunds and the ledger on the real PostgreSQL."""

from io import BytesIO
from random import Random

import pytest

from core.clock import SystemClock
from core.ids import AccountId, new_payment_id, new_refund_id
from core.money import Money
from db.engine import Work
from db.settlements import StoredSettlements
from db.stores import stored
from payments.gateways.amazon_pay import report as amazon_pay
from payments.gateways.ccavenue import report as ccavenue
from payments.gateways.square import report as square
from payments.processor import Reader
from payments.refunds import Refund, RefundAsked, RefundState
from payments.session import State
from payments.settlement import Difference
from payments.store import Move, Payment
from tests.integration.payments.branch import owed
from tests.unit.payments.test_indian_reports import SHIPPED, paid_out
from tests.unit.payments.test_reports import AMAZON, BACK, SOLD, entries

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


def usd(minor: int) -> Money:
    return Money(minor, "USD")


async def sold(work: Work, gateway: str, ref: str, amount: Money) -> Payment:
    """A payment that the gateway took as `ref`."""
    name, clock = new_payment_id(), SystemClock()
    receipt = f"{Random(name).randrange(10**8):08d}"
    pending = Payment(
        name,
        None,
        AccountId("acct_1"),
        amount,
        State.PENDING,
        gateway,
        f"{name}_1",
        "visa",
        "4242",
        receipt,
        clock.now(),
    )
    payments = stored(work, clock).payments
    assert await payments.open(pending) == pending
    return await payments.move(name, Move(State.CAPTURED, ref))


async def given_back(work: Work, payment: Payment, ref: str, amount: Money) -> None:
    clock = SystemClock()
    refunds = stored(work, clock).refunds
    asked = RefundAsked(new_refund_id(), payment.id, amount, ref, clock.now())
    reserved = await refunds.reserve(asked)
    assert isinstance(reserved, Refund)
    await refunds.settle(reserved.id, RefundState.DONE, ref)


@pytest.mark.parametrize(
    ("gateway", "read", "file", "parts"),
    [
        ("square", square.read, entries(SOLD, BACK).getvalue(), (("sq_1", 15000), ("sq_1_r", 5000))),
        (
            "amazon_pay",
            amazon_pay.read,
            AMAZON.replace(
                "2026-11-22T15:48:50-0000,5044,P01-1-C2,ref3,Chargeback,-10.00,,USD,0.00,-10.00\n", ""
            )
            .replace("-86.86", "-96.86")
            .encode(),
            (("P01-1-C1", 12550), ("P01-1-R1", 2550)),
        ),
    ],
)
async def test_a_report_that_agrees_leaves_the_gateway_owing_nothing(
    work: Work, gateway: str, read: Reader, file: bytes, parts: tuple[tuple[str, int], ...]
) -> None:
    charge, refund = parts
    payment = await sold(work, gateway, charge[0], usd(charge[1]))
    await given_back(work, payment, refund[0], usd(refund[1]))
    store = StoredSettlements(work, SystemClock())
    imported = await store.bring_in(gateway, list(read(BytesIO(file))))
    assert (imported.new, imported.matched, imported.findings) == (3, 2, [])
    assert await owed(work, gateway) == 0


async def test_another_amount_and_a_stranger_are_told(work: Work) -> None:
    await sold(work, "square", "sq_1", usd(14999))
    store = StoredSettlements(work, SystemClock())
    imported = await store.bring_in("square", list(square.read(entries(SOLD, BACK))))
    assert {one.difference.value for one in imported.findings} == {"other_amount", "not_ours"}


async def test_refunds_that_are_named_by_their_charge_alone_are_told_by_their_amounts(work: Work) -> None:
    payment = await sold(work, "ccavenue", "109000000001", Money(12550, "INR"))
    for ref, minor in (("ref_a", 2550), ("ref_b", 1000), ("ref_c", 2550)):
        await given_back(work, payment, ref, Money(minor, "INR"))
    lines = [paid_line("Shipped", "125.50", "122.54")]
    lines += [paid_line("Refunded", amount, amount) for amount in ("10.00", "25.50", "25.50", "7.00")]
    store = StoredSettlements(work, SystemClock())
    for new, known in ((6, 0), (0, 6)):
        rows = list(ccavenue.read(paid_out(*lines, paid="54.54")))
        imported = await store.bring_in("ccavenue", rows)
        assert (imported.new, imported.known, imported.matched) == (new, known, 4)
        (stranger,) = imported.findings
        assert (stranger.difference, stranger.theirs) == (Difference.OTHER_STATE, Money(-700, "INR"))
    assert await owed(work, "ccavenue") == 700  # what the stranger got


def paid_line(kind: str, amount: str, payable: str) -> dict[str, object]:
    return SHIPPED | {
        "txn_type": kind,
        "amount": amount,
        "amt_payable": payable,
        "ccavenue_ref_no": "109000000001",
    }
