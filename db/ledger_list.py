"""The ledger looked up: its entries, newest first, and what stands on each account."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from core.errors import BadInput
from core.money import Money
from db.engine import Work
from db.ledger import CUSTOMER
from db.pages import Place
from db.storable import storable
from db.tables import ledger_balances, ledger_entries, ledger_transactions

_KEPT, _OF = ledger_entries.c, ledger_transactions.c

ENTRIES: Final[Select[Any]] = select(ledger_entries, _OF.reference, _OF.at).join(
    ledger_transactions, _OF.id == _KEPT.transaction_id
)
"""Lines with what they were posted for."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a posting: debits above zero, credits below."""

    id: str
    at: datetime
    reference: str
    account: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Balance:
    """What stands on an account of the ledger."""

    account: str
    amount: Money


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """Which entries; what is empty or None does not count."""

    account: str = ""
    currency: str = ""
    reference: str = ""
    since: datetime | None = None
    until: datetime | None = None


class Ledger:
    """Looks the ledger up."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def entries(self, wanted: EntryFilter, place: Place | None, limit: int) -> list[Entry]:
        """The newest behind a place, one more than `limit`."""
        query = _filtered(wanted)
        if place is not None:
            query = query.where(tuple_(_KEPT.transaction_id, _KEPT.line) < _numbers(place))
        query = query.order_by(_KEPT.transaction_id.desc(), _KEPT.line.desc()).limit(limit + 1)
        async with self._work.single() as tx:
            if wanted.since is not None or wanted.until is not None:
                query = query.where(await _between(tx, wanted))
            return [entry_of(row) for row in (await tx.execute(query)).mappings()]

    async def balances(self, prefix: str, after: str, limit: int) -> list[Balance]:
        """Accounts in the order of their names behind `after` (`ACCOUNT CURRENCY`), one more than `limit`.

        What customers owe is kept; other accounts (gateways, fees, the bank) are few, and added up.
        """
        kept = select(ledger_balances.c.account, ledger_balances.c.currency, ledger_balances.c.balance_minor)
        summed = (
            select(_KEPT.account, _KEPT.currency, func.sum(_KEPT.amount_minor).label("balance_minor"))
            .where(~_KEPT.account.startswith(CUSTOMER, autoescape=True))
            .group_by(_KEPT.account, _KEPT.currency)
        )
        of_customers = prefix.startswith(CUSTOMER)
        both = (kept if of_customers else kept.union_all(summed)).subquery()
        query = select(both).order_by(both.c.account, both.c.currency).limit(limit + 1)
        if prefix:
            query = query.where(both.c.account.startswith(storable(prefix), autoescape=True))
        if after:
            account, _, currency = storable(after).rpartition(" ")
            query = query.where(tuple_(both.c.account, both.c.currency) > (account, currency))
        async with self._work.single() as tx:
            rows = (await tx.execute(query)).mappings()
            return [
                Balance(row["account"], Money(int(row["balance_minor"]), row["currency"])) for row in rows
            ]


def entry_of(row: RowMapping) -> Entry:
    """The entry in a row of ENTRIES."""
    return Entry(
        f"{row['transaction_id']}.{row['line']}",
        row["at"],
        row["reference"],
        row["account"],
        Money(row["amount_minor"], row["currency"]),
    )


async def _between(tx: AsyncConnection, wanted: EntryFilter) -> ColumnElement[bool]:
    """The transactions of a period by their numbers: those that lie outside are not gone through."""
    bounds = select(func.min(_OF.id).label("first"), func.max(_OF.id).label("last")).where(*_period(wanted))
    found = (await tx.execute(bounds)).one()
    return _KEPT.transaction_id.between(found.first or 0, found.last or 0)


def _period(wanted: EntryFilter) -> list[ColumnElement[bool]]:
    since = [_OF.at >= wanted.since] if wanted.since is not None else []
    until = [_OF.at < wanted.until] if wanted.until is not None else []
    return [*since, *until]


def _filtered(wanted: EntryFilter) -> Select[Any]:
    query = ENTRIES
    if wanted.account:
        query = query.where(_KEPT.account == storable(wanted.account))
    if wanted.currency:
        query = query.where(_KEPT.currency == storable(wanted.currency))
    if wanted.reference:
        query = query.where(_OF.reference == storable(wanted.reference))
    return query.where(*_period(wanted))


def _numbers(place: Place) -> tuple[int, int]:
    transaction, _, line = place.id.partition(".")
    if not (transaction.isascii() and transaction.isdigit() and line.isascii() and line.isdigit()):
        raise BadInput("cursor is none that this list gave: begin again without it")
    return int(transaction), int(line)
