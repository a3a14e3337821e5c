"""Amazon Pay's adapter against the emulator, which checks every signature."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from core.certificate import Certificate
from core.clock import SystemClock
from core.ids import PaymentId
from payments.gateways.amazon_pay.account import CAPABILITIES, Account
from payments.gateways.amazon_pay.gateway import AmazonPayGateway
from payments.orders import Page
from payments.sandbox.amazon_pay.dialect import AmazonPayDialect
from payments.sandbox.books import Books
from payments.sandbox.server import Emulator
from tests.contract.benches.bench import Bench, EmulatedBench, Vendor


@cache
def key_pair() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class AmazonPayBench(EmulatedBench):
    planted = (
        'Authorization: Bearer {key}\r\n\r\n{{"card":{{"number":"{number}","cvv":"{code}"}}}} last4: 1111'
    )
    pages_at = asked_at = "/v2/checkoutSessions"
    refused_on_page = "HardDeclined"

    def charged(self, payment: PaymentId) -> list[int]:
        return [
            int(made["captureAmount"]["amount"].replace(".", ""))
            for made in self.emulator.books.listed("charge")
            if made["merchantMetadata"]["merchantReferenceId"] == payment
        ]

    @property
    def dialect(self) -> AmazonPayDialect:
        assert isinstance(self.emulator.dialect, AmazonPayDialect)
        return self.emulator.dialect

    def end_the_page(self, page: Page) -> None:
        self.dialect.cancel(page.ref, "Expired")

    def taken_at(self, page: Page) -> str:
        return f"/v2/checkoutSessions/{page.ref}/complete"


@asynccontextmanager
async def opened(certificate: Certificate) -> AsyncIterator[Bench]:
    dialect = AmazonPayDialect(Books(), key_pair().public_key())
    with TemporaryDirectory() as folder:
        file = Path(folder) / "amazon-pay.pem"
        pem = key_pair().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        file.write_bytes(pem)
        async with Emulator(dialect, certificate.context()) as emulator:
            account = Account(
                "amzn1.application-oa2-client.1",
                "SANDBOX-KEY1",
                file,
                store_name="Example Power",
                url=emulator.url,
                authority=certificate.authority,
                answer_s=2.0,
            )
            gateway = AmazonPayGateway(account, SystemClock())
            try:
                yield AmazonPayBench(gateway, emulator)
            finally:
                await gateway.close()


AMAZON_PAY = Vendor(
    opened,
    CAPABILITIES,
    [],
    rings=False,
    rings_refunds=False,
    retries=False,
    finds_refunds=False,
)
