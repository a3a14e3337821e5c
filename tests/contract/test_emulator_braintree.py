"""The emulator of Braintree, asked by Braintree's own SDK: does it speak the dialect?"""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar
from urllib.parse import parse_qs

import anyio.to_thread
import braintree
import pytest
from braintree.environment import Environment

from core.certificate import Certificate, certificate_in
from payments.sandbox.books import Books
from payments.sandbox.braintree.cards import DISPUTED, UNVERIFIED
from payments.sandbox.braintree.dialect import BraintreeDialect
from payments.sandbox.dialect import Hook
from payments.sandbox.faults import Fault, Trouble
from payments.sandbox.server import Emulator
from tests.contract.benches.ear import listening

pytestmark = pytest.mark.anyio

T = TypeVar("T")
TOKENIZE = """mutation ($input: TokenizeCreditCardInput!) {
    tokenizeCreditCard(input: $input) { paymentMethod { id usage } }
}"""


class Loopback(Environment):  # type: ignore[misc]  # the SDK has no types
    """The SDK asks https on port 443 only; this is the emulator's port."""

    protocol = "https://"


@dataclass
class Desk:
    """The vendor's SDK; it blocks, so it is asked in a thread."""

    gateway: Any
    emulator: Emulator

    async def ask(self, question: Callable[[Any], T]) -> T:
        return await anyio.to_thread.run_sync(question, self.gateway)

    async def nonce(self, number: str = "4111111111111111", cvv: str = "123") -> str:
        card = {"number": number, "expirationMonth": "12", "expirationYear": "2034", "cvv": cvv}
        asked = {"input": {"creditCard": card}}
        told = await self.ask(lambda gateway: gateway.graphql_client.query(TOKENIZE, asked))
        return str(told["data"]["tokenizeCreditCard"]["paymentMethod"]["id"])

    async def sale(self, amount: str = "12.50", **more: object) -> Any:
        order = {"amount": amount, "options": {"submit_for_settlement": True}, **more}
        if "payment_method_token" not in more and "payment_method_nonce" not in more:
            order["payment_method_nonce"] = await self.nonce()
        return await self.ask(lambda gateway: gateway.transaction.sale(order))

    async def settled(self) -> Any:
        """A charge that the sandbox has settled."""
        made = (await self.sale(order_id="pay_1")).transaction
        told = await self.ask(lambda gateway: gateway.testing.settle_transaction(made.id))
        return told.transaction


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate_in(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
async def desk(certificate: Certificate) -> AsyncIterator[Desk]:
    async with Emulator(BraintreeDialect(Books()), certificate.context()) as emulator:
        port = str(emulator.port)
        here = Loopback("sandbox", "127.0.0.1", port, "", True, str(certificate.authority), "127.0.0.1", port)
        yield Desk(
            braintree.BraintreeGateway(braintree.Configuration(here, "shop", "public", "private")), emulator
        )


async def test_a_card_is_charged_and_found(desk: Desk) -> None:
    made = (await desk.sale(order_id="pay_1")).transaction
    assert (made.status, made.amount, made.order_id) == (
        "submitted_for_settlement",
        Decimal("12.50"),
        "pay_1",
    )
    assert (made.credit_card_details.last_4, made.credit_card_details.card_type) == ("1111", "Visa")
    found = await desk.ask(lambda gateway: gateway.transaction.find(made.id))
    assert found.id == made.id
    with pytest.raises(braintree.exceptions.NotFoundError):
        await desk.ask(lambda gateway: gateway.transaction.find("nothing"))


async def test_a_search_by_our_reference_finds_the_newest_first(desk: Desk) -> None:
    made = [(await desk.sale(order_id="pay_1")).transaction.id for _ in range(2)]
    await desk.sale(order_id="pay_2")
    asked = braintree.TransactionSearch.order_id == "pay_1"
    found = await desk.ask(lambda gateway: gateway.transaction.search(asked))
    assert found.ids == list(reversed(made))
    assert (await desk.ask(lambda _: found.first)).id == made[1]


async def test_the_amount_makes_the_processor_decline(desk: Desk) -> None:
    refused = await desk.sale("2001.00")
    assert not refused.is_success
    assert refused.transaction.status == "processor_declined"
    assert refused.transaction.processor_response_code == "2001"


@pytest.mark.parametrize(
    ("number", "cvv", "code"),
    [("4111111111111112", "123", "81715"), ("378282246310005", "123", "81707")],
)
async def test_a_card_that_cannot_be_makes_no_token(desk: Desk, number: str, cvv: str, code: str) -> None:
    asked = {
        "input": {
            "creditCard": {"number": number, "expirationMonth": "12", "expirationYear": "34", "cvv": cvv}
        }
    }
    told = await desk.ask(lambda gateway: gateway.graphql_client.query(TOKENIZE, asked))
    assert [error["extensions"]["legacyCode"] for error in told["errors"]] == [code]


async def test_a_nonce_works_once(desk: Desk) -> None:
    nonce = await desk.nonce()
    assert (await desk.sale(payment_method_nonce=nonce)).is_success
    again = await desk.sale(payment_method_nonce=nonce)
    assert [error.code for error in again.errors.deep_errors] == ["91564"]


async def test_a_key_sent_again_answers_with_what_became_of_it(desk: Desk) -> None:
    nonce = await desk.nonce()
    first = await desk.sale(payment_method_nonce=nonce, api_request_key="key_1")
    await desk.ask(lambda gateway: gateway.testing.settle_transaction(first.transaction.id))
    again = await desk.sale(payment_method_nonce=nonce, api_request_key="key_1")
    assert (again.transaction.id, again.transaction.status) == (first.transaction.id, "settled")
    other = await desk.sale("1.00", payment_method_nonce=nonce, api_request_key="key_1")
    assert [error.code for error in other.errors.deep_errors] == ["915232"]


async def test_a_reservation_is_taken_in_part_or_let_go(desk: Desk) -> None:
    held = (await desk.sale(options={"submit_for_settlement": False})).transaction
    assert held.status == "authorized"
    too_much = await desk.ask(lambda gateway: gateway.transaction.submit_for_settlement(held.id, "12.51"))
    assert [error.code for error in too_much.errors.deep_errors] == ["91522"]
    taken = await desk.ask(lambda gateway: gateway.transaction.submit_for_settlement(held.id, "10.00"))
    assert taken.transaction.amount == Decimal("10.00")
    gone = await desk.ask(lambda gateway: gateway.transaction.void(held.id))
    assert gone.transaction.status == "voided"
    again = await desk.ask(lambda gateway: gateway.transaction.void(held.id))
    assert [error.code for error in again.errors.deep_errors] == ["91504"]


async def test_no_refund_before_settlement_and_never_more_than_was_taken(desk: Desk) -> None:
    early = (await desk.sale()).transaction
    told = await desk.ask(lambda gateway: gateway.transaction.refund(early.id, "1.00"))
    assert [error.code for error in told.errors.deep_errors] == ["91506"]
    made = await desk.settled()
    part = await desk.ask(lambda gateway: gateway.transaction.refund(made.id, "12.00"))
    assert (part.transaction.type, part.transaction.refunded_transaction_id) == ("credit", made.id)
    too_much = await desk.ask(lambda gateway: gateway.transaction.refund(made.id, "0.51"))
    assert [error.code for error in too_much.errors.deep_errors] == ["91521"]


async def test_a_card_is_kept_charged_and_deleted(desk: Desk) -> None:
    customer = (await desk.ask(lambda gateway: gateway.customer.create({"id": "customer-1"}))).customer
    assert customer.id == "customer-1"
    twice = await desk.ask(lambda gateway: gateway.customer.create({"id": "customer-1"}))
    assert [error.code for error in twice.errors.deep_errors] == ["91609"]
    order = {"customer_id": "customer-1", "payment_method_nonce": await desk.nonce()}
    kept = (await desk.ask(lambda gateway: gateway.payment_method.create(order))).payment_method
    assert kept.last_4 == "1111"
    assert (await desk.sale(payment_method_token=kept.token)).is_success
    await desk.ask(lambda gateway: gateway.payment_method.delete(kept.token))
    refused = await desk.sale(payment_method_token=kept.token)
    assert [error.code for error in refused.errors.deep_errors] == ["91518"]


async def test_a_card_that_the_bank_does_not_verify_is_not_kept(desk: Desk) -> None:
    await desk.ask(lambda gateway: gateway.customer.create({"id": "customer-1"}))
    nonce = await desk.nonce(UNVERIFIED.decode())
    order = {
        "customer_id": "customer-1",
        "payment_method_nonce": nonce,
        "options": {"verify_card": True},
    }
    refused = await desk.ask(lambda gateway: gateway.payment_method.create(order))
    assert refused.credit_card_verification.processor_response_code == "2000"


async def test_the_sdk_believes_the_emulators_webhooks(desk: Desk) -> None:
    async with listening() as ear:
        desk.emulator.bell.hooks.append(Hook(ear.url, "public|private"))
        sale = await desk.sale(payment_method_nonce=await desk.nonce(DISPUTED.decode()))
        form = parse_qs((await ear.next()).body.decode())
        signature, payload = form["bt_signature"][0], form["bt_payload"][0]
        told = await desk.ask(lambda gateway: gateway.webhook_notification.parse(signature, payload))
        assert told.kind == "dispute_opened"
        assert told.dispute.transaction.id == sale.transaction.id
        assert told.dispute.amount_disputed == Decimal("12.50")
        with pytest.raises(braintree.exceptions.InvalidSignatureError):
            await desk.ask(lambda gateway: gateway.webhook_notification.parse(signature, payload[4:]))


async def test_a_planned_server_error_charges_nothing(desk: Desk) -> None:
    nonce = await desk.nonce()
    desk.emulator.troubles.plan(Trouble(Fault.ERROR_500, "/merchants/shop/transactions"))
    with pytest.raises(braintree.exceptions.ServerError):
        await desk.sale(payment_method_nonce=nonce)
    assert desk.emulator.books.listed("transaction") == []


async def test_no_number_is_on_the_books(desk: Desk) -> None:
    await desk.sale()
    assert desk.emulator.books.listed("nonce")
    assert "4111111111111111" not in str(desk.emulator.books.objects)


async def test_a_dispute_takes_evidence_or_is_accepted(desk: Desk) -> None:
    for _ in range(2):
        await desk.sale(payment_method_nonce=await desk.nonce(DISPUTED.decode()))
    first, second = (made["id"] for made in desk.emulator.books.listed("dispute"))
    shown = await desk.ask(lambda gateway: gateway.dispute.find(first))
    assert (shown.status, shown.amount_disputed) == ("open", Decimal("12.50"))
    told = await desk.ask(lambda gateway: gateway.dispute.add_text_evidence(first, "Paid on 3 March"))
    assert (told.is_success, told.evidence.comment) == (True, "Paid on 3 March")
    assert (await desk.ask(lambda gateway: gateway.dispute.finalize(first))).is_success
    assert (await desk.ask(lambda gateway: gateway.dispute.accept(second))).is_success
    refused = await desk.ask(lambda gateway: gateway.dispute.add_text_evidence(second, "too late"))
    assert [error.code for error in refused.errors.deep_errors] == ["95701"]
