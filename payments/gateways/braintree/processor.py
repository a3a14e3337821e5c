"""Braintree, as the node's wiring names it."""

from typing import Final

from core.clock import Clock
from payments.gateways.braintree import report
from payments.gateways.braintree.account import CAPABILITIES, Account
from payments.gateways.braintree.gateway import BraintreeGateway
from payments.processor import Processor


def _open(account: Account, _: Clock) -> BraintreeGateway:
    return BraintreeGateway(account)


PROCESSOR: Final = Processor(
    "Braintree",
    Account,
    _open,
    CAPABILITIES,
    keys="At-Most-Once Processing, 30 days",
    lookup="search by order id",
    report=report.read,
)
