"""What goes into the recognizer's process and what comes out of it, and whether it still answers."""

from collections.abc import Awaitable, Callable
from typing import Final

import anyio

from core.child import Child, Head
from core.errors import OutOfReach

_WAITING: Final = 4096  # messages on their way in; beyond that sound is dropped
_SILENT_S: Final = 5.0


class Pipe:
    """One life of the process."""

    def __init__(self, child: Child) -> None:
        self._child = child
        self._put, self._waiting = anyio.create_memory_object_stream[tuple[Head, bytes]](_WAITING)
        self._asked = self._answered = 0
        self._heard_at = anyio.current_time()
        self._why: OutOfReach | None = None

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._child.pid

    def put(self, head: Head, body: bytes = b"") -> bool:
        """Send it without waiting; whether there was room for it."""
        try:
            self._put.send_nowait((head, body))
        except (anyio.WouldBlock, anyio.BrokenResourceError, anyio.ClosedResourceError):
            return False
        self._asked += head["do"] in {"audio", "finish"}
        return True

    async def run(self, take: Callable[[Head], None]) -> None:
        """Carry messages both ways until the process is gone or silent; then raises OutOfReach."""
        async with self._put, self._waiting, anyio.create_task_group() as tasks:
            for work in (self._write, self._watch):
                tasks.start_soon(self._until_lost, work, tasks.cancel_scope)
            await self._until_lost(lambda: self._read(take), tasks.cancel_scope)
        if self._why is not None:
            raise self._why

    async def _until_lost(self, work: Callable[[], Awaitable[None]], scope: anyio.CancelScope) -> None:
        try:
            await work()
        except OutOfReach as why:
            self._why = why
            scope.cancel()

    async def _write(self) -> None:
        async for head, body in self._waiting:
            await self._child.send(head, body)

    async def _read(self, take: Callable[[Head], None]) -> None:
        while True:
            head, _ = await self._child.receive()
            self._answered, self._heard_at = self._answered + 1, anyio.current_time()
            take(head)

    async def _watch(self) -> None:
        """Each piece of sound is answered: a process that leaves some unanswered, and says nothing, hangs."""
        while True:
            if self._answered == self._asked:
                self._heard_at = anyio.current_time()
            await anyio.sleep(_SILENT_S / 5)
            if self._answered < self._asked and anyio.current_time() - self._heard_at > _SILENT_S:
                raise OutOfReach(f"process {self._child.pid} has not answered for {_SILENT_S:g} s")
