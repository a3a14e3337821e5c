"""Status callbacks of one session: each change is left in the outbox, in order, and none is waited for."""

from collections import deque

import anyio
import structlog

from core.errors import BadInput, StoreLost
from ivr.capture.view import View
from payments.webhooks.outbox import AS_FORM, Outbox

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

EVENT = "payment.capture"
_FIRST_PAUSE_S = 0.2
_LONGEST_PAUSE_S = 5.0
_PATIENCE_S = 600.0


class Callbacks:
    """Where the outbox is slower than the caller's fingers, only the newest of a field's counts is posted.

    While the store is away it tries again for ten minutes. `run` ends after the last change was posted. As a
    `form` each is posted as hosted pay verbs post theirs: the fields, and nothing around them.
    """

    def __init__(self, outbox: Outbox, url: str, *, form: bool = False, mark: str = "") -> None:
        self._outbox, self._url, self._mark = outbox, url, mark
        self._event = EVENT + AS_FORM if form else EVENT
        self._waiting: deque[View] = deque()
        self._came = anyio.Event()
        self._number = 0

    def tell(self, view: View) -> None:
        """A session changed; returns at once."""
        if self._waiting and self._waiting[-1].partial and self._waiting[-1].step is view.step:
            self._waiting.pop()
        self._waiting.append(view)
        self._came.set()

    async def run(self) -> None:
        """Post until the session is settled."""
        while True:
            await self._came.wait()
            self._came = anyio.Event()
            while self._waiting:
                view = self._waiting.popleft()
                await self._post(view)
                if view.is_settled:
                    return

    async def _post(self, view: View) -> None:
        self._number += 1
        key, pause_s = f"{view.id}/{self._mark}{self._number}", _FIRST_PAUSE_S
        with anyio.move_on_after(_PATIENCE_S) as patience:
            while not await self._posted(view, key):
                await anyio.sleep(pause_s)
                pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
        if patience.cancelled_caught:
            log.error("status callback is lost: the database stayed away", capture=view.id)

    async def _posted(self, view: View, key: str) -> bool:
        """False when it is to be tried again."""
        try:
            await self._outbox.post(self._url, self._event, view.fields(), key=key)
        except StoreLost:
            return False
        except BadInput as why:
            log.error("status callback cannot be posted", capture=view.id, why=str(why))
        return True
