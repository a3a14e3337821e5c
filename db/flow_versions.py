"""What written flows were before, in PostgreSQL: who changed them, when, and to what."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete, func, insert, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from core.clock import Clock
from db.engine import Work
from db.flow_tables import flow_versions
from db.storable import storable

_KEPT: Final = flow_versions.c
_MOST: Final = 200
_TURN: Final = text("SELECT pg_advisory_xact_lock(hashtextextended('flow ' || :flow, 0))")


@dataclass(frozen=True, slots=True)
class FlowVersion:
    """A flow as it was from `at` on; `text` is None from when it was taken out.

    `by` says who wrote it, and is empty for what stood in the flow's file without having gone through us.
    """

    flow: str
    number: int
    at: datetime
    by: str
    text: str | None


class Change:
    """A change of one flow, while others wait their turn."""

    def __init__(self, tx: AsyncConnection, flow: str, clock: Clock) -> None:
        self._tx, self._flow, self._clock = tx, flow, clock

    async def note(self, before: str | None, after: str | None, by: str) -> None:
        """It becomes `after`; `before` is noted too where nobody told of it."""
        newest = await self._newest()
        number, known = (newest.number, newest.text) if newest is not None else (0, None)
        for told, teller in ((before, ""), (after, by)):
            kept = storable(told) if told is not None else None
            if kept != known:
                number, known = number + 1, kept
                await self._add(number, kept, storable(teller))
        past = (_KEPT.flow == self._flow) & (_KEPT.number <= number - _MOST)
        await self._tx.execute(delete(flow_versions).where(past))

    async def _newest(self) -> FlowVersion | None:
        query = select(flow_versions).where(_KEPT.flow == self._flow)
        row = (await self._tx.execute(query.order_by(_KEPT.number.desc()).limit(1))).mappings().first()
        return FlowVersion(**row) if row is not None else None

    async def _add(self, number: int, told: str | None, by: str) -> None:
        version = FlowVersion(self._flow, number, self._clock.now(), by, told)
        await self._tx.execute(insert(flow_versions).values(asdict(version)))


class StoredFlowVersions:
    """Raises StoreLost when the database does not answer."""

    def __init__(self, work: Work, clock: Clock) -> None:
        self._work, self._clock = work, clock

    @asynccontextmanager
    async def changing(self, flow: str) -> AsyncIterator[Change]:
        """One at a time changes a flow, on all nodes; what fails inside is not noted."""
        async with self._work.begin() as tx:
            await tx.execute(_TURN, {"flow": flow})
            yield Change(tx, flow, self._clock)

    async def page(self, flow: str, limit: int, before: int | None = None) -> list[FlowVersion]:
        """The newest first, those below the number `before`."""
        query = select(flow_versions).where(_KEPT.flow == flow).order_by(_KEPT.number.desc()).limit(limit)
        if before is not None:
            query = query.where(_KEPT.number < before)
        async with self._work.begin() as tx:
            return [FlowVersion(**row) for row in (await tx.execute(query)).mappings()]

    async def gone(self) -> list[FlowVersion]:
        """The newest version of each flow that was taken out, by name."""
        newest = select(_KEPT.flow, func.max(_KEPT.number)).group_by(_KEPT.flow)
        query = select(flow_versions).where(
            tuple_(_KEPT.flow, _KEPT.number).in_(newest), _KEPT.text.is_(None)
        )
        async with self._work.begin() as tx:
            return [FlowVersion(**row) for row in (await tx.execute(query.order_by(_KEPT.flow))).mappings()]
