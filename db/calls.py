"""Calls as they are written down (ivr.sessions), in PostgreSQL."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import RowMapping

from core.ids import CallId
from db.engine import Work
from db.storable import storable
from db.tables import calls
from ivr.sessions import Session


class StoredSessions:
    """The Sessions protocol over PostgreSQL."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def start(self, session: Session) -> None:
        """A call began. Writing the same call again does nothing."""
        row = {
            "id": session.id,
            "number": storable(session.number),
            "caller": storable(session.caller),
            "flow": storable(session.flow),
            "node": storable(session.node),
            "started_at": session.started_at,
            "ended_at": session.ended_at,
            "outcome": session.outcome,
            "cause": session.cause,
        }
        async with self._work.single() as tx:
            await tx.execute(insert(calls).values(row).on_conflict_do_nothing())

    async def end(self, call: CallId, at: datetime, outcome: str, cause: str) -> None:
        """A call ended. Ending it again does nothing."""
        still_up = (calls.c.id == call) & calls.c.ended_at.is_(None)
        async with self._work.single() as tx:
            await tx.execute(
                update(calls)
                .where(still_up)
                .values(ended_at=at, outcome=storable(outcome), cause=storable(cause))
            )

    async def recent(self, limit: int = 50) -> list[Session]:
        """The newest first."""
        newest = select(calls).order_by(calls.c.started_at.desc(), calls.c.id.desc()).limit(limit)
        async with self._work.single() as tx:
            return [_session(row) for row in (await tx.execute(newest)).mappings()]

    async def end_left_open(self, node: str, at: datetime) -> list[Session]:
        """End the calls that a dead controller of that name left open; return them as they stand now."""
        left = (calls.c.node == node) & calls.c.ended_at.is_(None)
        ended = update(calls).where(left).values(ended_at=at, outcome="lost", cause="controller stopped")
        async with self._work.single() as tx:
            return [_session(row) for row in (await tx.execute(ended.returning(calls))).mappings()]


def _session(row: RowMapping) -> Session:
    return Session(
        id=CallId(row["id"]),
        number=row["number"],
        caller=row["caller"],
        flow=row["flow"],
        node=row["node"],
        started_at=row["started_at"],
        ended_at=row["ended_at"],
        outcome=row["outcome"],
        cause=row["cause"],
    )
