"""Callers' requests (ivr.requests), in PostgreSQL: each change with its fact."""

from typing import Any, Final

from sqlalchemy import Select, func, insert, literal, select, update
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from core.clock import Clock
from core.errors import BadInput
from core.events import RequestMoved
from core.ids import AccountId, CallId, new_id
from db.engine import Work
from db.key_tables import data_keys
from db.keys import Place
from db.people import ERASED, People, of_caller, wrapped_of
from db.places import CALLER
from db.request_tables import caller_requests
from db.storable import storable
from db.tell import Teller
from ivr.requests import About, Request, Wish

_KEPT: Final = caller_requests.c
_OWN_KEY: Final = data_keys.c.subject == literal("caller:") + func.encode(_KEPT.caller_index, "hex")
_QUERY: Final[Select[Any]] = select(caller_requests, data_keys.c.master, data_keys.c.wrapped).select_from(
    caller_requests.outerjoin(data_keys, _OWN_KEY)
)


class StoredRequests:
    """The Requests protocol over PostgreSQL; with `people`, the numbers to call are sealed."""

    def __init__(self, work: Work, clock: Clock, people: People | None = None) -> None:
        self._work, self._clock, self._people = work, clock, people
        self._teller = Teller("requests")

    async def add(self, wish: Wish) -> Request:
        """Write it down."""
        name, now = new_id("req"), self._clock.now()
        row = {
            "id": name,
            "about": wish.about.value,
            "call": wish.call,
            "account": wish.account,
            "detail": storable(wish.detail),
            "day": wish.day,
            "made_at": now,
        }
        async with self._work.begin() as tx:
            caller = await self._sealed(tx, name, storable(wish.caller))
            made = insert(caller_requests).values(row | caller).returning(_KEPT.number)
            number: int = (await tx.execute(made)).scalar_one()
            await self._tell(tx, wish.call, number, wish.about, "made")
        return Request(number, wish, now)

    async def all(self, limit: int = 50, *, waiting: bool = False) -> list[Request]:
        """The newest first."""
        query = _QUERY.where(_KEPT.done_at.is_(None)) if waiting else _QUERY
        async with self._work.begin() as tx:
            rows = (await tx.execute(query.order_by(_KEPT.number.desc()).limit(limit))).mappings()
            return [self._request(row) for row in rows]

    async def done(self, number: int) -> None:
        """A person has seen to it."""
        this = _KEPT.number == number
        async with self._work.begin() as tx:
            marked = (
                update(caller_requests)
                .where(this & _KEPT.done_at.is_(None))
                .values(done_at=self._clock.now())
            )
            row = (await tx.execute(select(_KEPT.call, _KEPT.about).where(this))).first()
            if row is None:
                raise BadInput(f"there is no request {number}")
            if (await tx.execute(marked)).rowcount:
                await self._tell(tx, CallId(row.call), number, About(row.about), "done")

    async def _tell(self, tx: AsyncConnection, call: CallId, number: int, about: About, state: str) -> None:
        await self._teller.tell(tx, RequestMoved(call, str(number), about.value, state), self._clock.now())

    async def _sealed(self, tx: AsyncConnection, name: str, caller: str) -> dict[str, object]:
        if self._people is None or not caller:
            return {"caller": caller}
        index = await self._people.index(tx, CALLER, caller)
        key = await self._people.key(tx, of_caller(index))
        sealed = key.seal(caller, _place(name)) if key is not None else None
        return {"caller": "", "caller_index": index if sealed else None, "caller_sealed": sealed}

    def _caller(self, row: RowMapping) -> str:
        if row["caller_sealed"] is None or self._people is None:
            return str(row["caller"])
        key = self._people.opened(of_caller(row["caller_index"]), wrapped_of(row["master"], row["wrapped"]))
        return key.open(row["caller_sealed"], _place(row["id"])) if key is not None else ERASED

    def _request(self, row: RowMapping) -> Request:
        wish = Wish(
            About(row["about"]),
            CallId(row["call"]),
            self._caller(row),
            AccountId(row["account"]) if row["account"] is not None else None,
            row["detail"],
            row["day"],
        )
        return Request(row["number"], wish, row["made_at"], row["done_at"])


def _place(name: str) -> Place:
    return Place("caller_requests", "caller", name)
