"""PayPal, as the node's wiring names it."""

from typing import Final

from core.clock import Clock
from payments.gateways.paypal import report
from payments.gateways.paypal.account import CAPABILITIES, Account
from payments.gateways.paypal.gateway import PayPalGateway
from payments.processor import Processor


def _open(account: Account, clock: Clock) -> PayPalGateway:
    return PayPalGateway(account, clock)


PROCESSOR: Final = Processor(
    "PayPal",
    Account,
    _open,
    CAPABILITIES,
    keys="PayPal-Request-Id, and each invoice id once",
    lookup="report, up to 3 hours late",
    report=report.read,
)
