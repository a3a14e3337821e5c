"""The emulator of PayPal, asked by PayPal's own SDK: does it speak the dialect?"""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import anyio.to_thread
import pytest
from paypalserversdk.configuration import Configuration, Environment, Server
from paypalserversdk.exceptions.error_exception import ErrorException
from paypalserversdk.http.auth.o_auth_2 import ClientCredentialsAuthCredentials
from paypalserversdk.paypal_serversdk_client import PaypalServersdkClient

from core.certificate import Certificate, certificate_in
from payments.orders import Page
from payments.sandbox.books import Books
from payments.sandbox.faults import Fault, Trouble
from payments.sandbox.paypal.dialect import PayPalDialect
from payments.sandbox.server import Emulator
from tests.contract.benches.payer import payer

pytestmark = pytest.mark.anyio

VISA = "4111111111111111"


@dataclass
class Desk:
    """The vendor's SDK; it blocks, so it is asked in a thread."""

    client: Any
    emulator: Emulator

    async def ask(self, question: Callable[[Any], Any]) -> Any:
        return (await anyio.to_thread.run_sync(question, self.client)).body

    async def card(self, number: str = VISA, name: str = "") -> str:
        """A vaulted card's id."""
        card = {"number": number, "expiry": "2034-12", "security_code": "123"} | (
            {"name": name} if name else {}
        )
        setup = await self.ask(
            lambda client: client.vault.create_setup_token({"body": {"payment_source": {"card": card}}})
        )
        source = {"token": {"id": setup.id, "type": "SETUP_TOKEN"}}
        kept = await self.ask(
            lambda client: client.vault.create_payment_token({"body": {"payment_source": source}})
        )
        assert kept.payment_source.card.last_digits == number[-4:]
        return str(kept.id)

    async def order(
        self, card: str, key: str, value: str = "12.50", intent: str = "CAPTURE", invoice: str = ""
    ) -> Any:
        unit = {"custom_id": "pay_1", "amount": {"currency_code": "USD", "value": value}}
        body = {
            "intent": intent,
            "payment_source": {"card": {"vault_id": card}},
            "purchase_units": [unit | ({"invoice_id": invoice} if invoice else {})],
        }
        return await self.ask(
            lambda client: client.orders.create_order({"body": body, "paypal_request_id": key})
        )


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate_in(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
async def desk(certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate.authority))
    async with Emulator(PayPalDialect(Books()), certificate.context()) as emulator:
        monkeypatch.setitem(Configuration.environments[Environment.SANDBOX], Server.DEFAULT, emulator.url)
        credentials = ClientCredentialsAuthCredentials("client", "secret")
        yield Desk(PaypalServersdkClient(client_credentials_auth_credentials=credentials), emulator)


def issues(refused: pytest.ExceptionInfo[ErrorException]) -> list[str]:
    return [detail.issue for detail in refused.value.details]


async def test_a_vaulted_card_is_charged_and_found(desk: Desk) -> None:
    made = await desk.order(await desk.card(), "key_1")
    capture = made.purchase_units[0].payments.captures[0]
    assert (made.status, capture.status, capture.amount.value) == ("COMPLETED", "COMPLETED", "12.50")
    found = await desk.ask(lambda client: client.orders.get_order({"id": made.id}))
    assert found.purchase_units[0].payments.captures[0].id == capture.id
    again = await desk.ask(lambda client: client.payments.get_captured_payment({"capture_id": capture.id}))
    assert (again.custom_id, again.supplementary_data.related_ids.order_id) == ("pay_1", made.id)


@pytest.mark.parametrize(("name", "code"), [("CCREJECT-IF", "5120"), ("CCREJECT-CVV_F", "00N7")])
async def test_a_name_makes_the_bank_decline(desk: Desk, name: str, code: str) -> None:
    made = await desk.order(await desk.card(name=name), "key_1")
    capture = made.purchase_units[0].payments.captures[0]
    assert (capture.status, capture.processor_response.response_code) == ("DECLINED", code)


async def test_a_number_that_cannot_be_makes_no_token(desk: Desk) -> None:
    with pytest.raises(ErrorException) as refused:
        await desk.card("4111111111111112")
    assert issues(refused) == ["VALIDATION_ERROR"]


async def test_a_request_id_sent_again_answers_the_same_and_charges_once(desk: Desk) -> None:
    card = await desk.card()
    first, again = [await desk.order(card, "key_1") for _ in range(2)]
    assert first.id == again.id
    assert len(desk.emulator.books.listed("capture")) == 1
    with pytest.raises(ErrorException) as refused:
        await desk.order(card, "key_1", "1.00")
    assert issues(refused) == ["DUPLICATE_REQUEST_ID"]


async def test_an_invoice_is_paid_once_whatever_the_request_id(desk: Desk) -> None:
    card = await desk.card()
    await desk.order(card, "key_1", invoice="pay_1")
    with pytest.raises(ErrorException) as refused:
        await desk.order(card, "key_2", invoice="pay_1")
    assert issues(refused) == ["DUPLICATE_INVOICE_ID"]


