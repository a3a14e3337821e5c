"""The relay: facts become events for webhooks, each once, in the order of the facts."""

from collections.abc import Awaitable, Callable
from typing import Final, Protocol

import anyio
import structlog
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.errors import StoreLost
from core.events import Recorded
from db.engine import Work
from db.fact_rows import kind_of_type, newest_seq, rows_after
from db.webhook_events import StoredEvents, asking
from db.webhook_tables import webhook_relay
from payments.webhooks.topics import TOPICS, data_of, is_close, kind_of, topic_of, wants

log = structlog.get_logger(__name__)

_BATCH: Final = 500
_AGAIN_S: Final = 1.0
_LOOK_S: Final = 10.0  # also when no news came, which may be lost with a connection
_CLOSE: Final = [topic for topic in TOPICS if is_close(topic)]
_CLOSE_KINDS: Final = [kind_of_type(kind_of(topic)) for topic in _CLOSE]


class News(Protocol):
    """Facts as they come (api.broadcast)."""

    def watch(self, watcher: Callable[[Recorded], None]) -> None:
        """Have each new fact handed to it at once; it must not wait, and not fail."""
        ...


Also = Callable[[AsyncConnection, Recorded], Awaitable[None]]


class Relay:
    """Reads facts where the last reader stopped. Any number of nodes may run one: they take turns.

    Words and keys, many for a call, are passed over unread while nobody asks for them.
    """

    def __init__(self, work: Work, events: StoredEvents, facts: News, *also: Also) -> None:
        """`also` are told each fact but words and keys, once, in the transaction that makes it an event."""
        self._work, self._events, self._also = work, events, also
        self._closely = False  # whether somebody was told of each word and key, when that was last looked up
        self._news = anyio.Event()
        facts.watch(self._hear)

    async def run(self) -> None:
        """Relay until cancelled; waits out a lost database."""
        while True:
            self._news = anyio.Event()
            try:
                await self.catch_up()
            except StoreLost as lost:
                log.warning("webhooks wait: the database is away", why=str(lost))
                await anyio.sleep(_AGAIN_S)
                continue
            with anyio.move_on_after(_LOOK_S):
                await self._news.wait()

    async def catch_up(self) -> None:
        """Relay all facts that are there."""
        while await self._some():
            pass

    async def _some(self) -> bool:
        """One batch, in one transaction with the note of how far it went; whether there may be more."""
        async with self._work.begin() as tx:
            seq: int = (await tx.execute(select(webhook_relay.c.seq).with_for_update())).scalar_one()
            told = await asking(tx)
            self._closely = any(wants(one.topics, topic) for one in told for topic in _CLOSE)
            newest = await newest_seq(tx)
            batch = await rows_after(tx, seq, None, _BATCH, but=() if self._closely else _CLOSE_KINDS)
            more = len(batch) == _BATCH
            for recorded in batch:
                for also in self._also:
                    await also(tx, recorded)
                if (topic := topic_of(recorded.fact)) is not None:
                    data, key = data_of(recorded.fact), f"fact:{recorded.seq}"
                    await self._events.tell_in(tx, told, topic, data, key=key)
            last = batch[-1].seq if batch else seq
            if (upto := last if more else max(newest, last)) > seq:
                await tx.execute(update(webhook_relay).values(seq=upto))
        return more

    def _hear(self, recorded: Recorded) -> None:
        """A fact that somebody may want is news; the others are gone through with it."""
        topic = topic_of(recorded.fact)
        if topic is not None and (self._closely or not is_close(topic)):
            self._news.set()
