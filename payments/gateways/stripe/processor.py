"""Stripe, as the node's wiring names it."""

from typing import Final

from core.clock import Clock
from payments.gateways.stripe import report
from payments.gateways.stripe.account import CAPABILITIES, Account
from payments.gateways.stripe.gateway import StripeGateway
from payments.processor import Processor


def _open(account: Account, _: Clock) -> StripeGateway:
    return StripeGateway(account)


PROCESSOR: Final = Processor(
    "Stripe",
    Account,
    _open,
    CAPABILITIES,
    keys="Idempotency-Key, 24 hours at least",
    lookup="list of payment intents of that hour",
    report=report.read,
)
