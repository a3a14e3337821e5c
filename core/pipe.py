"""What goes into a child process and what comes out of it, and whether it still answers."""

from collections.abc import Awaitable, Callable
from itertools import count
from typing import Final

import anyio

from core.child import Child, Head
from core.errors import OutOfReach

_WAITING: Final = 4096  # messages on their way in; beyond that they are dropped
_LOOKS: Final = 5  # in the time that a process may be silent

Take = Callable[[Head, bytes], None]


class Pipe:
    """One life of the process. It hangs when it leaves something unanswered and is silent for `silent_s`."""

    def __init__(self, child: Child, *, silent_s: float) -> None:
        self._child, self._silent_s = child, silent_s
        self._put, self._waiting = anyio.create_memory_object_stream[tuple[Head, bytes]](_WAITING)
        self._numbers = count(1)
        self._unanswered: dict[int, float] = {}  # when each was put, the oldest first
        self._heard_at = anyio.current_time()
        self._why: OutOfReach | None = None
        self.answered_s = 0.0  # how long the message that was answered last had waited

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._child.pid

    @property
    def lag_s(self) -> float:
        """For how long the oldest message without an answer has waited for it."""
        oldest = next(iter(self._unanswered.values()), None)
        return 0.0 if oldest is None else anyio.current_time() - oldest

    def put(self, head: Head, body: bytes = b"", *, answered: bool = False) -> bool:
        """Send it without waiting; whether there was room for it.

        What is to be `answered` carries a number as `n`, and the answer to it carries the same.
        """
        number = next(self._numbers) if answered else 0
        try:
            self._put.send_nowait((head | {"n": number}, body))
        except (anyio.WouldBlock, anyio.BrokenResourceError, anyio.ClosedResourceError):
            return False
        if answered:
            self._unanswered[number] = anyio.current_time()
        return True

    async def run(self, take: Take) -> None:
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

    async def _read(self, take: Take) -> None:
        while True:
            head, body = await self._child.receive()
            self._heard_at = anyio.current_time()
            if (put_at := self._unanswered.pop(head.get("n", 0), None)) is not None:
                self.answered_s = self._heard_at - put_at
            take(head, body)

    async def _watch(self) -> None:
        while True:
            await anyio.sleep(self._silent_s / _LOOKS)
            silent_s = min(self.lag_s, anyio.current_time() - self._heard_at)
            if silent_s > self._silent_s:
                raise OutOfReach(f"process {self._child.pid} has not answered for {self._silent_s:g} s")
