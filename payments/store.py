"""Payments as they are written down, each change in one transaction with its ledger entries and its fact."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from core.ids import AccountId, CallId, PaymentId
from core.money import Money
from payments.session import State


@dataclass(frozen=True, slots=True)
class Payment:
    """One attempt to take money for one bill.

    `key` is its idempotency key; `ref` the gateway's id once it gave one; `receipt` the code that the
    caller hears; `reason` why it stands where it stands, in our words.
    """

    id: PaymentId
    call: CallId | None
    account: AccountId
    amount: Money
    state: State
    gateway: str
    key: str
    brand: str
    last4: str
    receipt: str
    created_at: datetime
    ref: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class StillOpen:
    """Another payment of the same bill has no answer yet; a second one would risk charging twice."""

    payment: PaymentId


@dataclass(frozen=True, slots=True)
class ReceiptTaken:
    """Another payment already has this receipt code; nothing was written: draw another code."""


@dataclass(frozen=True, slots=True)
class TooMuch:
    """More than the bill still asks for: somebody paid it meanwhile; nothing was written."""

    due: Money


@dataclass(frozen=True, slots=True)
class Move:
    """A payment's step to another state, and what became known with it.

    `amount` is what a refund gives back; None means all that was captured.
    """

    to: State
    ref: str = ""
    reason: str = ""
    amount: Money | None = None


Opened = Payment | StillOpen | ReceiptTaken | TooMuch


class Payments(Protocol):
    """Where payments are written down. Raises StoreLost when the store does not answer."""

    async def open(self, payment: Payment) -> Opened:
        """Write a PENDING payment down; StillOpen when the same bill has one that is unsettled.

        An account with a bill takes no more than is due on it at that moment: TooMuch. Receipt codes are
        unique among all payments ever written. A payment that is opened again (its first answer got lost,
        say) is given back as it stands.
        """
        ...

    async def move(self, payment: PaymentId, move: Move) -> Payment:
        """Take a payment to another state, post the ledger, record the fact; all or nothing.

        A move that TRANSITIONS does not allow (a late answer, say) changes nothing: the payment is
        returned as it stands. Moving to the state where it is already does nothing either.
        """
        ...

    async def find(self, payment: PaymentId) -> Payment | None:
        """One payment."""
        ...

    async def unsettled(self, older_than: timedelta) -> list[Payment]:
        """PENDING and UNKNOWN payments that nobody has touched for that long, oldest first."""
        ...
