"""Square's adapter against the emulator, whose requests pass the SDK's own signatures."""

import inspect
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from square.cards.client import CardsClient
from square.checkout.payment_links.client import PaymentLinksClient
from square.customers.client import CustomersClient
from square.payments.client import PaymentsClient
from square.refunds.client import RefundsClient

from core.certificate import Certificate
from core.ids import PaymentId
from payments.gateways.square.account import CAPABILITIES, Account
from payments.gateways.square.gateway import SquareGateway
from payments.orders import Page, Token
from payments.outcome import DeclineCode
from payments.sandbox.books import Books
from payments.sandbox.dialect import Answer
from payments.sandbox.server import Emulator
from payments.sandbox.square.dialect import SquareDialect
from tests.contract.benches.bench import Bench, EmulatedBench, Refusal, Vendor

PUBLIC = "https://line.example.com/hooks/square"


class StrictSquare(SquareDialect):
    """Takes nothing that the vendor's SDK has no parameter for."""

    def create_payment(self, asked: Any) -> Answer:
        if "order_id" not in asked:  # which the page pays for itself
            inspect.signature(PaymentsClient.create).bind(None, **asked)
        return super().create_payment(asked)

    def create_link(self, asked: Any, base: str) -> Answer:
        inspect.signature(PaymentLinksClient.create).bind(None, **asked)
        return super().create_link(asked, base)

    def create_refund(self, asked: Any) -> Answer:
        inspect.signature(RefundsClient.refund_payment).bind(None, **asked)
        return super().create_refund(asked)

    def create_customer(self, asked: Any) -> Answer:
        inspect.signature(CustomersClient.create).bind(None, **asked)
        return super().create_customer(asked)

    def create_card(self, asked: Any) -> Answer:
        inspect.signature(CardsClient.create).bind(None, **asked)
        return super().create_card(asked)


class SquareBench(EmulatedBench):
    charges_at = "/v2/payments"
    planted = (
        "Authorization: Bearer EAAA{key}\r\n\r\n"
        '{{"card_number":"{number}","cvv":"{code}","source_id":"cnon:ok"}} last4: 1111'
    )
    hook_secret = f"signature-key {PUBLIC}"
    wrong_secret = f"another-key {PUBLIC}"
    late = timedelta(hours=25)
    good = b"cnon:card-nonce-ok"
    disputed = b"cnon:card-nonce-disputed"
    pages_at = "/v2/online-checkout/payment-links"
    asked_at = "/v2/orders"
    refused_on_page = "cnon:card-nonce-declined"

    async def token(self, card: bytes) -> Token:
        return Token("square", card.decode())

    def charged(self, payment: PaymentId) -> list[int]:
        return [
            made["amount_money"]["amount"]
            for made in self.emulator.books.listed("payment")
            if payment in {made["reference_id"], made["note"]} and made["status"] == "COMPLETED"
        ]

    def end_the_page(self, page: Page) -> None:
        dialect = self.emulator.dialect
        assert isinstance(dialect, SquareDialect)
        name = page.url.rpartition("/")[2]
        assert dialect.delete_link(name).status == 200


@asynccontextmanager
async def opened(certificate: Certificate) -> AsyncIterator[Bench]:
    async with Emulator(StrictSquare(Books()), certificate.context()) as emulator:
        account = Account(
            "token",
            "location",
            application="sq0idp-sandbox",
            url=emulator.url,
            authority=certificate.authority,
            answer_s=0.5,
            webhook_key="signature-key",
            webhook_url=PUBLIC,
        )
        gateway = SquareGateway(account)
        try:
            yield SquareBench(gateway, emulator)
        finally:
            await gateway.close()


def refusal(words: str, code: DeclineCode, gateway_code: str, nonce: str) -> Refusal:
    return Refusal(words, code, gateway_code, nonce.encode())


SQUARE = Vendor(
    opened,
    CAPABILITIES,
    [
        refusal("declined", DeclineCode.DO_NOT_HONOR, "GENERIC_DECLINE", "cnon:card-nonce-declined"),
        refusal("wrong code", DeclineCode.WRONG_CODE, "CVV_FAILURE", "cnon:card-nonce-rejected-cvv"),
        refusal(
            "wrong postal code",
            DeclineCode.WRONG_POSTAL_CODE,
            "ADDRESS_VERIFICATION_FAILURE",
            "cnon:card-nonce-rejected-postalcode",
        ),
        refusal(
            "wrong expiry",
            DeclineCode.WRONG_EXPIRY,
            "INVALID_EXPIRATION",
            "cnon:card-nonce-rejected-expiration",
        ),
        refusal(
            "insufficient funds",
            DeclineCode.INSUFFICIENT_FUNDS,
            "INSUFFICIENT_FUNDS",
            "cnon:gift-card-nonce-insufficient-funds",
        ),
    ],
    rings_refusals=True,
)
