"""Bills that callers may pay (ivr.accounts), in PostgreSQL: what is due is the account's ledger balance."""

from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.engine import RowMapping

from core.ids import AccountId
from core.money import Money
from db.engine import Work
from db.ledger import customer
from db.storable import storable
from db.tables import account_callers, accounts, ledger_balances
from ivr.accounts import Account

_NO_MORE_THAN_ONE = 2  # two rows tell as much as many


@dataclass(frozen=True, slots=True)
class Bill:
    """An account as a person lists it: its holder's name, and what it owes (below zero: overpaid)."""

    account: Account
    name: str
    balance: Money


class StoredAccounts:
    """The Accounts protocol over PostgreSQL."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def by_number(self, number: str) -> Account | None:
        """The account with that number."""
        async with self._work.single() as tx:
            row = (await tx.execute(_QUERY.where(accounts.c.number == storable(number)))).mappings().first()
            return _bill(row).account if row else None

    async def by_caller(self, caller: str) -> Account | None:
        """The one account that this telephone number belongs to; None when there are several."""
        query = _QUERY.join(account_callers, account_callers.c.account == accounts.c.id)
        async with self._work.single() as tx:
            found = await tx.execute(
                query.where(account_callers.c.caller == storable(caller)).limit(_NO_MORE_THAN_ONE)
            )
            rows = found.mappings().all()
        return _bill(rows[0]).account if len(rows) == 1 else None

    async def all(self, limit: int = 100, after: str = "") -> list[Bill]:
        """Accounts by number, above the number `after`."""
        query = _QUERY.where(accounts.c.number > after).order_by(accounts.c.number).limit(limit)
        async with self._work.single() as tx:
            return [_bill(row) for row in (await tx.execute(query)).mappings()]


_BALANCE = func.coalesce(ledger_balances.c.balance_minor, 0).label("balance_minor")
_QUERY: Select[tuple[str, str, str, str, int]] = select(
    accounts.c.id, accounts.c.number, accounts.c.name, accounts.c.currency, _BALANCE
).select_from(
    accounts.outerjoin(
        ledger_balances,
        (ledger_balances.c.account == customer(accounts.c.id))
        & (ledger_balances.c.currency == accounts.c.currency),
    )
)


def _bill(row: RowMapping) -> Bill:
    due = Money(max(0, row["balance_minor"]), row["currency"])
    account = Account(AccountId(row["id"]), row["number"], due)
    return Bill(account, row["name"], Money(row["balance_minor"], row["currency"]))
