"""CCAvenue, as the node's wiring names it."""

from typing import Final

from core.clock import Clock
from payments.gateways.ccavenue.account import CAPABILITIES, Account
from payments.gateways.ccavenue.gateway import CCAvenueGateway
from payments.gateways.ccavenue.report import read
from payments.processor import Processor


def _open(account: Account, _: Clock) -> CCAvenueGateway:
    return CCAvenueGateway(account)


PROCESSOR: Final = Processor(
    "CCAvenue",
    Account,
    _open,
    CAPABILITIES,
    keys="each order number is paid once",
    lookup="orderStatusTracker by order number",
    report=read,
)
