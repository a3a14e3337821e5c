"""PayPal's adapter against the emulator, whose requests pass the SDK's own models."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from paypalserversdk.models.capture_request import CaptureRequest
from paypalserversdk.models.order_request import OrderRequest
from paypalserversdk.models.payment_token_request import PaymentTokenRequest
from paypalserversdk.models.refund_request import RefundRequest
from paypalserversdk.models.setup_token_request import SetupTokenRequest

from core.certificate import Certificate
from core.clock import FixedClock
from core.ids import PaymentId
from payments.gateways.paypal.account import CAPABILITIES, Account
from payments.gateways.paypal.finding import LAG
from payments.gateways.paypal.gateway import PayPalGateway
from payments.gateways.paypal.pages import PREFIX
from payments.orders import Page
from payments.outcome import DeclineCode
from payments.sandbox.books import Books
from payments.sandbox.dialect import Answer
from payments.sandbox.paypal.cards import DISPUTED
from payments.sandbox.paypal.checkout import REFUSED
from payments.sandbox.paypal.dialect import PayPalDialect
from payments.sandbox.server import Emulator
from tests.contract.benches.bench import Bench, EmulatedBench, Refusal, Vendor


class StrictPayPal(PayPalDialect):
    """Takes nothing that the vendor's SDK has no place for."""

    def create_setup(self, asked: Any) -> Answer:
        known(SetupTokenRequest, asked)
        return super().create_setup(asked)

    def create_token(self, asked: Any) -> Answer:
        known(PaymentTokenRequest, asked)
        return super().create_token(asked)

    def create_order(self, asked: Any) -> Answer:
        known(OrderRequest, asked)
        return super().create_order(asked)

    def open_order(self, asked: Any, base: str) -> Answer:
        known(OrderRequest, asked)
        return super().open_order(asked, base)

    def capture(self, name: str, asked: Any) -> Answer:
        known(CaptureRequest, asked)
        return super().capture(name, asked)

    def refund(self, name: str, asked: Any) -> Answer:
        known(RefundRequest, asked)
        return super().refund(name, asked)


def known(model: Any, asked: Any) -> None:
    """Refuse a name that the model, or one nested in it, does not keep."""
    check(model.from_dictionary(asked), asked, model.__name__)


def check(made: Any, asked: Any, where: str) -> None:
    names = {api: own for own, api in made._names.items()}
    for name, value in asked.items():
        if name not in names:
            raise AssertionError(f"{where} knows no {name}")
        inner = getattr(made, names[name])
        pairs = zip(inner, value, strict=True) if isinstance(value, list) else [(inner, value)]
        for one, part in pairs:
            if isinstance(part, dict):
                check(one, part, f"{where}.{name}")


class PayPalBench(EmulatedBench):
    charges_at = "/v2/checkout/orders"
    planted = (
        '{{"access_token":"A21{key}"}} Authorization: Bearer A21{key}\r\n\r\n'
        '{{"card":{{"number":"{number}","expiry":"2034-12","security_code":"{code}"}}}} last4: 1111'
    )
    hook_secret = "WH-SANDBOX"
    wrong_secret = "WH-ANOTHER"
    late = timedelta(days=3, hours=1)
    disputed = DISPUTED
    pages_at = asked_at = "/v2/checkout/orders"
    refused_on_page = REFUSED

    def __init__(self, gateway: PayPalGateway, emulator: Emulator, clock: FixedClock) -> None:
        super().__init__(gateway, emulator)
        self.clock = clock

    def charged(self, payment: PaymentId) -> list[int]:
        return [
            int(made["amount"]["value"].replace(".", ""))
            for made in self.emulator.books.listed("capture")
            if made["custom_id"] == payment and made["status"] == "COMPLETED"
        ]

    def end_the_page(self, page: Page) -> None:
        dialect = self.emulator.dialect
        assert isinstance(dialect, PayPalDialect)
        dialect.drop_order(page.ref.removeprefix(PREFIX))

    def taken_at(self, page: Page) -> str:
        return f"/v2/checkout/orders/{page.ref.removeprefix(PREFIX)}/capture"

    def wait_until_lookups_are_sure(self) -> None:
        self.clock.advance(LAG + timedelta(minutes=1))


@asynccontextmanager
async def opened(certificate: Certificate) -> AsyncIterator[Bench]:
    dialect, clock = StrictPayPal(Books()), FixedClock(datetime.now(UTC))
    with TemporaryDirectory() as folder:
        signing = Path(folder) / "paypal.pem"
        signing.write_text(dialect.certificate)
        async with Emulator(dialect, certificate.context()) as emulator:
            account = Account(
                "client",
                "secret",
                url=emulator.url,
                authority=certificate.authority,
                answer_s=0.5,
                webhook_id=PayPalBench.hook_secret,
                webhook_certificates=signing,
            )
            gateway = PayPalGateway(account, clock)
            try:
                yield PayPalBench(gateway, emulator, clock)
            finally:
                await gateway.close()


PAYPAL = Vendor(
    opened,
    CAPABILITIES,
    [
        Refusal("do not honor", DeclineCode.DO_NOT_HONOR, "0500", b"4000000000000002"),
        Refusal("insufficient funds", DeclineCode.INSUFFICIENT_FUNDS, "5120", b"4000000000009995"),
        Refusal("lost", DeclineCode.LOST_OR_STOLEN, "9520", b"4000000000009987"),
        Refusal("expired", DeclineCode.EXPIRED_CARD, "5400", b"4000000000000069"),
        Refusal("wrong code", DeclineCode.WRONG_CODE, "00N7", b"4000000000000127"),
        Refusal("issuer unreachable", DeclineCode.PROCESSING_ERROR, "5910", b"4000000000000119"),
    ],
    rings_refusals=True,
)
