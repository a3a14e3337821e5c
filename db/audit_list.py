"""The audit log, a page at a time, for whoever may read it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from db.access_tables import api_keys, users
from db.engine import Work
from db.tables import audit

_BY = audit.c.detail["by"].astext

_CLOCKS_DIFFER: Final = timedelta(minutes=10)
"""Rows stand in the order of their commits, and their times come from the nodes' own clocks: nearly the same
order, by which a period long ago is found without going through all that came after it."""


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One row; `by` is the id of who acted, empty for the line itself, `address` where from.

    `name` is a user's mail address or a key's name, empty for others.
    """

    seq: int
    at: datetime
    action: str
    subject: str
    by: str
    name: str
    address: str
    detail: dict[str, str | int | bool | None]


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which rows; what is None is not asked for. Times: from `since` on, before `until`.

    `by` is an id, or the name that goes with it.
    """

    action: str | None = None
    subject: str | None = None
    by: str | None = None
    since: datetime | None = None
    until: datetime | None = None


class AuditList:
    """Reads the log; `db.audit` writes and verifies it."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def page(self, which: AuditFilter, limit: int, before: int | None = None) -> list[AuditRow]:
        """Rows newest first, those before the row `before`."""
        kept = audit.c
        query = select(audit).order_by(kept.seq.desc()).limit(limit)
        for column, value in ((kept.action, which.action), (kept.subject, which.subject)):
            query = query.where(column == value) if value is not None else query
        if which.since is not None:
            first = (
                select(kept.seq).where(kept.at >= which.since - _CLOCKS_DIFFER).order_by(kept.at, kept.seq)
            )
            query = query.where(kept.at >= which.since, kept.seq >= first.limit(1).scalar_subquery())
        if which.until is not None:
            last = select(kept.seq).where(kept.at < which.until + _CLOCKS_DIFFER)
            last = last.order_by(kept.at.desc(), kept.seq.desc())
            query = query.where(kept.at < which.until, kept.seq <= last.limit(1).scalar_subquery())
        query = query.where(kept.seq < before) if before is not None else query
        async with self._work.begin() as tx:
            if which.by is not None:
                query = query.where(_BY.in_(await _ids(tx, which.by)))
            rows = (await tx.execute(query)).mappings().all()
            names = await _names(tx, {str(row["detail"].get("by", "")) for row in rows})
        return [_row(row, names) for row in rows]


async def _ids(tx: AsyncConnection, by: str) -> list[str]:
    named = select(users.c.id).where(users.c.email == by.lower())
    named_keys = select(api_keys.c.id).where(api_keys.c.name == by)
    return [by, *(await tx.execute(named.union_all(named_keys))).scalars()]


async def _names(tx: AsyncConnection, ids: Collection[str]) -> Mapping[str, str]:
    known = select(users.c.id, users.c.email.label("name")).where(users.c.id.in_(ids))
    keys = select(api_keys.c.id, api_keys.c.name).where(api_keys.c.id.in_(ids))
    return {row.id: row.name for row in await tx.execute(known.union_all(keys))}


def _row(row: RowMapping, names: Mapping[str, str]) -> AuditRow:
    detail = dict(row["detail"])
    by, address = str(detail.pop("by", "")), str(detail.pop("from", ""))
    name = names.get(by, "")
    return AuditRow(row["seq"], row["at"], row["action"], row["subject"], by, name, address, detail)
