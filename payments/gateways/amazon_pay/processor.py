"""Amazon Pay, as the node's wiring names it."""

from typing import Final

from payments.gateways.amazon_pay import report
from payments.gateways.amazon_pay.account import CAPABILITIES, Account
from payments.gateways.amazon_pay.gateway import AmazonPayGateway
from payments.processor import Processor

PROCESSOR: Final = Processor(
    "Amazon Pay",
    Account,
    AmazonPayGateway,
    CAPABILITIES,
    keys="x-amz-pay-idempotency-key",
    lookup="its session alone",
    report=report.read,
)
