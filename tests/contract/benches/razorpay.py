"""Razorpay's adapter against the emulator."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from core.certificate import Certificate
from core.ids import PaymentId
from payments.gateways.razorpay.account import CAPABILITIES, Account
from payments.gateways.razorpay.gateway import RazorpayGateway
from payments.orders import Page, Token
from payments.outcome import DeclineCode
from payments.sandbox.books import Books
from payments.sandbox.razorpay import means
from payments.sandbox.razorpay.dialect import RazorpayDialect
from payments.sandbox.server import Emulator
from tests.contract.benches.bench import Bench, EmulatedBench, Refusal, Vendor


class RazorpayBench(EmulatedBench):
    charges_at = "/v1/payments/create/recurring"
    pages_at = asked_at = "/v1/payment_links"
    refused_on_page = "insufficient_funds@razorpay"
    planted = (
        "Authorization: Basic {key}\r\n\r\n"
        '{{"card":{{"number":"{number}","cvv":"{code}"}},"token":"token_1"}} last4: 1111'
    )
    late = timedelta(hours=25)
    good = means.GOOD_TOKEN.encode()
    disputed = means.DISPUTED_TOKEN.encode()

    async def token(self, card: bytes) -> Token:
        return Token("razorpay", card.decode(), reusable=True, owner=means.CUSTOMER)

    def charged(self, payment: PaymentId) -> list[int]:
        return [
            made["amount"]
            for made in self.emulator.books.listed("payment")
            if made["notes"] and made["notes"]["payment"] == payment and made["captured"]
        ]

    def end_the_page(self, page: Page) -> None:
        dialect = self.emulator.dialect
        assert isinstance(dialect, RazorpayDialect)
        assert dialect.cancel_link(page.ref).status == 200


@asynccontextmanager
async def opened(certificate: Certificate) -> AsyncIterator[Bench]:
    async with Emulator(RazorpayDialect(Books()), certificate.context()) as emulator:
        account = Account(
            "rzp_test_1",
            "secret",
            "shop@example.com",
            "+15550100",
            recurring=True,
            s2s=True,
            upi_links=True,
            international=True,
            url=emulator.url,
            authority=certificate.authority,
            answer_s=2.0,
            webhook_secret=RazorpayBench.hook_secret,
        )
        gateway = RazorpayGateway(account)
        try:
            yield RazorpayBench(gateway, emulator)
        finally:
            await gateway.close()


def refusal(words: str, code: DeclineCode, reason: str) -> Refusal:
    return Refusal(words, code, reason, f"{means.REFUSING}{reason}".encode())


RAZORPAY = Vendor(
    opened,
    CAPABILITIES,
    [
        refusal("declined", DeclineCode.DO_NOT_HONOR, "payment_failed"),
        refusal("insufficient funds", DeclineCode.INSUFFICIENT_FUNDS, "insufficient_funds"),
        refusal("mandate ended", DeclineCode.AUTHENTICATION_REQUIRED, "mandate_not_active"),
        refusal("risky", DeclineCode.SUSPECTED_FRAUD, "payment_risk_check_failed"),
        refusal("gateway's own trouble", DeclineCode.PROCESSING_ERROR, "gateway_technical_error"),
    ],
    rings_refusals=True,
)
