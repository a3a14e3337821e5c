"""Asking a payer's UPI app for money: every gateway that can, against its vendor's emulator."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from core.certificate import Certificate, certificate_in
from core.ids import new_payment_id
from core.money import Money
from payments.capabilities import Can
from payments.gateway import COLLECT
from payments.orders import CollectOrder
from payments.outcome import Approved, DeclineCode, Declined, NotAttempted, Unknown
from payments.sandbox.faults import Fault, Trouble
from tests.contract.benches.bench import EmulatedBench
from tests.contract.benches.vendors import VENDORS

pytestmark = pytest.mark.anyio

WHO = [name for name, vendor in VENDORS.items() if Can.UPI_COLLECT in vendor.capabilities.can]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate_in(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(params=WHO)
async def bench(request: pytest.FixtureRequest, certificate: Certificate) -> AsyncIterator[EmulatedBench]:
    async with VENDORS[request.param].open(certificate) as opened:
        assert isinstance(opened, EmulatedBench)
        yield opened


def order(address: str) -> CollectOrder:
    payment = new_payment_id()
    return CollectOrder(payment, f"{payment}_1", Money(12550, "INR"), address, timedelta(minutes=5), "bill 1")


async def test_who_says_yes_has_paid_once_however_often_they_are_asked(bench: EmulatedBench) -> None:
    asked = order("success@razorpay")
    first = await bench.doing(COLLECT).collect(asked)
    assert isinstance(first, Approved)
    assert await bench.doing(COLLECT).collect(asked) == first
    assert await bench.gateway.lookup(asked.payment) == first
    assert bench.charged(asked.payment) == [12550]


async def test_who_says_no_has_paid_nothing(bench: EmulatedBench) -> None:
    asked = order("insufficient_funds@razorpay")
    outcome = await bench.doing(COLLECT).collect(asked)
    assert isinstance(outcome, Declined)
    assert outcome.code is DeclineCode.INSUFFICIENT_FUNDS
    assert await bench.gateway.lookup(asked.payment) == outcome


async def test_an_address_that_is_none_is_not_asked(bench: EmulatedBench) -> None:
    assert isinstance(await bench.doing(COLLECT).collect(order("nobody")), NotAttempted)


async def test_an_answer_lost_after_the_question_is_unknown_until_looked_up(bench: EmulatedBench) -> None:
    asked = order("success@razorpay")
    bench.emulator.troubles.plan(Trouble(Fault.RESET_AFTER_SEND, "/v1/payments/create/upi"))
    assert isinstance(await bench.doing(COLLECT).collect(asked), Unknown)
    assert isinstance(await bench.gateway.lookup(asked.payment), Approved)
    assert bench.charged(asked.payment) == [12550]
