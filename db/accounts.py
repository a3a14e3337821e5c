"""Bills that callers may pay (ivr.accounts), in PostgreSQL: what is due is the account's ledger balance."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import LargeBinary, Select, Text, bindparam, func, select
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from core.ids import AccountId
from core.money import Money
from db.engine import Work
from db.key_tables import data_keys
from db.keys import DataKey, Place
from db.ledger import customer
from db.people import ERASED, People, of_account, subject_of, wrapped_of
from db.places import CALLER, NUMBER, name_of, number_of
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
    """The Accounts protocol over PostgreSQL; with `people`, what is sealed is found and read, too."""

    def __init__(self, work: Work, people: People | None = None) -> None:
        self._work, self._people = work, people

    async def by_number(self, number: str) -> Account | None:
        """The account with that number."""
        async with self._work.single() as tx:
            sought = await self._sought(tx, NUMBER, storable(number))
            row = (await tx.execute(_BY_NUMBER, sought)).mappings().first()
        return self._bill(row).account if row else None

    async def by_caller(self, caller: str) -> Account | None:
        """The one account that this telephone number belongs to; None when there are several."""
        async with self._work.single() as tx:
            sought = await self._sought(tx, CALLER, storable(caller))
            rows = (await tx.execute(_BY_CALLER, sought)).mappings().all()
        return self._bill(rows[0]).account if len(rows) == 1 else None

    async def all(self, limit: int = 100, after: str = "") -> list[Bill]:
        """Accounts above the number `after`: by number, or once numbers are sealed, by age."""
        query = _QUERY.order_by(accounts.c.number, accounts.c.id).limit(limit)
        async with self._work.single() as tx:
            if after:
                sought = await self._sought(tx, NUMBER, storable(after))
                last = (await tx.execute(select(accounts.c.id).where(_IS_NUMBER), sought)).scalar()
                sealed = accounts.c.number.is_(None) & (accounts.c.id > (last or ""))
                query = query.where((accounts.c.number > after) | sealed)
            return [self._bill(row) for row in (await tx.execute(query)).mappings()]

    async def _sought(self, tx: AsyncConnection, column: str, value: str) -> dict[str, object]:
        """As it is written down plainly, and as it is found where it is sealed."""
        index = await self._people.index(tx, column, value) if self._people is not None else None
        return {"plain": value, "index": index}

    def _bill(self, row: RowMapping) -> Bill:
        number, name = row["number"], row["name"]
        if number is None:
            wrapped = wrapped_of(row["master"], row["wrapped"])
            key = self._people.opened(of_account(row["id"]), wrapped) if self._people is not None else None
            number = _opened(key, row["number_sealed"], number_of(row["id"]))
            name = _opened(key, row["name_sealed"], name_of(row["id"])) if row["name_sealed"] else ""
        due = Money(max(0, row["balance_minor"]), row["currency"])
        account = Account(AccountId(row["id"]), number, due)
        return Bill(account, name, Money(row["balance_minor"], row["currency"]))


def _opened(key: DataKey | None, sealed: bytes, place: Place) -> str:
    return key.open(sealed, place) if key is not None else ERASED


_BALANCE = func.coalesce(ledger_balances.c.balance_minor, 0).label("balance_minor")
_QUERY: Select[Any] = select(accounts, data_keys.c.master, data_keys.c.wrapped, _BALANCE).select_from(
    accounts.outerjoin(
        ledger_balances,
        (ledger_balances.c.account == customer(accounts.c.id))
        & (ledger_balances.c.currency == accounts.c.currency),
    ).outerjoin(data_keys, data_keys.c.subject == subject_of(accounts.c.id))
)
_PLAIN, _INDEX = bindparam("plain", type_=Text), bindparam("index", type_=LargeBinary)
_IS_NUMBER = (accounts.c.number == _PLAIN) | (accounts.c.number_index == _INDEX)
_IS_CALLER = (account_callers.c.caller == _PLAIN) | (account_callers.c.caller_index == _INDEX)
_BY_NUMBER = _QUERY.where(_IS_NUMBER)
_BY_CALLER = (
    _QUERY.join(account_callers, account_callers.c.account == accounts.c.id)
    .where(_IS_CALLER)
    .limit(_NO_MORE_THAN_ONE)
)
