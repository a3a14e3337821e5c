"""The emulator of Square, asked by Square's own SDK: does it speak the dialect?"""

import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest
from square import AsyncSquare
from square.core.api_error import ApiError
from square.requests.money import MoneyParams
from square.types.payment import Payment
from square.utils.webhooks_helper import verify_signature

from core.certificate import Certificate, certificate_in
from payments.orders import Page
from payments.sandbox.books import Books
from payments.sandbox.dialect import Hook
from payments.sandbox.faults import Fault, Trouble
from payments.sandbox.server import Emulator
from payments.sandbox.square.dialect import SquareDialect
from tests.contract.benches.ear import listening
from tests.contract.benches.payer import Shown, payer

pytestmark = pytest.mark.anyio

DUE = MoneyParams(amount=1250, currency="USD")
GOOD = "cnon:card-nonce-ok"


@dataclass
class Desk:
    """The vendor's SDK, and the emulator."""

    client: AsyncSquare
    emulator: Emulator

    async def pay(self, key: str, source: str = GOOD, held: bool = False, amount: int = 1250) -> Payment:
        made = await self.client.payments.create(
            source_id=source,
            idempotency_key=key,
            amount_money=MoneyParams(amount=amount, currency="USD"),
            autocomplete=not held,
            reference_id="pay_1",
            request_options={"max_retries": 0},
        )
        assert isinstance(made.payment, Payment)
        return made.payment


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate_in(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
async def desk(certificate: Certificate) -> AsyncIterator[Desk]:
    trusted = ssl.create_default_context(cafile=certificate.authority)
    async with (
        Emulator(SquareDialect(Books()), certificate.context()) as emulator,
        httpx.AsyncClient(verify=trusted) as client,
    ):
        yield Desk(AsyncSquare(base_url=emulator.url, token="token", httpx_client=client), emulator)


def code_of(refused: pytest.ExceptionInfo[ApiError]) -> str:
    return str(refused.value.errors[0].code)


async def test_a_token_is_charged_and_found(desk: Desk) -> None:
    made = await desk.pay("key_1")
    assert (made.status, made.reference_id) == ("COMPLETED", "pay_1")
    assert made.id is not None
    found = await desk.client.payments.get(made.id)
    assert found.payment == made
    listed = [one async for one in await desk.client.payments.list(sort_order="DESC", limit=1)]
    assert listed == [made]


@pytest.mark.parametrize(
    ("nonce", "code"),
    [
        ("cnon:card-nonce-declined", "GENERIC_DECLINE"),
        ("cnon:card-nonce-rejected-cvv", "CVV_FAILURE"),
        ("cnon:card-nonce-already-used", "CARD_TOKEN_USED"),
        ("cnon:nobody-knows", "NOT_FOUND"),
    ],
)
async def test_a_test_token_is_refused_as_documented(desk: Desk, nonce: str, code: str) -> None:
    with pytest.raises(ApiError) as refused:
        await desk.pay("key_1", nonce)
    assert code_of(refused) == code


async def test_a_key_sent_again_answers_the_same_and_charges_once(desk: Desk) -> None:
    assert await desk.pay("key_1") == await desk.pay("key_1")
    assert len(desk.emulator.books.listed("payment")) == 1
    with pytest.raises(ApiError) as refused:
        await desk.pay("key_1", amount=1)
    assert code_of(refused) == "IDEMPOTENCY_KEY_REUSED"


async def test_the_list_turns_its_pages_from_the_newest_on(desk: Desk) -> None:
    made = [(await desk.pay(f"key_{n}")).id for n in range(5)]
    listed = [one.id async for one in await desk.client.payments.list(sort_order="DESC", limit=2)]
    assert listed == list(reversed(made))


async def test_a_reservation_is_taken_or_let_go(desk: Desk) -> None:
    first, second = await desk.pay("key_1", held=True), await desk.pay("key_2", held=True)
    assert first.status == "APPROVED"
    assert first.id is not None
    assert second.id is not None
    taken = (await desk.client.payments.complete(first.id)).payment
    gone = (await desk.client.payments.cancel(second.id)).payment
    assert taken is not None
    assert gone is not None
    assert (taken.status, gone.status) == ("COMPLETED", "CANCELED")
    with pytest.raises(ApiError) as refused:
        await desk.client.payments.complete(second.id)
    assert code_of(refused) == "BAD_REQUEST"


async def test_no_more_is_refunded_than_was_taken(desk: Desk) -> None:
    paid = (await desk.pay("key_1")).id
    part = MoneyParams(amount=1200, currency="USD")
    made = await desk.client.refunds.refund_payment(
        idempotency_key="refund_1", amount_money=part, payment_id=paid, reason="ref_1"
    )
    assert made.refund is not None
    assert (await desk.client.refunds.get(made.refund.id)).refund == made.refund
    with pytest.raises(ApiError) as refused:
        await desk.client.refunds.refund_payment(
            idempotency_key="refund_2", amount_money=MoneyParams(amount=51, currency="USD"), payment_id=paid
        )
    assert code_of(refused) == "REFUND_AMOUNT_INVALID"


async def test_a_card_is_kept_on_file_charged_and_disabled(desk: Desk) -> None:
    customer = (await desk.client.customers.create(reference_id="customer 1")).customer
    assert customer is not None
    kept = await desk.client.cards.create(
        idempotency_key="card_1", source_id=GOOD, card={"customer_id": customer.id}
    )
    assert kept.card is not None
    assert kept.card.id is not None
    paid = await desk.client.payments.create(
        source_id=kept.card.id, idempotency_key="key_1", amount_money=DUE, customer_id=customer.id
    )
    assert paid.payment is not None
    assert paid.payment.status == "COMPLETED"
    await desk.client.cards.disable(kept.card.id)
    with pytest.raises(ApiError) as refused:
        await desk.client.payments.create(
            source_id=kept.card.id, idempotency_key="key_2", amount_money=DUE, customer_id=customer.id
        )
    assert code_of(refused) == "INVALID_CARD"


async def test_the_sdk_believes_the_emulators_webhooks(desk: Desk) -> None:
    async with listening() as ear:
        desk.emulator.bell.hooks.append(Hook(ear.url, "signature-key"))
        await desk.pay("key_1")
        heard = await ear.next()
    for key, believed in (("signature-key", True), ("another-key", False)):
        checked = verify_signature(
            request_body=heard.body.decode(),
            signature_header=heard.headers["x-square-hmacsha256-signature"],
            signature_key=key,
            notification_url=ear.url,
        )
        assert checked is believed


async def test_a_planned_server_error_charges_nothing(desk: Desk) -> None:
    desk.emulator.troubles.plan(Trouble(Fault.ERROR_500, "/v2/payments"))
    with pytest.raises(ApiError):
        await desk.pay("key_1")
    assert desk.emulator.books.listed("payment") == []


async def test_a_checkout_link_is_paid_and_its_order_names_the_payment(
    desk: Desk, certificate: Certificate
) -> None:
    made = await desk.client.checkout.payment_links.create(
        idempotency_key="link_1",
        order={
            "location_id": "L1",
            "reference_id": "pay_1",
            "line_items": [{"name": "bill 1", "quantity": "1", "base_price_money": DUE}],
        },
        checkout_options={"redirect_url": "https://shop.example.com/back"},
        payment_note="pay_1",
    )
    link = made.payment_link
    assert link is not None
    assert link.order_id is not None
    assert link.url is not None
    async with payer(certificate) as somebody:
        refused = await somebody.click(await somebody.open(Page("", link.url)), by="cnon:card-nonce-declined")
        assert isinstance(refused, Shown)
        back = await somebody.pay(Page("", link.url), GOOD)
    assert back.url.startswith("https://shop.example.com/back?orderId=")
    order = (await desk.client.orders.get(link.order_id)).order
    assert order is not None
    assert (order.state, order.reference_id) == ("COMPLETED", "pay_1")
    assert order.tenders is not None
    assert order.tenders[0].payment_id is not None
    paid = (await desk.client.payments.get(order.tenders[0].payment_id)).payment
    assert paid is not None
    assert (paid.status, paid.note, paid.order_id) == ("COMPLETED", "pay_1", link.order_id)


async def test_a_dispute_takes_evidence_or_is_accepted(desk: Desk) -> None:
    for number in (1, 2):
        await desk.pay(f"key_{number}", "cnon:card-nonce-disputed")
    first, second = (made["id"] for made in desk.emulator.books.listed("dispute"))
    shown = (await desk.client.disputes.get(first)).dispute
    assert shown is not None
    assert (shown.state, shown.reason) == ("EVIDENCE_REQUIRED", "NO_KNOWLEDGE")
    text = await desk.client.disputes.create_evidence_text(
        first, idempotency_key="key_text", evidence_text="Paid on 3 March", evidence_type="GENERIC_EVIDENCE"
    )
    assert text.evidence is not None
    assert text.evidence.dispute_id == first
    sent = (await desk.client.disputes.submit_evidence(first)).dispute
    assert sent is not None
    assert sent.state == "PROCESSING"
    accepted = (await desk.client.disputes.accept(second)).dispute
    assert accepted is not None
    assert accepted.state == "ACCEPTED"
    with pytest.raises(ApiError) as refused:
        await desk.client.disputes.submit_evidence(second)
    assert code_of(refused) == "INVALID_STATE"
