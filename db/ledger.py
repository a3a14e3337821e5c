"""Postings written to the ledger, and what it knows of a customer: the balance of its account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.ids import AccountId
from core.money import Money
from db.engine import Work
from db.tables import ledger_balances, ledger_entries, ledger_transactions
from payments.ledger import Posting

CUSTOMER = "account:"  # as payments.ledger names it; the trigger ledger_keep_balances knows it too


@dataclass(frozen=True, slots=True)
class Drift:
    """A balance that is not the sum of its entries; there should be none."""

    account: str
    currency: str
    balance_minor: int
    sum_minor: int


def customer(account: ColumnElement[str]) -> ColumnElement[str]:
    """The ledger's name of what a customer owes, for a column of account ids."""
    return literal(CUSTOMER) + account


async def post(tx: AsyncConnection, reference: str, lines: Sequence[Posting], at: datetime) -> None:
    """Write one double entry; debits above zero, credits below. The commit fails unless they sum to zero."""
    header = (
        insert(ledger_transactions).values(reference=reference, at=at).returning(ledger_transactions.c.id)
    )
    transaction_id = (await tx.execute(header)).scalar_one()
    rows = [
        {
            "transaction_id": transaction_id,
            "line": line,
            "account": posting.account,
            "amount_minor": posting.amount.minor,
            "currency": posting.amount.currency,
        }
        for line, posting in enumerate(lines, start=1)
    ]
    await tx.execute(insert(ledger_entries).values(rows))


async def posted(tx: AsyncConnection, reference: str) -> bool:
    """Whether that was posted already."""
    known = select(ledger_transactions.c.id).where(ledger_transactions.c.reference == reference)
    return (await tx.execute(known)).first() is not None


async def owed(tx: AsyncConnection, account: AccountId, currency: str) -> Money:
    """What a customer owes in that currency, below zero when overpaid."""
    kept = ledger_balances.c
    mine = (kept.account == CUSTOMER + account) & (kept.currency == currency)
    minor = (await tx.execute(select(kept.balance_minor).where(mine))).scalar()
    return Money(minor or 0, currency)


async def drifts(work: Work) -> list[Drift]:
    """Balances that differ from the sums of their entries, found by adding everything up again."""
    entries, kept = ledger_entries.c, ledger_balances.c
    sums = (
        select(entries.account, entries.currency, func.sum(entries.amount_minor).label("sum_minor"))
        .where(entries.account.startswith(CUSTOMER, autoescape=True))
        .group_by(entries.account, entries.currency)
        .subquery()
    )
    same = (sums.c.account == kept.account) & (sums.c.currency == kept.currency)
    balance, summed = func.coalesce(kept.balance_minor, 0), func.coalesce(sums.c.sum_minor, 0)
    query = (
        select(
            func.coalesce(kept.account, sums.c.account),
            func.coalesce(kept.currency, sums.c.currency),
            balance,
            summed,
        )
        .select_from(sums.outerjoin(ledger_balances, same, full=True))
        .where(balance != summed)
    )
    async with work.begin() as tx:
        return [Drift(str(a), str(c), int(b), int(s)) for a, c, b, s in await tx.execute(query)]
