"""Calls written down behind the calls' back: a store that is away makes no caller wait."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

import anyio
import structlog
from anyio import TASK_STATUS_IGNORED
from anyio.abc import TaskStatus

from core.errors import StoreLost
from core.ids import CallId
from ivr.sessions import Session, Sessions

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

Write = Callable[[], Awaitable[None]]

_WAITING: Final = 10_000  # writes: an hour of a store's absence at more than two calls a second
_FIRST_PAUSE_S: Final = 0.5
_LONGEST_PAUSE_S: Final = 10.0
_LAST_S: Final = 3.0  # for what is left when the process stops


class Record:
    """Writes the start and the end of calls in order, in the node's task group.

    While the store is away it tries again, for `patience_s` seconds a write; then that write is given up,
    and the log says so. More than 10,000 writes are not kept waiting.
    """

    def __init__(self, sessions: Sessions, patience_s: float = 3600.0) -> None:
        self._sessions = sessions
        self._patience_s = patience_s
        self._put, self._take = anyio.create_memory_object_stream[tuple[CallId, Write]](_WAITING)
        self._scope = anyio.CancelScope(shield=True)
        self._unwritten = 0
        self._empty = anyio.Event()
        self._empty.set()

    async def run(self, *, task_status: TaskStatus[None] = TASK_STATUS_IGNORED) -> None:
        """Write until `close`; cancelling it does nothing, as calls that are cancelled still have an end."""
        with self._scope, self._take:
            task_status.started()
            async for call, write in self._take:
                await self._written(call, write)
        if self._unwritten:
            log.error("records of calls are lost: the database stayed away", writes=self._unwritten)

    def close(self) -> None:
        """No call is left: `run` ends when all is written, or in 3 seconds."""
        self._put.close()
        self._scope.deadline = anyio.current_time() + _LAST_S

    def started(self, session: Session) -> None:
        """A call began; returns at once."""
        self._later(session.id, lambda: self._sessions.start(session))

    def ended(self, call: CallId, at: datetime, outcome: str, cause: str) -> None:
        """A call ended; returns at once."""
        self._later(call, lambda: self._sessions.end(call, at, outcome, cause))

    async def up_to_date(self) -> None:
        """Wait until all is written."""
        await self._empty.wait()

    def _later(self, call: CallId, write: Write) -> None:
        try:
            self._put.send_nowait((call, write))
        except (anyio.WouldBlock, anyio.ClosedResourceError, anyio.BrokenResourceError):
            log.error("a call's record is lost: too many wait, or the line has stopped", call=call)
            return
        self._unwritten += 1
        if self._empty.is_set():
            self._empty = anyio.Event()

    async def _written(self, call: CallId, write: Write) -> None:
        pause_s = _FIRST_PAUSE_S
        with anyio.move_on_after(self._patience_s) as patience:
            while not await self._tried(call, write):
                await anyio.sleep(pause_s)
                pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
        if patience.cancelled_caught:
            log.error("a call's record is lost: the database stayed away", call=call)
        self._done()

    async def _tried(self, call: CallId, write: Write) -> bool:
        """Whether there is no use in trying again."""
        try:
            await write()
        except StoreLost as lost:
            log.warning("a call's record waits for the database", call=call, why=str(lost))
            return False
        except Exception:
            log.exception("a call's record could not be written", call=call)
        return True

    def _done(self) -> None:
        self._unwritten -= 1
        if not self._unwritten:
            self._empty.set()
