"""Events for webhooks, in PostgreSQL: each key once, with a delivery and a job for each endpoint."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import insert as insert_or
from sqlalchemy.ext.asyncio import AsyncConnection

from core.clock import Clock
from core.ids import new_id
from db.engine import Work
from db.queue import Queue
from db.webhook_endpoints import callbacks
from db.webhook_tables import webhook_deliveries, webhook_endpoints, webhook_events
from payments.webhooks.delivery import DeliveryId, EndpointId
from payments.webhooks.outbox import JsonValue, check_event, check_url
from payments.webhooks.topics import wants

DELIVER: Final = "deliver_webhook"
"""The job of one attempt; its subject is `DELIVERY/ATTEMPT`."""


@dataclass(frozen=True, slots=True)
class Asking:
    """An endpoint that is told of topics."""

    endpoint: EndpointId
    url: str
    topics: tuple[str, ...]


class StoredEvents:
    """The Outbox over PostgreSQL; `post_in` and `tell_in` write in the transaction of the change."""

    def __init__(self, work: Work, queue: Queue, clock: Clock) -> None:
        self._work, self._queue, self._clock = work, queue, clock

    async def post(self, url: str, event: str, data: Mapping[str, JsonValue], *, key: str) -> None:
        """As `Outbox.post`, in a transaction of its own."""
        async with self._work.begin() as tx:
            await self.post_in(tx, url, event, data, key=key)

    async def post_in(
        self, tx: AsyncConnection, url: str, event: str, data: Mapping[str, JsonValue], *, key: str
    ) -> None:
        """As `Outbox.post`, in the transaction of the change that it tells of."""
        check_url(url)
        check_event(event)
        written = await self._write(tx, event, data, f"post:{key}")
        if written is not None:
            await self._send(tx, written, await callbacks(tx, self._clock), url)

    async def tell_in(
        self,
        tx: AsyncConnection,
        asking: Sequence[Asking],
        topic: str,
        data: Mapping[str, JsonValue],
        *,
        key: str,
    ) -> None:
        """Write an event for those of `asking` that want its topic; nothing is written when none does."""
        wanting = [one for one in asking if wants(one.topics, topic)]
        written = await self._write(tx, topic, data, key) if wanting else None
        for one in wanting if written is not None else ():
            await self._send(tx, str(written), one.endpoint, one.url)

    async def resend_in(self, tx: AsyncConnection, event: str, endpoint: EndpointId, url: str) -> DeliveryId:
        """Send an event to an endpoint once more, from the first attempt on."""
        return await self._send(tx, event, endpoint, url)

    async def _write(
        self, tx: AsyncConnection, topic: str, data: Mapping[str, JsonValue], key: str
    ) -> str | None:
        row = {"id": new_id("evt"), "key": key, "topic": topic, "data": dict(data), "at": self._clock.now()}
        new = insert_or(webhook_events).values(row).on_conflict_do_nothing().returning(webhook_events.c.id)
        made: str | None = (await tx.execute(new)).scalar()
        return made

    async def _send(self, tx: AsyncConnection, event: str, endpoint: EndpointId, url: str) -> DeliveryId:
        delivery, now = DeliveryId(new_id("dlv")), self._clock.now()
        row = {
            "id": delivery,
            "event": event,
            "endpoint": endpoint,
            "url": url,
            "created_at": now,
            "next_at": now,
        }
        await tx.execute(insert(webhook_deliveries).values(row))
        await self._queue.put(tx, DELIVER, f"{delivery}/1")
        return delivery


async def asking(tx: AsyncConnection) -> Sequence[Asking]:
    """All who are told of something now."""
    kept = webhook_endpoints.c
    query = select(kept.id, kept.url, kept.topics).where(kept.disabled_at.is_(None), kept.url != "")
    rows = await tx.execute(query.order_by(kept.id))
    return [Asking(EndpointId(row.id), row.url, tuple(row.topics)) for row in rows]
