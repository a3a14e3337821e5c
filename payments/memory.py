"""Payments kept in memory: for tests, simulations and a look around."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.clock import Clock
from core.errors import BadInput
from core.ids import AccountId, AttemptId, PaymentId
from core.money import Money
from payments.attempt import Attempt
from payments.ledger import Posting, captured
from payments.mistakes import NoSuchPayment
from payments.session import OPEN, TAKEN, UNSETTLED, State, may_move
from payments.store import (
    Move,
    Opened,
    Payment,
    Payments,
    ReceiptTaken,
    Repeated,
    StillOpen,
    TooMuch,
    moved_by,
)


@dataclass(slots=True)
class MemoryPayments(Payments):
    """A store that forgets everything when the process ends; `ledger` lists all postings in order.

    `billed` is what accounts with a bill owed before any payment.
    """

    clock: Clock
    billed: dict[AccountId, Money] = field(default_factory=dict)
    ledger: list[Posting] = field(default_factory=list)
    attempts: dict[AttemptId, Attempt] = field(default_factory=dict)
    _payments: dict[PaymentId, Payment] = field(default_factory=dict)
    _touched: dict[PaymentId, datetime] = field(default_factory=dict)

    async def open(self, payment: Payment, attempt: Attempt | None = None) -> Opened:
        """Write a PENDING payment down; opened again, it is given back as it stands."""
        if payment.state is not State.PENDING:
            raise BadInput(
                f"{payment.id} is opened as {payment.state.value}, and a payment begins as pending"
            )
        if payment.id in self._payments:
            return self._payments[payment.id]
        if attempt is not None and (found := self._known(attempt.key)) and found.attempt != attempt.id:
            return found
        if (other := self._in_the_way(payment)) is not None:
            return other
        if attempt is not None:
            self.attempts[attempt.id] = attempt
        return self.keep(payment)

    async def note(self, attempt: Attempt) -> Repeated | None:
        """Write down an attempt that leads to no payment."""
        if (found := self._known(attempt.key)) is not None and found.attempt != attempt.id:
            return found
        self.attempts[attempt.id] = attempt
        return None

    async def attempted(self, key: str) -> Repeated | None:
        """What an attempt's key was used for."""
        return self._known(key)

    def due(self, account: AccountId) -> Money | None:
        """What is still owed; None for an account without a bill."""
        billed = self.billed.get(account)
        if billed is None:
            return None
        paid = [posting.amount for posting in self.ledger if posting.account == f"account:{account}"]
        return sum(paid, billed)

    async def move(self, payment: PaymentId, move: Move) -> Payment:
        """Take a payment to another state; NoSuchPayment when there is none of that id."""
        old = self.get(payment)
        if old.state in TAKEN or not may_move(old.state, move.to):
            return old
        after = moved_by(old, move)
        if after.state is State.CAPTURED:
            amount = Money(after.captured_minor, after.amount.currency)
            self.ledger.extend(captured(old.account, old.gateway, amount))
        return self.keep(after)

    async def find(self, payment: PaymentId) -> Payment | None:
        """One payment."""
        return self._payments.get(payment)

    async def charged_as(self, gateway: str, ref: str) -> Payment | None:
        """The payment that a gateway knows as `ref`."""
        return next((one for one in self.all if ref and (one.gateway, one.ref) == (gateway, ref)), None)

    async def unsettled(self, older_than: timedelta) -> list[Payment]:
        """The OPEN payments that nobody has touched for that long, oldest first."""
        until = self.clock.now() - older_than
        waiting = [one for one in self.all if one.state in OPEN and self._touched[one.id] <= until]
        return sorted(waiting, key=lambda payment: payment.created_at)

    @property
    def all(self) -> list[Payment]:
        """Every payment, in the order of writing."""
        return list(self._payments.values())

    def get(self, payment: PaymentId) -> Payment:
        """One payment; NoSuchPayment when there is none."""
        if payment not in self._payments:
            raise NoSuchPayment(payment)
        return self._payments[payment]

    def keep(self, payment: Payment) -> Payment:
        """Write it as it is; for the stores of refunds and disputes beside this one."""
        self._payments[payment.id] = payment
        self._touched[payment.id] = self.clock.now()
        return payment

    def _in_the_way(self, payment: Payment) -> StillOpen | ReceiptTaken | TooMuch | None:
        for other in self._payments.values():
            if other.account == payment.account and (other.state in UNSETTLED or other.on_a_page):
                return StillOpen(other.id)
            if other.receipt == payment.receipt:
                return ReceiptTaken()
        due = self.due(payment.account)
        return TooMuch(due) if due is not None and payment.amount.minor > due.minor else None

    def _known(self, key: str) -> Repeated | None:
        found = next((one for one in self.attempts.values() if one.key == key), None)
        if found is None:
            return None
        payments = [payment for payment in self.all if payment.attempt == found.id]
        return Repeated(found.id, found.digest, payments[-1] if payments else None)
