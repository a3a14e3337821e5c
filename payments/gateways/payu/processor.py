"""PayU, as the node's wiring names it."""

from typing import Final

from core.clock import Clock
from payments.gateways.payu.account import CAPABILITIES, Account
from payments.gateways.payu.gateway import PayUGateway
from payments.gateways.payu.report import read
from payments.processor import Processor


def _open(account: Account, clock: Clock) -> PayUGateway:
    return PayUGateway(account, clock)


PROCESSOR: Final = Processor(
    "PayU",
    Account,
    _open,
    CAPABILITIES,
    keys="each txnid is paid once, each refund's token taken once",
    lookup="verify_payment by txnid",
    report=read,
)
