"""A payment with all that belongs to it: why it went where it went, and what came after it."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from core.ids import PaymentId
from db.decisions import Decision, decision_of
from db.disputes import dispute_of
from db.engine import Work
from db.ledger_list import ENTRIES, Entry, entry_of
from db.money_tables import disputes
from db.payment_rows import payment_of
from db.refunds import WITH_CHARGE, refund_of
from db.storable import storable
from db.tables import attempts, ledger_transactions, payments
from payments.disputes import Dispute
from payments.notice import Stage
from payments.refunds import Refund
from payments.store import Payment

_STAGES: Final = tuple(stage.value for stage in Stage)


@dataclass(frozen=True, slots=True)
class PaymentStory:
    """`decision` is of the attempt that it belongs to, `others` are the attempt's at other gateways."""

    payment: Payment
    decision: Decision | None
    others: list[Payment]
    refunds: list[Refund]
    disputes: list[Dispute]
    entries: list[Entry]


async def story(work: Work, name: PaymentId) -> PaymentStory | None:
    """The story of one payment."""
    async with work.begin() as tx:
        mine = await _rows(tx, select(payments).where(payments.c.id == storable(name)))
        if not mine:
            return None
        payment = payment_of(mine[0])
        decided = await _rows(tx, select(attempts).where(attempts.c.id == payment.attempt))
        of_attempt = (payments.c.attempt == payment.attempt) & (payments.c.id != payment.id)
        others = await _rows(tx, select(payments).where(of_attempt).order_by(payments.c.id))
        back = await _rows(tx, _refunds(payment))
        disputed = await _rows(tx, select(disputes).where(disputes.c.payment == payment.id))
        found = [dispute_of(row) for row in disputed]
        given = [refund_of(row) for row in back]
        posted = ledger_transactions.c.reference.in_(_references(payment, given, found))
        entries = await _rows(tx, ENTRIES.where(posted).order_by(ledger_transactions.c.id))
    return PaymentStory(
        payment,
        decision_of(decided[0]) if decided else None,
        [payment_of(row) for row in others],
        given,
        found,
        [entry_of(row) for row in entries],
    )


async def _rows(tx: AsyncConnection, query: "Select[tuple[object, ...]]") -> list[RowMapping]:
    return list((await tx.execute(query)).mappings())


def _refunds(payment: Payment) -> "Select[tuple[object, ...]]":
    kept = WITH_CHARGE.selected_columns
    return WITH_CHARGE.where(kept.payment == payment.id).order_by(kept.created_at, kept.id)


def _references(payment: Payment, given: list[Refund], found: list[Dispute]) -> list[str]:
    return [
        f"{payment.id}:captured",
        *(f"{one.id}:done" for one in given),
        *(f"dispute:{one.gateway}:{one.ref}:{stage}" for one in found for stage in _STAGES),
    ]
