"""The relay: facts become events for webhooks, each once, in the order of the facts."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Final, Protocol

import anyio
import structlog
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.errors import StoreLost
from core.events import Recorded
from db.engine import Work
from db.fact_rows import rows_after
from db.webhook_events import StoredEvents
from db.webhook_tables import webhook_relay
from payments.webhooks.topics import told

log = structlog.get_logger(__name__)

_BATCH: Final = 500
_AGAIN_S: Final = 1.0


class Follows(Protocol):
    """Facts as they come (db.timeline, api.broadcast)."""

    def follow(self, after: int | None = None) -> AsyncGenerator[Recorded]:
        """Facts after a number, then each new one, once it was committed."""
        ...


Also = Callable[[AsyncConnection, Recorded], Awaitable[None]]


class Relay:
    """Reads facts where the last reader stopped. Any number of nodes may run one: they take turns."""

    def __init__(self, work: Work, events: StoredEvents, facts: Follows, *also: Also) -> None:
        """`also` are told each fact, once, in the transaction that makes it an event."""
        self._work, self._events, self._facts, self._also = work, events, facts, also

    async def run(self) -> None:
        """Relay until cancelled; waits out a lost database."""
        while True:
            try:
                await self._until_news(await self.catch_up())
            except StoreLost as lost:
                log.warning("webhooks wait: the database is away", why=str(lost))
                await anyio.sleep(_AGAIN_S)

    async def catch_up(self) -> int:
        """Relay all facts that are there; the number of the last."""
        while True:
            seq, more = await self._some()
            if not more:
                return seq

    async def _some(self) -> tuple[int, bool]:
        """One batch, in one transaction with the note of how far it went; whether there may be more."""
        async with self._work.begin() as tx:
            seq: int = (await tx.execute(select(webhook_relay.c.seq).with_for_update())).scalar_one()
            batch = await rows_after(tx, seq, None, _BATCH)
            for recorded in batch:
                for also in self._also:
                    await also(tx, recorded)
                if (event := told(recorded.fact)) is not None:
                    topic, data = event
                    await self._events.tell_in(tx, topic, data, key=f"fact:{recorded.seq}")
            if batch:
                seq = batch[-1].seq
                await tx.execute(update(webhook_relay).values(seq=seq))
        return seq, len(batch) == _BATCH

    async def _until_news(self, after: int) -> None:
        """Wait for a fact that is told; the others are gone through with it."""
        async with aclosing(self._facts.follow(after)) as facts:
            async for recorded in facts:
                if told(recorded.fact) is not None:
                    return
