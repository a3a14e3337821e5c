"""New facts for many readers: one follower of the database, fanned out."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

import anyio
import structlog
from anyio import TASK_STATUS_IGNORED
from anyio.abc import TaskStatus
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream

from core.events import Recorded
from core.ids import CallId

log = structlog.get_logger(__name__)

_BEHIND = 1000  # facts that a reader may be late; then it is let go, and resumes where it was


class FactLog(Protocol):
    """Facts as they were kept, in the order of their numbers."""

    async def read(self, after: int = 0, call: CallId | None = None, limit: int = 1000) -> list[Recorded]:
        """Facts with a greater number, oldest first."""
        ...

    async def newest(self) -> int:
        """The number of the newest; 0 when there is none."""
        ...

    def follow(self, after: int | None = None) -> AsyncIterator[Recorded]:
        """The same, and then each new one as it is kept; None begins with the next new one."""
        ...


class Broadcast:
    """Any number of readers of one log. `run` belongs to the node's task group."""

    def __init__(self, facts: FactLog) -> None:
        self._facts = facts
        self._readers: set[MemoryObjectSendStream[Recorded]] = set()
        self._watchers: list[Callable[[Recorded], None]] = []

    async def run(self, *, task_status: TaskStatus[None] = TASK_STATUS_IGNORED) -> None:
        """Follow the log until cancelled."""
        task_status.started()
        async for recorded in self._facts.follow():
            for watcher in self._watchers:
                watcher(recorded)
            for reader in list(self._readers):
                self._hand(reader, recorded)

    def watch(self, watcher: Callable[[Recorded], None]) -> None:
        """Have each new fact handed to it at once; it must not wait, and not fail."""
        self._watchers.append(watcher)

    async def newest(self) -> int:
        """The number of the newest fact; 0 when there is none."""
        return await self._facts.newest()

    async def read_after(self, after: int, call: CallId | None, limit: int) -> list[Recorded]:
        """At most `limit` facts with a greater number, of one call or of all, oldest first."""
        return await self._facts.read(after, call, limit)

    async def read(self, call: CallId) -> list[Recorded]:
        """What was kept of one call."""
        return await self._facts.read(call=call)

    async def follow(self, after: int | None = None) -> AsyncGenerator[Recorded]:
        """Facts after a number, then each new one, once and in order; ends when the reader is too late."""
        with self._reader() as coming:
            last = after or 0
            while after is not None and (kept := await self._facts.read(last)):
                for recorded in kept:
                    yield recorded
                    last = recorded.seq
            async for recorded in coming:
                if recorded.seq > last:
                    yield recorded

    @contextmanager
    def _reader(self) -> Iterator[MemoryObjectReceiveStream[Recorded]]:
        put, take = anyio.create_memory_object_stream[Recorded](_BEHIND)
        self._readers.add(put)
        try:
            with take:
                yield take
        finally:
            self._drop(put)

    def _hand(self, reader: MemoryObjectSendStream[Recorded], recorded: Recorded) -> None:
        try:
            reader.send_nowait(recorded)
        except (anyio.WouldBlock, anyio.BrokenResourceError):
            log.info("reader let go, it was too late", behind=_BEHIND)
            self._drop(reader)

    def _drop(self, reader: MemoryObjectSendStream[Recorded]) -> None:
        self._readers.discard(reader)
        reader.close()
