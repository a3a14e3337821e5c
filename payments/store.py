"""Payments as they are written down, each change in one transaction with its ledger entries and its fact."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from core.ids import AccountId, AttemptId, CallId, PaymentId
from core.money import Money
from payments.attempt import Attempt
from payments.session import State


@dataclass(frozen=True, slots=True)
class Payment:
    """One charge at one gateway, for one bill.

    `key` is its idempotency key; `ref` the gateway's id once it gave one; `receipt` the code that the
    caller hears; `reason` why it stands where it stands, in our words. `captured_minor` is what was taken
    (while CAPTURING: what is asked for), `returned_minor` what was given back or is on its way back.
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
    attempt: AttemptId | None = None
    captured_minor: int = 0
    returned_minor: int = 0

    @property
    def on_a_page(self) -> bool:
        """Whether its payer may be paying on a page right now: no card of theirs was seen here."""
        return self.state is State.ACTION_REQUIRED and not self.last4

    @property
    def left(self) -> Money:
        """What can still be given back."""
        return Money(self.captured_minor - self.returned_minor, self.amount.currency)


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
class Repeated:
    """The attempt's key was used before, for `digest`; `payment` is the last one that it led to."""

    attempt: AttemptId
    digest: str
    payment: Payment | None


@dataclass(frozen=True, slots=True)
class Move:
    """A payment's step to another state, and what became known with it.

    `amount` is what is captured; None means all of the payment. Refunds and disputes have their own stores.
    """

    to: State
    ref: str = ""
    reason: str = ""
    amount: Money | None = None


def moved_by(old: Payment, move: Move) -> Payment:
    """The payment after a move that is allowed, of money that was not taken yet."""
    captured_minor = 0
    if move.to in {State.CAPTURED, State.CAPTURING}:
        captured_minor = move.amount.minor if move.amount else old.captured_minor or old.amount.minor
    return replace(
        old, state=move.to, ref=move.ref or old.ref, reason=move.reason, captured_minor=captured_minor
    )


Opened = Payment | StillOpen | ReceiptTaken | TooMuch | Repeated


class Payments(Protocol):
    """Where payments are written down. Raises StoreLost when the store does not answer."""

    async def open(self, payment: Payment, attempt: Attempt | None = None) -> Opened:
        """Write a PENDING payment down, with the attempt that it is the first of.

        StillOpen when the same bill has one that is unsettled, or whose payer is on a page of the gateway's.
        An account with a bill takes no more than is due on it at that moment: TooMuch. Receipt codes are
        unique among all payments ever written. A payment that is opened again (its first answer got lost,
        say) is given back as it stands.
        """
        ...

    async def note(self, attempt: Attempt) -> Repeated | None:
        """Write down an attempt that leads to no payment; Repeated when its key was used before."""
        ...

    async def attempted(self, key: str) -> Repeated | None:
        """What an attempt's key was used for; None for a new one."""
        ...

    async def move(self, payment: PaymentId, move: Move) -> Payment:
        """Take a payment to another state, post the ledger, record the fact; all or nothing.

        A move that TRANSITIONS does not allow (a late answer, say) changes nothing: the payment is
        returned as it stands. Moving to the state where it is already does nothing either. Money that was
        taken goes on by refunds and disputes only.
        """
        ...

    async def find(self, payment: PaymentId) -> Payment | None:
        """One payment."""
        ...

    async def charged_as(self, gateway: str, ref: str) -> Payment | None:
        """The payment that a gateway knows as `ref`."""
        ...

    async def unsettled(self, older_than: timedelta) -> list[Payment]:
        """The OPEN payments that nobody has touched for that long, oldest first."""
        ...
