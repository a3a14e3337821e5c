"""Disputes as they are written down: each stage once, in whatever order the gateway tells of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.ids import PaymentId
from core.money import Money
from payments.notice import DisputeNews, Stage
from payments.session import State
from payments.store import Payment


@dataclass(frozen=True, slots=True)
class Dispute:
    """A payment that the cardholder disputes before the bank; `due_by` is until when evidence is taken."""

    gateway: str
    ref: str
    payment: PaymentId
    stage: Stage
    amount: Money
    reason: str
    due_by: datetime | None
    opened_at: datetime


def state_after(stage: Stage, payment: Payment) -> State:
    """Where a stage takes its payment, if its TRANSITIONS allow."""
    match stage:
        case Stage.OPENED:
            return State.DISPUTED
        case Stage.WON:
            return State.PARTIALLY_REFUNDED if payment.returned_minor else State.CAPTURED
        case Stage.LOST:
            return State.CHARGED_BACK


class KeptDisputes(Protocol):
    """Where disputes are written down. Raises StoreLost when the store does not answer."""

    async def note(self, payment: PaymentId, news: DisputeNews) -> Dispute:
        """Write a stage down, post the ledger, move the payment; what is old, or comes twice, does nothing.

        A dispute that is first heard of when it is over is posted as opened, too.
        """
        ...

    async def of(self, payment: PaymentId) -> list[Dispute]:
        """The disputes of a payment, oldest first."""
        ...
