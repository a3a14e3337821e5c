"""Deliveries of events (payments.webhooks.delivery), in PostgreSQL: each attempt with the job of the next."""

from datetime import timedelta

from sqlalchemy import Select, Update, select, update
from sqlalchemy.engine import RowMapping

from core.clock import Clock
from core.errors import BadInput
from db.audit import append
from db.engine import Work
from db.pages import Place, newest_first
from db.queue import Queue
from db.webhook_endpoints import secrets_of
from db.webhook_events import DELIVER, StoredEvents
from db.webhook_tables import webhook_deliveries, webhook_endpoints, webhook_events
from payments.webhooks.delivery import (
    Arrived,
    Delivery,
    DeliveryId,
    DeliveryState,
    Due,
    EndpointId,
    Failed,
)

_KEPT = webhook_deliveries.c
_WAITING = _KEPT.state == DeliveryState.WAITING.value


class StoredDeliveries:
    """The Deliveries protocol over PostgreSQL, and what people ask of deliveries."""

    def __init__(self, work: Work, queue: Queue, clock: Clock) -> None:
        self._work, self._queue, self._clock = work, queue, clock

    async def due(self, job: str) -> Due | None:
        """The attempt that a job is for; None when it was made already, or its endpoint is disabled."""
        name, attempt = _attempt(job)
        async with self._work.begin() as tx:
            query = _WITH_ALL.where(_KEPT.id == name, _WAITING, _KEPT.attempts == attempt - 1)
            row = (await tx.execute(query)).mappings().first()
            if row is None:
                return None
            if row["disabled_at"] is not None:
                answer = f"the endpoint is disabled: {row['disabled_why']}"
                await tx.execute(_change(name).values(_dead(answer, self._clock)))
                return None
        return Due(
            id=DeliveryId(name),
            attempt=attempt,
            event=row["event"],
            topic=row["topic"],
            at=row["at"],
            data=row["data"],
            url=row["url"],
            keys=secrets_of(row, self._clock.now()),
        )

    async def note(self, due: Due, answer: Arrived | Failed, again_s: float | None) -> None:
        """Write down what came of an attempt, together with the job of the next one."""
        now = self._clock.now()
        this = _change(due.id).where(_KEPT.attempts == due.attempt - 1)
        async with self._work.begin() as tx:
            match answer:
                case Arrived(status):
                    done = {"state": DeliveryState.DELIVERED.value, "answer": str(status), "done_at": now}
                    changed = this.values(attempts=due.attempt, next_at=None, **done)
                case Failed(why, gone) if gone or again_s is None:
                    changed = this.values(attempts=due.attempt, **_dead(why, self._clock))
                case Failed(why):
                    next_at = now + timedelta(seconds=again_s or 0)
                    changed = this.values(attempts=due.attempt, answer=why, next_at=next_at)
            if not (await tx.execute(changed)).rowcount:
                return
            if isinstance(answer, Failed) and not answer.gone and again_s is not None:
                await self._queue.put(tx, DELIVER, f"{due.id}/{due.attempt + 1}", again_s)
            if isinstance(answer, Failed) and answer.gone:
                of = select(_KEPT.endpoint).where(_KEPT.id == due.id).scalar_subquery()
                gone_endpoint = (webhook_endpoints.c.id == of) & (webhook_endpoints.c.url != "")
                disabled = {"disabled_at": now, "disabled_why": "it answered 410: it is gone"}
                await tx.execute(update(webhook_endpoints).where(gone_endpoint).values(disabled))

    async def all(
        self, endpoint: str = "", state: DeliveryState | None = None, limit: int = 50
    ) -> list[Delivery]:
        """The newest first, of one endpoint or of all."""
        return (await self.page(endpoint, state, None, limit))[:limit]

    async def page(
        self, endpoint: str, state: DeliveryState | None, place: Place | None, limit: int
    ) -> list[Delivery]:
        """The newest behind a place, one more than `limit`."""
        query = newest_first(_WITH_EVENT, _KEPT.created_at, _KEPT.id, place, limit)
        if endpoint:
            query = query.where(_KEPT.endpoint == endpoint)
        if state is not None:
            query = query.where(_KEPT.state == state.value)
        async with self._work.begin() as tx:
            return [_delivery(row) for row in (await tx.execute(query)).mappings()]

    async def resend(self, delivery: str, events: StoredEvents) -> DeliveryId:
        """Send its event to its endpoint once more, as a new delivery; BadInput while it still waits."""
        async with self._work.begin() as tx:
            row = (
                (await tx.execute(select(webhook_deliveries).where(_KEPT.id == delivery))).mappings().first()
            )
            if row is None:
                raise BadInput(
                    f"there is no delivery {delivery!r}: `tellerline webhooks deliveries` lists them"
                )
            if row["state"] == DeliveryState.WAITING.value:
                raise BadInput(f"{delivery} is still tried: it is sent again by itself")
            again = await events.resend_in(tx, row["event"], EndpointId(row["endpoint"]), row["url"])
            await append(tx, self._clock.now(), "webhook resent", delivery, {"as": again})
        return again


_WITH_EVENT: Select[tuple[object, ...]] = select(
    webhook_deliveries, webhook_events.c.topic, webhook_events.c.at, webhook_events.c.data
).join(webhook_events, webhook_events.c.id == _KEPT.event)
_OF_ENDPOINT = webhook_endpoints.c
_WITH_ALL: Select[tuple[object, ...]] = _WITH_EVENT.add_columns(
    _OF_ENDPOINT.secret,
    _OF_ENDPOINT.was_secret,
    _OF_ENDPOINT.was_until,
    _OF_ENDPOINT.disabled_at,
    _OF_ENDPOINT.disabled_why,
).join(webhook_endpoints, _OF_ENDPOINT.id == _KEPT.endpoint)


def _change(delivery: str) -> Update:
    return update(webhook_deliveries).where(_KEPT.id == delivery, _WAITING)


def _dead(answer: str, clock: Clock) -> dict[str, object]:
    return {"state": DeliveryState.DEAD.value, "answer": answer, "next_at": None, "done_at": clock.now()}


def _attempt(job: str) -> tuple[str, int]:
    name, _, attempt = job.partition("/")
    return name, int(attempt)


def _delivery(row: RowMapping) -> Delivery:
    return Delivery(
        id=DeliveryId(row["id"]),
        event=row["event"],
        topic=row["topic"],
        endpoint=EndpointId(row["endpoint"]),
        url=row["url"],
        state=DeliveryState(row["state"]),
        attempts=row["attempts"],
        answer=row["answer"],
        created_at=row["created_at"],
        next_at=row["next_at"],
        done_at=row["done_at"],
    )
