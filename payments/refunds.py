"""Refunds as they are written down: reserved against what was captured before the gateway hears of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Protocol

from core.ids import PaymentId, RefundId
from core.money import Money
from payments.session import State


class RefundState(Enum):
    """Where a refund stands; the last two are final."""

    PENDING = "pending"  # reserved; the gateway may or may not have heard of it
    UNKNOWN = "unknown"  # sent, and no answer came, or the gateway will say later
    DONE = "done"
    FAILED = "failed"  # nothing was given back; the amount is free again


OPEN_REFUND = frozenset({RefundState.PENDING, RefundState.UNKNOWN})

REFUNDABLE = frozenset({State.CAPTURED, State.PARTIALLY_REFUNDED})
"""What can be given back; while a dispute is on, the bank decides about the money."""


@dataclass(frozen=True, slots=True)
class Refund:
    """Money on its way back, all or a part of what a payment captured; `key` is its idempotency key.

    `charge_ref` is the gateway's id of the charge, `ref` its id of the refund, once it gave one.
    """

    id: RefundId
    payment: PaymentId
    amount: Money
    state: RefundState
    gateway: str
    charge_ref: str
    key: str
    created_at: datetime
    ref: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RefundAsked:
    """What is to be given back; `amount` None stands for all that is left."""

    id: RefundId
    payment: PaymentId
    amount: Money | None
    key: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TooMuchBack:
    """More than can still be given back; nothing was written."""

    left: Money


class KeptRefunds(Protocol):
    """Where refunds are written down. Raises StoreLost when the store does not answer."""

    async def reserve(self, asked: RefundAsked) -> Refund | TooMuchBack:
        """Write a PENDING refund down, if so much is left, also when many ask at once.

        The same key again gives the refund of then, as it stands; raises KeyReused when it asked for
        something else, NoSuchPayment for a payment that was never written.
        """
        ...

    async def settle(self, refund: RefundId, to: RefundState, ref: str = "", reason: str = "") -> Refund:
        """Take an open refund to another state; DONE posts the ledger and moves the payment, FAILED frees.

        A final state stays: the refund is returned as it stands.
        """
        ...

    async def of(self, payment: PaymentId) -> list[Refund]:
        """The refunds of a payment, oldest first."""
        ...

    async def unsettled(self, older_than: timedelta) -> list[Refund]:
        """Open refunds that nobody has touched for that long, oldest first."""
        ...
