"""Square, as the node's wiring names it."""

from typing import Final

from core.clock import Clock
from payments.gateways.square import report
from payments.gateways.square.account import CAPABILITIES, Account
from payments.gateways.square.gateway import SquareGateway
from payments.processor import Processor


def _open(account: Account, _: Clock) -> SquareGateway:
    return SquareGateway(account)


PROCESSOR: Final = Processor(
    "Square",
    Account,
    _open,
    CAPABILITIES,
    keys="idempotency_key",
    lookup="list of payments of that hour",
    report=report.read,
)
