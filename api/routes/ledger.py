"""The ledger: its entries and what stands on its accounts, below `/v1/ledger`."""

from datetime import UTC, datetime
from typing import Final

from pydantic import BaseModel, Field

from api.money_out import EntryOut
from api.paging import ListQuery, Page, page_of
from api.periods import PeriodQuery
from api.route import Asked, Route, Table
from api.scopes import Scope
from db.ledger_list import Balance, Entry, EntryFilter, Ledger
from db.pages import Place


class EntriesQuery(PeriodQuery):
    """What may stand behind `?` in a request for entries."""

    account: str = Field("", max_length=128, description="such as account:ID, gateway:NAME, fees:NAME, bank")
    currency: str = Field("", pattern=r"^([A-Z]{3})?$")
    reference: str = Field("", max_length=200)


class BalancesQuery(ListQuery):
    """What may stand behind `?` in a request for balances."""

    account: str = Field("", max_length=128, description="what the account's name begins with")


class BalanceOut(BaseModel):
    """What stands on an account, in one currency: debits above zero, credits below."""

    account: str
    amount_minor: int
    currency: str

    @classmethod
    def of(cls, balance: Balance) -> "BalanceOut":
        """What stands there."""
        return cls(
            account=balance.account, amount_minor=balance.amount.minor, currency=balance.amount.currency
        )


def routes(ledger: Ledger) -> Table:
    """`/v1/ledger/entries` and `/v1/ledger/balances`."""

    async def entries(asked: Asked[EntriesQuery, None]) -> Page[EntryOut]:
        query = asked.query
        wanted = EntryFilter(query.account, query.currency, query.reference, query.since, query.until)
        found = await ledger.entries(wanted, query.place(), query.limit)
        return page_of(found, query.limit, EntryOut.of, _place)

    async def balances(asked: Asked[BalancesQuery, None]) -> Page[BalanceOut]:
        query = asked.query
        place = query.place()
        found = await ledger.balances(query.account, place.id if place else "", query.limit)
        return page_of(found, query.limit, BalanceOut.of, _named)

    read = Scope.LEDGER_READ
    return [
        Route(
            "GET",
            "/v1/ledger/entries",
            entries,
            read,
            "The lines of the ledger, newest first",
            query=EntriesQuery,
            answer=Page[EntryOut],
            sensitive=True,
            csv=True,
        ),
        Route(
            "GET",
            "/v1/ledger/balances",
            balances,
            read,
            "What stands on its accounts",
            query=BalancesQuery,
            answer=Page[BalanceOut],
            csv=True,
        ),
    ]


_NO_TIME: Final = datetime(1970, 1, 1, tzinfo=UTC)


def _place(entry: Entry) -> Place:
    return Place(entry.at, entry.id)


def _named(balance: Balance) -> Place:
    return Place(_NO_TIME, f"{balance.account} {balance.amount.currency}")
