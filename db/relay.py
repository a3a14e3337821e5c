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
from db.webhook_events import StoredEvents, asking
from db.webhook_tables import webhook_relay
from payments.webhooks.topics import TOPICS, data_of, is_close, topic_of, wants

log = structlog.get_logger(__name__)

_BATCH: Final = 500
_AGAIN_S: Final = 1.0
_CLOSE: Final = [topic for topic in TOPICS if is_close(topic)]


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
        self._closely = False  # whether somebody was told of each word and key, when that was last looked up

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
            told = await asking(tx)
            self._closely = any(wants(one.topics, topic) for one in told for topic in _CLOSE)
            for recorded in batch:
                for also in self._also:
                    await also(tx, recorded)
                if (topic := topic_of(recorded.fact)) is not None:
                    data, key = data_of(recorded.fact), f"fact:{recorded.seq}"
                    await self._events.tell_in(tx, told, topic, data, key=key)
            if batch:
                seq = batch[-1].seq
                await tx.execute(update(webhook_relay).values(seq=seq))
        return seq, len(batch) == _BATCH

    async def _until_news(self, after: int) -> None:
        """Wait for a fact that somebody may want; the others are gone through with it."""
        async with aclosing(self._facts.follow(after)) as facts:
            async for recorded in facts:
                topic = topic_of(recorded.fact)
                if topic is not None and (self._closely or not is_close(topic)):
                    return