async def test_a_reservation_is_taken_in_part_or_let_go(desk: Desk) -> None:
    card = await desk.card()
    held = [
        (await desk.order(card, f"key_{n}", intent="AUTHORIZE"))
        .purchase_units[0]
        .payments.authorizations[0]
        .id
        for n in range(2)
    ]
    amount = {"currency_code": "USD", "value": "12.51"}
    asked = {"authorization_id": held[0], "body": {"amount": amount}}
    with pytest.raises(ErrorException) as refused:
        await desk.ask(lambda client: client.payments.capture_authorized_payment(asked))
    assert issues(refused) == ["MAX_CAPTURE_AMOUNT_EXCEEDED"]
    asked = {"authorization_id": held[0], "body": {"amount": amount | {"value": "10.00"}}}
    taken = await desk.ask(lambda client: client.payments.capture_authorized_payment(asked))
    assert taken.status == "COMPLETED"
    await desk.ask(lambda client: client.payments.void_payment({"authorization_id": held[1]}))
    found = await desk.ask(
        lambda client: client.payments.get_authorized_payment({"authorization_id": held[1]})
    )
    assert found.status == "VOIDED"


async def test_no_more_is_refunded_than_was_captured(desk: Desk) -> None:
    made = await desk.order(await desk.card(), "key_1")
    capture = made.purchase_units[0].payments.captures[0].id
    asked = {"capture_id": capture, "body": {"amount": {"currency_code": "USD", "value": "12.00"}}}
    refund = await desk.ask(lambda client: client.payments.refund_captured_payment(asked))
    assert refund.status == "COMPLETED"
    asked = {"capture_id": capture, "body": {"amount": {"currency_code": "USD", "value": "0.51"}}}
    with pytest.raises(ErrorException) as refused:
        await desk.ask(lambda client: client.payments.refund_captured_payment(asked))
    assert issues(refused) == ["REFUND_AMOUNT_EXCEEDED"]
    found = await desk.ask(lambda client: client.payments.get_refund({"refund_id": refund.id}))
    assert found.amount.value == "12.00"


async def test_the_report_lists_what_was_taken(desk: Desk) -> None:
    made = await desk.order(await desk.card(), "key_1")
    now = datetime.now(UTC)
    asked = {
        "start_date": (now - timedelta(hours=1)).isoformat(timespec="seconds"),
        "end_date": (now + timedelta(hours=1)).isoformat(timespec="seconds"),
    }
    report = await desk.ask(lambda client: client.transaction_search.search_transactions(asked))
    info = report.transaction_details[0].transaction_info
    assert (info.custom_field, info.transaction_status) == ("pay_1", "S")
    assert info.transaction_id == made.purchase_units[0].payments.captures[0].id


async def test_a_deleted_card_is_not_charged(desk: Desk) -> None:
    card = await desk.card()
    await desk.ask(lambda client: client.vault.delete_payment_token(card))
    with pytest.raises(ErrorException) as refused:
        await desk.order(card, "key_1")
    assert issues(refused) == ["INVALID_RESOURCE_ID"]


async def test_a_planned_server_error_charges_nothing(desk: Desk) -> None:
    card = await desk.card()
    desk.emulator.troubles.plan(Trouble(Fault.ERROR_500, "/v2/checkout/orders"))
    with pytest.raises(ErrorException):
        await desk.order(card, "key_1")
    assert desk.emulator.books.listed("capture") == []


async def test_no_number_is_on_the_books(desk: Desk) -> None:
    await desk.order(await desk.card(), "key_1")
    assert desk.emulator.books.listed("card")
    assert VISA not in str(desk.emulator.books.objects)
    assert VISA not in str(desk.emulator.books.answers)


async def test_an_order_is_approved_by_a_payer_and_then_captured(
    desk: Desk, certificate: Certificate
) -> None:
    context = {"return_url": "https://shop.example.com/back", "cancel_url": "https://shop.example.com/no"}
    body = {
        "intent": "CAPTURE",
        "payment_source": {"paypal": {"experience_context": context}},
        "purchase_units": [{"custom_id": "pay_1", "amount": {"currency_code": "USD", "value": "12.50"}}],
    }
    made = await desk.ask(lambda client: client.orders.create_order({"body": body, "paypal_request_id": "k"}))
    assert made.status == "PAYER_ACTION_REQUIRED"
    with pytest.raises(ErrorException) as early:
        await desk.ask(lambda client: client.orders.capture_order({"id": made.id}))
    assert issues(early) == ["ORDER_NOT_APPROVED"]
    url = next(link.href for link in made.links if link.rel == "payer-action")
    async with payer(certificate) as somebody:
        back = await somebody.pay(Page(made.id, url))
    assert back.url.startswith(f"https://shop.example.com/back?token={made.id}")
    assert (await desk.ask(lambda client: client.orders.get_order({"id": made.id}))).status == "APPROVED"
    taken = await desk.ask(lambda client: client.orders.capture_order({"id": made.id}))
    [capture] = taken.purchase_units[0].payments.captures
    assert (taken.status, capture.status, capture.custom_id) == ("COMPLETED", "COMPLETED", "pay_1")
