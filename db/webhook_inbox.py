"""What gateways told us, in PostgreSQL: each event once, applied by a job until that worked."""

from collections.abc import Awaitable, Callable
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from core.clock import Clock
from db.engine import Work
from db.news_rows import from_json, to_json
from db.queue import Queue
from db.storable import storable
from db.webhook_tables import webhook_inbox
from payments.notice import Notice

HEAR: Final = "hear_notice"
"""The job that applies a notice; its subject is `GATEWAY/EVENT`."""

_KEPT = webhook_inbox.c


class StoredNotices:
    """The Notices protocol over PostgreSQL; `apply` is the job's handle."""

    def __init__(
        self, work: Work, queue: Queue, clock: Clock, hear: Callable[[Notice], Awaitable[object]]
    ) -> None:
        """`hear` applies a notice; a late one must not overwrite an end (payments.session.TRANSITIONS)."""
        self._work, self._queue, self._clock, self._hear = work, queue, clock, hear

    async def keep(self, notice: Notice) -> bool:
        """Write it down with the job that applies it; False, and nothing happens, when it was there."""
        row = {
            "gateway": notice.gateway,
            "id": storable(notice.id),
            "at": notice.at,
            "news": to_json(notice.news),
            "received_at": self._clock.now(),
        }
        async with self._work.begin() as tx:
            new = insert(webhook_inbox).values(row).on_conflict_do_nothing().returning(_KEPT.id)
            if (await tx.execute(new)).first() is None:
                return False
            await self._queue.put(tx, HEAR, f"{notice.gateway}/{row['id']}")
        return True

    async def apply(self, job: str) -> None:
        """Apply the notice that a job is for, unless that was done. Raises StoreLost to be asked again."""
        gateway, _, name = job.partition("/")
        this = (_KEPT.gateway == gateway) & (_KEPT.id == name) & _KEPT.applied_at.is_(None)
        async with self._work.begin() as tx:
            row = (await tx.execute(select(webhook_inbox).where(this))).mappings().first()
        if row is None:
            return
        await self._hear(Notice(row["gateway"], row["id"], row["at"], from_json(row["news"])))
        async with self._work.begin() as tx:
            await tx.execute(update(webhook_inbox).where(this).values(applied_at=self._clock.now()))
