"""The emulator of Razorpay, asked by Razorpay's own SDK: does it speak the dialect?"""

import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

import anyio.to_thread
import pytest
import razorpay
from razorpay.errors import BadRequestError, ServerError, SignatureVerificationError

from core.certificate import Certificate, certificate_in
from payments.orders import Page
from payments.sandbox.books import Books
from payments.sandbox.dialect import Hook
from payments.sandbox.faults import Fault, Trouble
from payments.sandbox.razorpay.dialect import RazorpayDialect
from payments.sandbox.razorpay.means import CUSTOMER, GOOD_TOKEN
from payments.sandbox.server import Emulator
from tests.contract.benches.ear import listening
from tests.contract.benches.payer import payer

pytestmark = pytest.mark.anyio

T = TypeVar("T")
PAYER = {"email": "payer@example.com", "contact": "+15550100"}


@dataclass
class Desk:
    """The vendor's SDK; it blocks, so it is asked in a thread."""

    client: Any
    emulator: Emulator

    async def ask(self, question: Callable[[Any], T]) -> T:
        return await anyio.to_thread.run_sync(question, self.client)

    async def order(self, receipt: str = "pay_1", amount: int = 1250) -> Any:
        asked = {"amount": amount, "currency": "INR", "receipt": receipt}
        return await self.ask(lambda client: client.order.create(data=asked))

    async def charge(self, order: Any, token: str = GOOD_TOKEN) -> Any:
        asked = {
            **PAYER,
            "amount": order["amount"],
            "currency": "INR",
            "order_id": order["id"],
            "customer_id": CUSTOMER,
            "token": token,
            "recurring": True,
        }
        return await self.ask(lambda client: client.payment.createRecurring(asked))

    async def link(self, **more: object) -> Any:
        asked = {
            "amount": 1250,
            "currency": "INR",
            "reference_id": "pay_1",
            "callback_url": "https://shop.example.com/back",
            "callback_method": "get",
            "expire_by": int(time.time()) + 3600,
            **more,
        }
        return await self.ask(lambda client: client.payment_link.create(asked))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate_in(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
async def desk(certificate: Certificate) -> AsyncIterator[Desk]:
    async with Emulator(RazorpayDialect(Books()), certificate.context()) as emulator:
        client = razorpay.Client(auth=("rzp_test_1", "secret"), base_url=emulator.url)
        client.cert_path = str(certificate.authority)
        yield Desk(client, emulator)
        client.session.close()


async def test_an_order_is_made_found_by_its_receipt_and_paid_once(desk: Desk) -> None:
    order = await desk.order()
    made = await desk.charge(order)
    assert made["razorpay_order_id"] == order["id"]
    paid = await desk.ask(lambda client: client.payment.fetch(made["razorpay_payment_id"]))
    assert (paid["status"], paid["order_id"], paid["captured"]) == ("captured", order["id"], True)
    listed = await desk.ask(lambda client: client.order.all({"receipt": "pay_1"}))
    assert [one["status"] for one in listed["items"]] == ["paid"]
    payments = await desk.ask(lambda client: client.order.payments(order["id"]))
    assert payments["items"] == [paid]
    with pytest.raises(BadRequestError, match="already paid"):
        await desk.charge(order)


async def test_a_mandate_is_refused_with_its_reason(desk: Desk) -> None:
    order = await desk.order()
    with pytest.raises(BadRequestError):
        await desk.charge(order, "token_refused_insufficient_funds")
    payments = await desk.ask(lambda client: client.order.payments(order["id"]))
    [failed] = payments["items"]
    assert (failed["status"], failed["error_reason"]) == ("failed", "insufficient_funds")


async def test_money_is_collected_by_upi(desk: Desk) -> None:
    order = await desk.order()
    asked = {
        **PAYER,
        "amount": 1250,
        "currency": "INR",
        "order_id": order["id"],
        "method": "upi",
        "upi": {"flow": "collect", "vpa": "success@razorpay", "expiry_time": 5},
    }
    made = await desk.ask(lambda client: client.payment.createUpi(asked))
    paid = await desk.ask(lambda client: client.payment.fetch(made["razorpay_payment_id"]))
    assert (paid["status"], paid["method"]) == ("captured", "upi")
    asked["upi"] = {"flow": "collect", "vpa": "nobody"}
    with pytest.raises(BadRequestError, match="VPA"):
        await desk.ask(lambda client: client.payment.createUpi(asked))


async def test_no_more_is_refunded_than_was_taken(desk: Desk) -> None:
    name = (await desk.charge(await desk.order()))["razorpay_payment_id"]
    made = await desk.ask(
        lambda client: client.payment.refund(name, {"amount": 1000, "notes": {"refund": "ref_1"}})
    )
    assert (made["status"], made["payment_id"]) == ("processed", name)
    with pytest.raises(BadRequestError, match="greater"):
        await desk.ask(lambda client: client.payment.refund(name, {"amount": 251}))
    listed = await desk.ask(lambda client: client.payment.fetch_multiple_refund(name))
    assert listed["items"] == [made]


async def test_a_refund_sent_again_under_its_key_is_the_same(desk: Desk) -> None:
    name = (await desk.charge(await desk.order()))["razorpay_payment_id"]

    async def refund(amount: int) -> Any:
        headers = {"X-Refund-Idempotency": "refund_key_1"}
        return await desk.ask(
            lambda client: client.payment.refund(name, {"amount": amount}, headers=dict(headers))
        )

    assert await refund(100) == await refund(100)
    with pytest.raises(BadRequestError, match="idempotency key"):
        await refund(200)


async def test_a_link_is_paid_and_the_sdk_believes_what_the_payer_carries_back(
    desk: Desk, certificate: Certificate
) -> None:
    link = await desk.link()
    async with payer(certificate) as somebody:
        back = await somebody.pay(Page(link["id"], link["short_url"]))
    told = dict(parse_qsl(urlsplit(back.url).query))
    names = {"payment_link_id", "payment_link_reference_id", "payment_link_status"}
    checked = told | {name: told[f"razorpay_{name}"] for name in names}
    assert await desk.ask(lambda client: client.utility.verify_payment_link_signature(checked))
    found = await desk.ask(lambda client: client.payment_link.fetch(link["id"]))
    assert found["status"] == "paid"
    assert [one["payment_id"] for one in found["payments"]] == [told["razorpay_payment_id"]]


async def test_a_reference_is_taken_once_and_a_cancelled_link_is_over(desk: Desk) -> None:
    link = await desk.link()
    with pytest.raises(BadRequestError, match="already exists"):
        await desk.link()
    listed = await desk.ask(lambda client: client.payment_link.all({"reference_id": "pay_1"}))
    assert [one["id"] for one in listed["payment_links"]] == [link["id"]]
    gone = await desk.ask(lambda client: client.payment_link.cancel(link["id"]))
    assert gone["status"] == "cancelled"
    with pytest.raises(BadRequestError, match="15 minutes"):
        await desk.link(reference_id="pay_2", expire_by=int(time.time()) + 60)


async def test_the_sdk_believes_the_emulators_webhooks(desk: Desk) -> None:
    async with listening() as ear:
        desk.emulator.bell.hooks.append(Hook(ear.url, "webhook-secret"))
        await desk.charge(await desk.order())
        heard = await ear.next()
    body, signature = heard.body.decode(), heard.headers["x-razorpay-signature"]
    check = desk.client.utility.verify_webhook_signature
    assert check(body, signature, "webhook-secret")
    with pytest.raises(SignatureVerificationError):
        check(body, signature, "another-secret")


async def test_a_planned_server_error_charges_nothing(desk: Desk) -> None:
    order = await desk.order()
    desk.emulator.troubles.plan(Trouble(Fault.ERROR_500, "/v1/payments"))
    with pytest.raises(ServerError):
        await desk.charge(order)
    assert desk.emulator.books.listed("payment") == []
