"""A line of a gateway's settlement report, in our words."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from core.ids import PaymentId
from core.money import Money


class RowKind(Enum):
    """What a line settles."""

    CHARGE = "charge"
    REFUND = "refund"
    DISPUTE = "dispute"  # money held back, or taken for good
    DISPUTE_WON = "dispute_won"
    FEE = "fee"  # a fee that belongs to no payment
    PAYOUT = "payout"  # sent to the bank


@dataclass(frozen=True, slots=True)
class SettlementRow:
    """`gross` is above zero when it comes to us, below when it leaves; what arrives is `gross` less `fee`.

    `ref` is the gateway's id of the charge, refund or dispute; `charge_ref` the charge's that it belongs to.
    A refund without a `ref` is named by its charge alone.
    `payment` is our reference where the report carries it. `line` counts from 1, headings included.
    """

    kind: RowKind
    ref: str
    gross: Money
    fee: Money
    at: datetime
    batch: str
    line: int
    charge_ref: str = ""
    payment: PaymentId | None = None
