"""Calls as they are written down (ivr.sessions), in PostgreSQL."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from core.ids import CallId
from db.call_list import CallFilter, conditions
from db.engine import Work
from db.key_tables import data_keys
from db.pages import Place, newest_first
from db.people import ERASED, People, of_caller, wrapped_of
from db.places import CALLER, caller_of_call
from db.storable import storable
from db.tables import calls
from ivr.sessions import Session


class StoredSessions:
    """The Sessions protocol over PostgreSQL; with `people`, callers' numbers are sealed."""

    def __init__(self, work: Work, people: People | None = None) -> None:
        self._work, self._people = work, people

    async def start(self, session: Session) -> None:
        """A call began. Writing the same call again does nothing."""
        row = {
            "id": session.id,
            "number": storable(session.number),
            "flow": storable(session.flow),
            "node": storable(session.node),
            "started_at": session.started_at,
            "ended_at": session.ended_at,
            "outcome": session.outcome,
            "cause": session.cause,
        }
        async with self._work.single() as tx:  # a key of which nothing came does no harm
            caller = await self._sealed(tx, session.id, storable(session.caller))
            await tx.execute(_START, row | caller)

    async def end(self, call: CallId, at: datetime, outcome: str, cause: str) -> None:
        """A call ended. Ending it again does nothing."""
        known = {"call": call, "ended_at": at, "outcome": storable(outcome), "cause": storable(cause)}
        async with self._work.single() as tx:
            await tx.execute(_END, known)

    async def recent(self, limit: int = 50) -> list[Session]:
        """The newest first."""
        newest = _QUERY.order_by(calls.c.started_at.desc(), calls.c.id.desc()).limit(limit)
        async with self._work.single() as tx:
            return [self._session(row) for row in (await tx.execute(newest)).mappings()]

    async def page(self, wanted: CallFilter, place: Place | None, limit: int) -> list[Session]:
        """The newest that are `wanted` behind a place, one more than `limit`."""
        async with self._work.single() as tx:
            query = _QUERY.where(*await conditions(tx, wanted, self._people))
            query = newest_first(query, calls.c.started_at, calls.c.id, place, limit)
            return [self._session(row) for row in (await tx.execute(query)).mappings()]

    async def find(self, call: CallId) -> Session | None:
        """One call."""
        async with self._work.single() as tx:
            row = (await tx.execute(_QUERY.where(calls.c.id == call))).mappings().first()
        return self._session(row) if row is not None else None

    async def end_left_open(self, node: str, at: datetime) -> list[Session]:
        """End the calls that a dead controller of that name left open; return them as they stand now."""
        left = (calls.c.node == node) & calls.c.ended_at.is_(None)
        ended = update(calls).where(left).values(ended_at=at, outcome="lost", cause="controller stopped")
        async with self._work.begin() as tx:
            names = (await tx.execute(ended.returning(calls.c.id))).scalars().all()
            rows = (await tx.execute(_QUERY.where(calls.c.id.in_(names)))).mappings()
            return [self._session(row) for row in rows]

    async def _sealed(self, tx: AsyncConnection, call: CallId, caller: str) -> dict[str, object]:
        if self._people is None or not caller:
            return {"caller": caller, "caller_index": None, "caller_sealed": None}
        index = await self._people.index(tx, CALLER, caller)
        key = await self._people.key(tx, of_caller(index))
        sealed = key.seal(caller, caller_of_call(call)) if key is not None else None
        return {"caller": "", "caller_index": index if sealed else None, "caller_sealed": sealed}

    def _session(self, row: RowMapping) -> Session:
        return _session(row, self._caller(row))

    def _caller(self, row: RowMapping) -> str:
        if row["caller_sealed"] is None or self._people is None:
            return str(row["caller"])
        key = self._people.opened(of_caller(row["caller_index"]), wrapped_of(row["master"], row["wrapped"]))
        return key.open(row["caller_sealed"], caller_of_call(row["id"])) if key is not None else ERASED


_OWN_KEY = data_keys.c.subject == literal("caller:") + func.encode(calls.c.caller_index, "hex")
_QUERY: Select[Any] = select(calls, data_keys.c.master, data_keys.c.wrapped).select_from(
    calls.outerjoin(data_keys, _OWN_KEY)
)


_START = insert(calls).on_conflict_do_nothing()
_END = update(calls).where((calls.c.id == bindparam("call")) & calls.c.ended_at.is_(None))


def _session(row: RowMapping, caller: str) -> Session:
    return Session(
        id=CallId(row["id"]),
        number=row["number"],
        caller=caller,
        flow=row["flow"],
        node=row["node"],
        started_at=row["started_at"],
        ended_at=row["ended_at"],
        outcome=row["outcome"],
        cause=row["cause"],
    )
