"""The courier: makes one attempt of one delivery, and writes down what came of it."""

import json
from random import Random
from typing import Final
from urllib.parse import urlencode

import structlog

from core.clock import Clock
from payments.webhooks.delivery import Deliveries, Due, Failed, again_s
from payments.webhooks.outbox import AS_FORM, JsonValue
from payments.webhooks.poster import Poster
from payments.webhooks.signature import headers

log = structlog.stdlib.get_logger(__name__)

_JSON: Final = "application/json"
_FORM: Final = "application/x-www-form-urlencoded"


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
        kind = {"Content-Type": _FORM if due.topic.endswith(AS_FORM) else _JSON}
        signed = headers(due.keys, due.event, self._clock.now(), body)
        answer = await self._poster.post(due.url, body, {**signed, **kind})
        if isinstance(answer, Failed):
            log.warning("webhook did not arrive", delivery=due.id, attempt=due.attempt, why=answer.why)
        await self._deliveries.note(due, answer, again_s(due.attempt, self._chance))


def body_of(due: Due) -> bytes:
    """The body, by Standard Webhooks: `{"type": ..., "timestamp": ..., "data": {...}}`; or a form."""
    if due.topic.endswith(AS_FORM):
        return urlencode({name: _plain(value) for name, value in due.data.items()}).encode()
    told = {"type": due.topic, "timestamp": due.at.isoformat(), "data": due.data}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _plain(value: JsonValue) -> str:
    """A value of a form: true and false are small letters there, as in JSON."""
    return str(value).lower() if isinstance(value, bool) else str(value)
