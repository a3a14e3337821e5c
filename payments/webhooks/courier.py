"""The courier: makes one attempt of one delivery, and writes down what came of it."""

import json
from random import Random

import structlog

from core.clock import Clock
from payments.webhooks.delivery import Deliveries, Due, Failed, again_s
from payments.webhooks.poster import Poster
from payments.webhooks.signature import headers

log = structlog.stdlib.get_logger(__name__)


class Courier:
    """Delivers what is due. A delivery arrives at least once; its `webhook-id` is the same each time."""

    def __init__(self, deliveries: Deliveries, poster: Poster, clock: Clock, chance: Random) -> None:
        self._deliveries, self._poster = deliveries, poster
        self._clock, self._chance = clock, chance

    async def deliver(self, job: str) -> None:
        """Do the job of one attempt. Raises StoreLost, and is then asked again."""
        due = await self._deliveries.due(job)
        if due is None:
            return
        body = body_of(due)
        answer = await self._poster.post(due.url, body, headers(due.keys, due.event, self._clock.now(), body))
        if isinstance(answer, Failed):
            log.warning("webhook did not arrive", delivery=due.id, attempt=due.attempt, why=answer.why)
        await self._deliveries.note(due, answer, again_s(due.attempt, self._chance))


def body_of(due: Due) -> bytes:
    """The body, by Standard Webhooks: `{"type": ..., "timestamp": ..., "data": {...}}`."""
    told = {"type": due.topic, "timestamp": due.at.isoformat(), "data": due.data}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
