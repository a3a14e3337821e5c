"""Braintree's adapter against the emulator, whose requests pass the SDK's own lists of parameters."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from braintree.resource import Resource
from braintree.transaction import Transaction

from core.certificate import Certificate
from core.ids import PaymentId
from core.money import Money
from payments.gateways.braintree.account import CAPABILITIES, Account
from payments.gateways.braintree.gateway import BraintreeGateway
from payments.outcome import DeclineCode
from payments.sandbox.books import Books
from payments.sandbox.braintree.cards import DISPUTED
from payments.sandbox.braintree.dialect import BraintreeDialect
from payments.sandbox.dialect import Answer
from payments.sandbox.server import Emulator
from tests.contract.benches.bench import Bench, EmulatedBench, Refusal, Vendor


class StrictBraintree(BraintreeDialect):
    """Takes nothing that the vendor's SDK does not list."""

    def create(self, asked: Any) -> Answer:
        Resource.verify_keys(asked, [*Transaction.create_signature(), "type"])
        return super().create(asked)

    def submit(self, ref: str, asked: Any) -> Answer:
        Resource.verify_keys(asked, [*Transaction.submit_for_settlement_signature(), "amount"])
        return super().submit(ref, asked)

    def refund(self, ref: str, asked: Any) -> Answer:
        Resource.verify_keys(asked, Transaction.refund_signature())
        return super().refund(ref, asked)


class BraintreeBench(EmulatedBench):
    charges_at = "/merchants/shop/transactions"
    planted = (
        "Authorization: Basic {key}\r\n\r\n"
        '{{"creditCard":{{"number":"{number}","expirationMonth":"12","cvv":"{code}"}}}}'
        "<credit-card><number>{number}</number><cvv>{code}</cvv></credit-card> last4: 1111"
    )
    hook_secret = "public|private"
    wrong_secret = "public|another"
    signs_in_header = False
    late = timedelta(hours=25)
    disputed = DISPUTED

    def charged(self, payment: PaymentId) -> list[int]:
        return [
            int(made["amount"].replace(".", ""))
            for made in self.emulator.books.listed("transaction")
            if made["order_id"] == payment and made["status"] in {"submitted_for_settlement", "settled"}
        ]

    async def settle(self, ref: str) -> None:
        dialect = self.emulator.dialect
        assert isinstance(dialect, BraintreeDialect)
        assert dialect.settle(ref).status == 200
        self.emulator.bell.take()


@asynccontextmanager
async def opened(certificate: Certificate) -> AsyncIterator[Bench]:
    async with Emulator(StrictBraintree(Books()), certificate.context()) as emulator:
        account = Account(
            "shop",
            "public",
            "private",
            url=emulator.url,
            graphql_url=emulator.url,
            scripts_url=emulator.url,
            frames_url=emulator.url,
            authority=certificate.authority,
            answer_s=0.5,
        )
        gateway = BraintreeGateway(account)
        try:
            yield BraintreeBench(gateway, emulator)
        finally:
            await gateway.close()


def refusal(words: str, code: DeclineCode, gateway_code: str) -> Refusal:
    return Refusal(words, code, gateway_code, amount=Money(int(gateway_code) * 100, "USD"))


BRAINTREE = Vendor(
    opened,
    CAPABILITIES,
    [
        refusal("do not honor", DeclineCode.DO_NOT_HONOR, "2000"),
        refusal("insufficient funds", DeclineCode.INSUFFICIENT_FUNDS, "2001"),
        refusal("expired", DeclineCode.EXPIRED_CARD, "2004"),
        refusal("wrong code", DeclineCode.WRONG_CODE, "2010"),
        refusal("stolen", DeclineCode.LOST_OR_STOLEN, "2013"),
        refusal("network down", DeclineCode.PROCESSING_ERROR, "3000"),
        refusal("a code of tomorrow", DeclineCode.DO_NOT_HONOR, "2777"),
    ],
    rings_refunds=False,
)
