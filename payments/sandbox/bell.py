"""Webhooks on their way out: signed as the vendor signs, and troubled as planned."""

from collections import deque
from collections.abc import Sequence

import aiohttp
import anyio
import structlog
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream

from payments.sandbox.books import Record
from payments.sandbox.dialect import Dialect, Hook
from payments.sandbox.faults import Fault, Troubles

log = structlog.stdlib.get_logger(__name__)

_WAITING = 10_000
_ANSWER_S = 10.0


class Bell:
    """Rings every hook for every event, one after the other; what nobody takes is not sent again."""

    def __init__(self, dialect: Dialect, troubles: Troubles) -> None:
        self.hooks: list[Hook] = []
        self._dialect, self._troubles = dialect, troubles
        self._late: deque[Record] = deque()
        self._send: MemoryObjectSendStream[Record]
        self._receive: MemoryObjectReceiveStream[Record]
        self._send, self._receive = anyio.create_memory_object_stream[Record](_WAITING)

    def take(self) -> None:
        """Queue what the dialect has to tell; nothing waits for it."""
        events, self._dialect.heard[:] = list(self._dialect.heard), []
        for event in events if self.hooks else ():
            self._send.send_nowait(event)

    async def run(self) -> None:
        """Send until cancelled."""
        timeout = aiohttp.ClientTimeout(total=_ANSWER_S)
        async with aiohttp.ClientSession(timeout=timeout) as session, self._receive, self._send:
            async for event in self._receive:
                for one in self._troubled(event):
                    await self._tell(session, one)

    def _troubled(self, event: Record) -> Sequence[Record]:
        match self._troubles.of_webhook():
            case Fault.WEBHOOK_DROPPED:
                return ()
            case Fault.WEBHOOK_LATE:
                self._late.append(event)
                return ()
            case Fault.WEBHOOK_TWICE:
                told = [event, event]
            case _:
                told = [event]
        late = list(self._late)
        self._late.clear()
        return [*told, *late]

    async def _tell(self, session: aiohttp.ClientSession, event: Record) -> None:
        for hook in self.hooks:
            ring = self._dialect.ring(event, hook)
            try:
                async with session.post(hook.url, data=ring.body, headers=dict(ring.headers)) as response:
                    log.info("sandbox rang", event_id=event["id"], status=response.status)
            except (aiohttp.ClientError, TimeoutError) as error:
                log.warning("nobody took a webhook", event_id=event["id"], error=type(error).__name__)
