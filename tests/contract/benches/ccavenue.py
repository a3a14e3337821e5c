"""CCAvenue's adapter against the emulator."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from core.certificate import Certificate
from core.ids import PaymentId
from core.money import Money
from payments.gateways.ccavenue.account import CAPABILITIES, Account
from payments.gateways.ccavenue.gateway import CCAvenueGateway
from payments.sandbox.books import Books
from payments.sandbox.ccavenue.dialect import ACCESS_CODE, MERCHANT, WORKING_KEY, CCAvenueDialect
from payments.sandbox.server import Emulator
from tests.contract.benches.bench import Bench, EmulatedBench, Vendor


class CCAvenueBench(EmulatedBench):
    planted = "access_code={key}&encRequest={key}&card_number={number}&cvv={code} last4: 1111"
    asked_at = "/apis/servlet/DoWebTrans"
    refused_on_page = "insufficient funds"
    page_amount = Money(12550, "INR")

    def charged(self, payment: PaymentId) -> list[int]:
        return [
            int(made["order_amt"].replace(".", ""))
            for made in self.emulator.books.listed("order")
            if made["order_no"] == payment and made["order_status"] == "Shipped"
        ]


@asynccontextmanager
async def opened(certificate: Certificate) -> AsyncIterator[Bench]:
    async with Emulator(CCAvenueDialect(Books()), certificate.context()) as emulator:
        account = Account(
            MERCHANT,
            ACCESS_CODE,
            WORKING_KEY,
            international=True,
            url=emulator.url,
            api_url=emulator.url,
            authority=certificate.authority,
            answer_s=2.0,
        )
        gateway = CCAvenueGateway(account)
        try:
            yield CCAvenueBench(gateway, emulator)
        finally:
            await gateway.close()


CCAVENUE = Vendor(
    opened, CAPABILITIES, [], rings=False, rings_refunds=False, forms=True, retries=False, pages_end=False
)
