"""PayU's adapter against the emulator."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from core.certificate import Certificate
from core.clock import SystemClock
from core.ids import PaymentId
from core.money import Money
from payments.gateways.payu.account import CAPABILITIES, Account
from payments.gateways.payu.gateway import PayUGateway, txnid
from payments.sandbox.books import Books
from payments.sandbox.payu.dialect import KEY, SALT, PayUDialect
from payments.sandbox.server import Emulator
from tests.contract.benches.bench import Bench, EmulatedBench, Vendor


class PayUBench(EmulatedBench):
    planted = "key={key}&ccnum={number}&ccvv={code}&ccexpmon=12 last4: 1111"
    hook_secret = f"{KEY}|{SALT}"
    wrong_secret = f"{KEY}|another"
    signs_in_header = False
    asked_at = "/merchant/postservice"
    refused_on_page = "E307"
    page_amount = Money(12550, "INR")

    def charged(self, payment: PaymentId) -> list[int]:
        return [
            int(made["amount"].replace(".", ""))
            for made in self.emulator.books.listed("transaction")
            if made["txnid"] == txnid(payment) and made["unmappedstatus"] == "captured"
        ]

    def signed_places(self, body: bytes) -> tuple[int, ...]:
        return body.index(b"txnid=") + 10, body.index(b"amount=") + 7, body.index(b"&status=") + 9


@asynccontextmanager
async def opened(certificate: Certificate) -> AsyncIterator[Bench]:
    async with Emulator(PayUDialect(Books()), certificate.context()) as emulator:
        account = Account(
            KEY,
            SALT,
            "shop@example.com",
            "+15550100",
            url=emulator.url,
            api_url=emulator.url,
            authority=certificate.authority,
            answer_s=2.0,
        )
        gateway = PayUGateway(account, SystemClock())
        try:
            yield PayUBench(gateway, emulator)
        finally:
            await gateway.close()


PAYU = Vendor(
    opened,
    CAPABILITIES,
    [],
    rings_refunds=False,
    forms=True,
    retries=False,
    pages_end=False,
    signs_time=False,
)
