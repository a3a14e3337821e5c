"""The audit log, a page at a time, for whoever may read it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.engine import RowMapping

from db.engine import Work
from db.tables import audit

_BY = audit.c.detail["by"].astext

_CLOCKS_DIFFER: Final = timedelta(minutes=10)
"""Rows stand in the order of their commits, and their times come from the nodes' own clocks: nearly the same
order, by which a period long ago is found without going through all that came after it."""


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One row; `by` is who acted, empty for the line itself, `address` where from."""

    seq: int
    at: datetime
    action: str
    subject: str
    by: str
    address: str
    detail: dict[str, str | int | bool | None]


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which rows; what is None is not asked for. Times: from `since` on, before `until`."""

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
        asked = {
            kept.action: which.action,
            kept.subject: which.subject,
            _BY: which.by,
        }
        for column, value in asked.items():
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
            return [_row(row) for row in (await tx.execute(query)).mappings()]


def _row(row: RowMapping) -> AuditRow:
    detail = dict(row["detail"])
    by, address = str(detail.pop("by", "")), str(detail.pop("from", ""))
    return AuditRow(row["seq"], row["at"], row["action"], row["subject"], by, address, detail)
