"""Payments as rows, and what is told of each change: its fact and its audit row."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select, text
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from core.clock import Clock
from core.events import PaymentMoved
from core.ids import AccountId, AttemptId, CallId, PaymentId
from core.money import Money
from db.audit import Detail
from db.fact_rows import FactRow, to_row
from db.rows import as_json, insert_many
from db.tables import payments
from payments.mistakes import NoSuchPayment
from payments.session import State
from payments.store import Payment

_FACTS = insert_many(
    "facts_inbox",
    {
        "at": "timestamptz",
        "call": "text",
        "kind": "text",
        "body": "jsonb",
        "teller": "text",
        "told": "bigint",
    },
    rows="facts",
)
_AUDIT = insert_many(
    "audit_inbox",
    {"at": "timestamptz", "action": "text", "subject": "text", "detail": "jsonb"},
    rows="audits",
)
TOLD = f"told AS ({_FACTS.text}) {_AUDIT.text}"
"""The last two parts of a statement that begins with WITH; its parameters are what `Teller.told` gives."""

_BOTH = text(f"WITH {TOLD}")


class Teller:
    """Tells what became of payments, in the transaction that made it so."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._teller = f"payments {uuid4().hex}"
        self._told = 0

    async def tell(self, tx: AsyncConnection, moved: Sequence[Payment], action: str) -> None:
        """Write the fact and the audit row of each, in one way to the database."""
        await tx.execute(_BOTH, self.told(moved, action))

    def told(self, moved: Sequence[Payment], action: str) -> dict[str, str]:
        """The same as parameters `facts` and `audits`, for a statement that does more than tell."""
        now = self._clock.now()
        facts = as_json([self._fact(payment, now) for payment in moved], "facts")
        return facts | as_json(_audits(moved, action, now), "audits")

    async def note(self, tx: AsyncConnection, moved: Sequence[Payment], action: str) -> None:
        """Write the audit row of each alone: its state is what it was, and nobody need hear of it."""
        await tx.execute(_AUDIT, as_json(_audits(moved, action, self._clock.now()), "audits"))

    def _fact(self, payment: Payment, now: datetime) -> FactRow:
        self._told += 1
        fact = PaymentMoved(
            call=payment.call,
            payment=payment.id,
            state=payment.state.value,
            amount_minor=payment.amount.minor,
            currency=payment.amount.currency,
            gateway=payment.gateway,
            detail=payment.reason,
        )
        return to_row(fact, now, self._teller, self._told)


async def locked(tx: AsyncConnection, payment: PaymentId) -> Payment:
    """The payment, whose row is ours until the commit. Raises NoSuchPayment."""
    query = select(payments).where(payments.c.id == payment).with_for_update()
    row = (await tx.execute(query)).mappings().first()
    if row is None:
        raise NoSuchPayment(payment)
    return payment_of(row)


def row_of(payment: Payment) -> dict[str, object]:
    """The row of a payment that is opened."""
    return {
        "id": payment.id,
        "call": payment.call,
        "account": payment.account,
        "amount_minor": payment.amount.minor,
        "currency": payment.amount.currency,
        "state": payment.state.value,
        "gateway": payment.gateway,
        "key": payment.key,
        "brand": payment.brand,
        "last4": payment.last4,
        "receipt": payment.receipt,
        "ref": payment.ref,
        "reason": payment.reason,
        "created_at": payment.created_at,
        "attempt": payment.attempt,
    }


def payment_of(row: RowMapping) -> Payment:
    """The payment in a row."""
    return Payment(
        id=PaymentId(row["id"]),
        call=CallId(row["call"]) if row["call"] is not None else None,
        account=AccountId(row["account"]),
        amount=Money(row["amount_minor"], row["currency"]),
        state=State(row["state"]),
        gateway=row["gateway"],
        key=row["key"],
        brand=row["brand"],
        last4=row["last4"],
        receipt=row["receipt"],
        created_at=row["created_at"],
        ref=row["ref"],
        reason=row["reason"],
        attempt=AttemptId(row["attempt"]) if row["attempt"] is not None else None,
        captured_minor=row["captured_minor"],
        returned_minor=row["returned_minor"],
    )


def _audits(moved: Sequence[Payment], action: str, now: datetime) -> list[dict[str, object]]:
    return [
        {"at": now, "action": action, "subject": payment.id, "detail": _detail(payment)} for payment in moved
    ]


def _detail(payment: Payment) -> Detail:
    return {
        "state": payment.state.value,
        "account": payment.account,
        "amount_minor": payment.amount.minor,
        "currency": payment.amount.currency,
        "gateway": payment.gateway,
        "ref": payment.ref,
        "reason": payment.reason,
        "captured_minor": payment.captured_minor,
        "returned_minor": payment.returned_minor,
    }
