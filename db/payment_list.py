"""Payments and refunds looked up: by filters, a page at a time."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from db.engine import Work
from db.numbered import numbered
from db.pages import Place, newest_first
from db.payment_rows import payment_of
from db.people import People
from db.refunds import WITH_CHARGE, refund_of
from db.storable import storable
from db.tables import payments
from payments.refunds import Refund, RefundState
from payments.session import State
from payments.store import Payment

_KEPT = payments.c


@dataclass(frozen=True, slots=True)
class PaymentFilter:
    """What a payment must be; what is empty or None does not count.

    `q` is its id, its receipt code, its account or the account's number.
    """

    state: State | None = None
    account: str = ""
    call: str = ""
    gateway: str = ""
    brand: str = ""
    last4: str = ""
    since: datetime | None = None
    until: datetime | None = None
    q: str = ""


class PaymentList:
    """Looks payments up; with `people`, sealed account numbers are found, too."""

    def __init__(self, work: Work, people: People | None = None) -> None:
        self._work, self._people = work, people

    async def page(self, wanted: PaymentFilter, place: Place | None, limit: int) -> list[Payment]:
        """The newest that are `wanted` behind a place, one more than `limit`."""
        async with self._work.single() as tx:
            query = select(payments).where(*_conditions(wanted))
            if wanted.q:
                query = query.where(_KEPT.id.in_(await self._matching(tx, storable(wanted.q))))
            query = newest_first(query, _KEPT.created_at, _KEPT.id, place, limit)
            return [payment_of(row) for row in (await tx.execute(query)).mappings()]

    async def refunds(
        self, payment: str, state: RefundState | None, place: Place | None, limit: int
    ) -> list[Refund]:
        """The newest refunds, of one payment or of all, one more than `limit`."""
        kept = WITH_CHARGE.selected_columns
        query = WITH_CHARGE
        if payment:
            query = query.where(kept.payment == storable(payment))
        if state is not None:
            query = query.where(kept.state == state.value)
        query = newest_first(query, kept.created_at, kept.id, place, limit)
        async with self._work.single() as tx:
            return [refund_of(row) for row in (await tx.execute(query)).mappings()]

    async def _matching(self, tx: AsyncConnection, q: str) -> "Select[tuple[str]]":
        owners = [q, *await numbered(tx, q, self._people)]
        found = union_all(
            select(_KEPT.id).where(_KEPT.id == q),
            select(_KEPT.id).where(_KEPT.receipt == q, _KEPT.receipt != ""),
            select(_KEPT.id).where(_KEPT.account.in_(owners)),
        ).subquery()
        return select(found.c.id)


def _conditions(wanted: PaymentFilter) -> list[ColumnElement[bool]]:
    plain = [
        (_KEPT.account, wanted.account),
        (_KEPT.call, wanted.call),
        (_KEPT.gateway, wanted.gateway),
        (_KEPT.brand, wanted.brand),
        (_KEPT.last4, wanted.last4),
        (_KEPT.state, wanted.state.value if wanted.state is not None else ""),
    ]
    found: list[ColumnElement[bool]] = [column == storable(text) for column, text in plain if text]
    if wanted.since is not None:
        found.append(_KEPT.created_at >= wanted.since)
    if wanted.until is not None:
        found.append(_KEPT.created_at < wanted.until)
    return found
