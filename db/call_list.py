"""Which calls are looked for: filters as conditions, sealed callers by their blind index."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from db.numbered import numbered
from db.people import People
from db.places import CALLER
from db.storable import storable
from db.tables import attempts, calls, payments

_KEPT = calls.c


@dataclass(frozen=True, slots=True)
class CallFilter:
    """What a call must be; what is empty or None does not count.

    `q` finds a call by its id, its caller, the line's number, or by a payment made on it: its id, its
    receipt code, its account or the account's number.
    """

    live: bool | None = None
    outcome: str = ""
    number: str = ""
    caller: str = ""
    flow: str = ""
    since: datetime | None = None
    until: datetime | None = None
    q: str = ""


async def conditions(
    tx: AsyncConnection, wanted: CallFilter, people: People | None
) -> list[ColumnElement[bool]]:
    """The filter as SQL."""
    found = [column == storable(text) for column, text in _plain(wanted) if text]
    if wanted.live is not None:
        found.append(_KEPT.ended_at.is_(None) if wanted.live else _KEPT.ended_at.is_not(None))
    if wanted.since is not None:
        found.append(_KEPT.started_at >= wanted.since)
    if wanted.until is not None:
        found.append(_KEPT.started_at < wanted.until)
    if wanted.caller:
        found.append(_KEPT.id.in_(union_all(*await _of_caller(tx, storable(wanted.caller), people))))
    if wanted.q:
        found.append(await _matching(tx, storable(wanted.q), people))
    return found


def _plain(wanted: CallFilter) -> list[tuple[ColumnElement[str], str]]:
    return [(_KEPT.outcome, wanted.outcome), (_KEPT.number, wanted.number), (_KEPT.flow, wanted.flow)]


async def _matching(tx: AsyncConnection, q: str, people: People | None) -> ColumnElement[bool]:
    if await tx.scalar(select(exists().where(_KEPT.number == q))):
        return _KEPT.number == q
    owners = [q, *await numbered(tx, q, people)]
    of_payment = (payments.c.id == q) | (payments.c.receipt == q)
    return _KEPT.id.in_(
        union_all(
            select(_KEPT.id).where(_KEPT.id == q),
            *await _of_caller(tx, q, people),
            select(attempts.c.call).where(attempts.c.account.in_(owners), attempts.c.call.is_not(None)),
            select(payments.c.call).where(payments.c.account.in_(owners), payments.c.call.is_not(None)),
            select(payments.c.call).where(of_payment, payments.c.call.is_not(None)),
        )
    )


async def _of_caller(tx: AsyncConnection, caller: str, people: People | None) -> list[Select[Any]]:
    found: list[Select[Any]] = [select(_KEPT.id).where(_KEPT.caller == caller, _KEPT.caller != "")]
    if people is not None:
        found.append(select(_KEPT.id).where(_KEPT.caller_index == await people.index(tx, CALLER, caller)))
    return found
