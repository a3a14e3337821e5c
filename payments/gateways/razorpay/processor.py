"""Razorpay, as the node's wiring names it."""

from typing import Final

from core.clock import Clock
from payments.gateways.razorpay import report
from payments.gateways.razorpay.account import CAPABILITIES, Account
from payments.gateways.razorpay.gateway import RazorpayGateway
from payments.processor import Processor


def _open(account: Account, _: Clock) -> RazorpayGateway:
    return RazorpayGateway(account)


PROCESSOR: Final = Processor(
    "Razorpay",
    Account,
    _open,
    CAPABILITIES,
    keys="one order by receipt, paid once; X-Refund-Idempotency",
    lookup="orders by receipt, links by reference",
    report=report.read,
)
