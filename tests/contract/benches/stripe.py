"""Stripe's adapter against the emulator, whose requests pass the SDK's own types made strict."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from core.certificate import Certificate
from core.ids import PaymentId
from payments.gateways.stripe.account import CAPABILITIES, Account
from payments.gateways.stripe.gateway import StripeGateway
from payments.orders import Page
from payments.sandbox.books import Books
from payments.sandbox.server import Emulator
from tests.contract.benches.bench import Bench, EmulatedBench, Vendor
from tests.contract.benches.sandbox import REFUSALS
from tests.contract.benches.strict_stripe import StrictStripe


class StripeBench(EmulatedBench):
    charges_at = "/v1/payment_intents"
    disputed = b"4000000000000259"
    pages_at = asked_at = "/v1/checkout/sessions"
    refused_on_page = "4000000000009995"

    def end_the_page(self, page: Page) -> None:
        dialect = self.emulator.dialect
        assert isinstance(dialect, StrictStripe)
        assert dialect.expire_session(page.ref, {}).status == 200

    def charged(self, payment: PaymentId) -> list[int]:
        charges = self.emulator.books.listed("charge")
        return [
            made["amount_captured"]
            for made in charges
            if made["metadata"]["payment"] == payment and made["captured"]
        ]


@asynccontextmanager
async def opened(certificate: Certificate) -> AsyncIterator[Bench]:
    async with Emulator(StrictStripe(Books()), certificate.context()) as emulator:
        account = Account(
            "sk_test_123",
            True,
            emulator.url,
            certificate.authority,
            answer_s=2.0,
            webhook_secret=StripeBench.hook_secret,
        )
        gateway = StripeGateway(account)
        try:
            yield StripeBench(gateway, emulator)
        finally:
            await gateway.close()


STRIPE = Vendor(opened, CAPABILITIES, REFUSALS, rings_refusals=True)
