"""Rotation of the master key: data keys are wrapped anew, some at a time, while the line goes on."""

from typing import Any, Final

from sqlalchemy import bindparam, func, select, update

from core.clock import Clock
from db.audit import append
from db.engine import Work
from db.key_tables import data_keys
from db.keys import Master, Wrapped
from db.protect import Progress

_BATCH: Final = 1000
_KEPT = data_keys.c


async def rewrap(work: Work, master: Master, clock: Clock, progress: Progress) -> int:
    """Wrap every data key with the current master key; how many were not. Broken off, it goes on."""
    to, done = master.current, 0
    old = _KEPT.wrapped.is_not(None) & (_KEPT.master != to)
    async with work.begin() as tx:
        total: int = (await tx.execute(select(func.count()).select_from(data_keys).where(old))).scalar_one()
    while True:
        async with work.begin() as tx:
            some = select(_KEPT.subject, _KEPT.master, _KEPT.wrapped).where(old).limit(_BATCH)
            rows = (await tx.execute(some.with_for_update())).all()
            if not rows:
                break
            changes = [_anew(master, row.subject, Wrapped(row.master, row.wrapped)) for row in rows]
            values: dict[str, Any] = {"master": bindparam("to"), "wrapped": bindparam("bytes")}
            await tx.execute(
                update(data_keys).where(_KEPT.subject == bindparam("of")).values(values), changes
            )
            done += len(rows)
        progress("wrapping data keys anew", min(1.0, done / total))
    progress("wrapping data keys anew", 1.0)
    async with work.begin() as tx:
        await append(tx, clock.now(), "master key rotated", to, {"data_keys": done})
    return done


async def masters_in_use(work: Work) -> frozenset[str]:
    """The names of the master keys that still wrap something."""
    async with work.begin() as tx:
        rows = await tx.execute(select(_KEPT.master).where(_KEPT.wrapped.is_not(None)).distinct())
        return frozenset(rows.scalars())


def _anew(master: Master, subject: str, wrapped: Wrapped) -> dict[str, object]:
    again = master.wrap(master.unwrap(wrapped, subject), subject)
    return {"of": subject, "to": again.master, "bytes": again.bytes}
