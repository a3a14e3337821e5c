"""Facts read back: from a place in the order, or as they come."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass

import anyio
import psycopg
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from core.errors import StoreLost
from core.events import Recorded
from core.ids import CallId
from db.engine import Work, place, plain_url
from db.fact_rows import newest_seq, recorded_of, rows_after
from db.fact_seal import FactSeal, is_sealed
from db.listening import listen

log = structlog.get_logger(__name__)

_BATCH = 500
_NEWEST = "SELECT coalesce(max(seq), 0) FROM facts"
_NEW = "SELECT seq, at, call, kind, body FROM facts WHERE seq > %s ORDER BY seq LIMIT %s"


@dataclass(frozen=True, slots=True)
class _Kept:
    newest: int | None
    facts: list[Recorded]


class Timeline:
    """What was kept of all calls, in the order of its commits.

    `follow` listens and reads on a connection of its own, besides the pool, whose way is a longer one: have
    one a process, and fan out from it.
    """

    def __init__(
        self,
        work: Work,
        url: str,
        look_s: float = 10.0,
        again_s: float = 0.5,
        gather_s: float = 0.2,
        *,
        seal: FactSeal | None = None,
    ) -> None:
        """With `seal`, what is sealed is read."""
        self._work, self._seal = work, seal
        self._url = plain_url(url)
        self._place = place(url)
        self._look_s = look_s
        self._again_s = again_s
        self._gather_s = gather_s

    async def read(self, after: int = 0, call: CallId | None = None, limit: int = 1000) -> list[Recorded]:
        """At most `limit` facts whose `seq` is above `after`, of one call or of all, oldest first."""
        async with self._work.single() as tx:
            return await self._opened(tx, await rows_after(tx, after, call, limit))

    async def newest(self) -> int:
        """The number of the newest; 0 when there is none."""
        async with self._work.single() as tx:
            return await newest_seq(tx)

    async def follow(self, after: int | None = None) -> AsyncGenerator[Recorded]:
        """Every fact above `after`, once and in order, for ever; None begins with the next new one.

        Close the iterator to leave. Waits out a lost database. Nothing is lost between reading and
        listening: it listens first, and looks again every `look_s` in any case. After a quiet time a fact is
        told at once; what comes soon after it is read together, every `gather_s`.
        """
        listening: psycopg.AsyncConnection | None = None
        next_s = anyio.current_time()
        try:
            while True:
                await anyio.sleep_until(next_s)
                next_s = anyio.current_time() + self._gather_s
                listening, kept = await self._listen_and_read(listening, after)
                for recorded in kept.facts:
                    yield recorded
                after = kept.newest
                if listening is None:
                    await anyio.sleep(self._again_s)
                elif len(kept.facts) < _BATCH:
                    await self._news(listening)
                else:
                    next_s = anyio.current_time()
        finally:
            if listening is not None:
                with anyio.CancelScope(shield=True):
                    await listening.close()

    async def _listen_and_read(
        self, listening: psycopg.AsyncConnection | None, after: int | None
    ) -> tuple[psycopg.AsyncConnection | None, _Kept]:
        try:
            if listening is None or listening.closed:
                listening = await listen(self._url, "facts", self._look_s)
            with anyio.fail_after(self._look_s):
                return listening, await self._above(listening, after)
        except (StoreLost, psycopg.OperationalError, TimeoutError) as problem:
            log.warning(
                "facts are not followed: the database is away", database=self._place, why=str(problem)
            )
            if listening is not None:
                await listening.close()
            return None, _Kept(after, [])

    async def _above(self, listening: psycopg.AsyncConnection, after: int | None) -> _Kept:
        if after is None:
            newest = await (await listening.execute(_NEWEST)).fetchone()
            return _Kept(newest[0] if newest else 0, [])
        rows = await (await listening.execute(_NEW, (after, _BATCH))).fetchall()
        kept = [recorded_of(*row) for row in rows]
        if any(map(is_sealed, kept)):
            async with self._work.single() as tx:
                kept = await self._opened(tx, kept)
        return _Kept(kept[-1].seq if kept else after, kept)

    async def _opened(self, tx: AsyncConnection, facts: list[Recorded]) -> list[Recorded]:
        return facts if self._seal is None else await self._seal.opened(tx, facts)

    async def _news(self, listening: psycopg.AsyncConnection) -> None:
        """Wait for the next commit."""
        try:
            async for _ in listening.notifies(timeout=self._look_s, stop_after=1):
                pass
        except psycopg.OperationalError:
            await listening.close()
