"""Payments kept in memory: for tests, simulations and a look around."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from core.clock import Clock
from core.errors import BadInput
from core.ids import AccountId, PaymentId
from core.money import Money
from payments.ledger import Posting, postings
from payments.session import UNSETTLED, State, may_move
from payments.store import Move, Opened, Payment, Payments, ReceiptTaken, StillOpen, TooMuch


@dataclass(slots=True)
class MemoryPayments(Payments):
    """A store that forgets everything when the process ends; `ledger` lists all postings in order.

    `billed` is what accounts with a bill owed before any payment.
    """

    clock: Clock
    billed: dict[AccountId, Money] = field(default_factory=dict)
    ledger: list[Posting] = field(default_factory=list)
    _payments: dict[PaymentId, Payment] = field(default_factory=dict)
    _touched: dict[PaymentId, datetime] = field(default_factory=dict)

    async def open(self, payment: Payment) -> Opened:
        """Write a PENDING payment down; opened again, it is given back as it stands."""
        if payment.state is not State.PENDING:
            raise BadInput(
                f"{payment.id} is opened as {payment.state.value}, and a payment begins as pending"
            )
        if payment.id in self._payments:
            return self._payments[payment.id]
        for other in self._payments.values():
            if other.account == payment.account and other.state in UNSETTLED:
                return StillOpen(other.id)
            if other.receipt == payment.receipt:
                return ReceiptTaken()
        due = self.due(payment.account)
        if due is not None and payment.amount.minor > due.minor:
            return TooMuch(due)
        return self._keep(payment)

    def due(self, account: AccountId) -> Money | None:
        """What is still owed; None for an account without a bill."""
        billed = self.billed.get(account)
        if billed is None:
            return None
        paid = [posting.amount for posting in self.ledger if posting.account == f"account:{account}"]
        return sum(paid, billed)

    async def move(self, payment: PaymentId, move: Move) -> Payment:
        """Take a payment to another state; BadInput when there is none of that id."""
        old = self._payments.get(payment)
        if old is None:
            raise BadInput(f"there is no payment {payment}")
        if not may_move(old.state, move.to):
            return old
        self.ledger.extend(postings(old, move))
        return self._keep(replace(old, state=move.to, ref=move.ref or old.ref, reason=move.reason))

    async def find(self, payment: PaymentId) -> Payment | None:
        """One payment."""
        return self._payments.get(payment)

    async def unsettled(self, older_than: timedelta) -> list[Payment]:
        """PENDING and UNKNOWN payments that nobody has touched for that long, oldest first."""
        until = self.clock.now() - older_than
        waiting = [
            payment
            for payment in self._payments.values()
            if payment.state in UNSETTLED and self._touched[payment.id] <= until
        ]
        return sorted(waiting, key=lambda payment: payment.created_at)

    @property
    def all(self) -> list[Payment]:
        """Every payment, in the order of writing."""
        return list(self._payments.values())

    def _keep(self, payment: Payment) -> Payment:
        self._payments[payment.id] = payment
        self._touched[payment.id] = self.clock.now()
        return payment
