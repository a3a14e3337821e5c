"""Leases: what only one node at a time may do, such as asking gateways about unsettled payments."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import anyio
import structlog
from sqlalchemy import bindparam, func, text
from sqlalchemy.ext.asyncio import AsyncConnection

from core.errors import StoreLost
from db.engine import Work
from db.tables import leases

log = structlog.get_logger(__name__)

_TAKE = text("""
    INSERT INTO leases AS held (name, holder, until, term)
    VALUES (:name, :holder, clock_timestamp() + make_interval(secs => :ttl_s), 1)
    ON CONFLICT (name) DO UPDATE
       SET holder = excluded.holder, until = excluded.until,
           term = held.term + (held.holder <> excluded.holder)::int
     WHERE held.holder = excluded.holder OR held.until < clock_timestamp()
    RETURNING term
""")


@dataclass(frozen=True, slots=True)
class Lease:
    """A right that was given; `term` grows each time that it changes hands."""

    name: str
    holder: str
    term: int


class Leases:
    """Leases as `holder` (a node's name) takes them, by the database's clock."""

    def __init__(self, work: Work, holder: str, ttl_s: float = 30.0) -> None:
        self._work = work
        self._holder = holder
        self._ttl_s = ttl_s

    async def take(self, name: str) -> Lease | None:
        """Take the lease, or keep it for another `ttl_s`; None while another holds it."""
        async with self._work.begin() as tx:
            return await self._take(tx, name)

    async def release(self, name: str) -> None:
        """Give it back before its time; nothing happens when another holds it."""
        mine = (leases.c.name == bindparam("lease")) & (leases.c.holder == bindparam("me"))
        async with self._work.begin() as tx:
            await tx.execute(
                leases.update().where(mine).values(until=func.to_timestamp(0)),
                {"lease": name, "me": self._holder},
            )

    async def alone(self, name: str, job: Callable[[], Awaitable[None]]) -> None:
        """Run `job` here whenever the lease is ours, for ever; it is cancelled before the lease runs out."""
        while True:
            if await self._held(name):
                log.info("lease taken", lease=name, holder=self._holder)
                await self._run(name, job)
                log.info("lease given up", lease=name, holder=self._holder)
            await anyio.sleep(self._ttl_s / 3)

    async def _run(self, name: str, job: Callable[[], Awaitable[None]]) -> None:
        try:
            async with anyio.create_task_group() as group:
                group.start_soon(self._keep, name, group.cancel_scope)
                await job()
                group.cancel_scope.cancel()
        finally:
            with anyio.move_on_after(1, shield=True):
                await self._let_go(name)

    async def _keep(self, name: str, scope: anyio.CancelScope) -> None:
        good_until = anyio.current_time() + self._ttl_s
        while anyio.current_time() < good_until - self._ttl_s / 2:
            await anyio.sleep(self._ttl_s / 6)
            asked = anyio.current_time()
            with anyio.move_on_after(self._ttl_s / 6):
                if await self._held(name):
                    good_until = asked + self._ttl_s
        scope.cancel()

    async def _held(self, name: str) -> bool:
        try:
            return await self.take(name) is not None
        except StoreLost:
            return False

    async def _let_go(self, name: str) -> None:
        try:
            await self.release(name)
        except StoreLost:
            log.warning("lease not released, it runs out by itself", lease=name, holder=self._holder)

    async def _take(self, tx: AsyncConnection, name: str) -> Lease | None:
        values = {"name": name, "holder": self._holder, "ttl_s": self._ttl_s}
        term = (await tx.execute(_TAKE, values)).scalar()
        return None if term is None else Lease(name, self._holder, term)
