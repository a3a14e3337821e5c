"""Places for work that takes a processor: few at once, the most urgent first, and no endless queue."""

import heapq
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import IntEnum
from itertools import count

import anyio

from core.errors import OutOfReach


class Urgency(IntEnum):
    """Who goes first."""

    ANSWER = 0  # a caller waits for it
    SECOND = 1  # it would be better to have it
    WARM = 2  # somebody may want it later


class Pool:
    """At most `places` pieces of work at once; at most `waiting` more wait for a place."""

    def __init__(self, places: int, *, waiting: int = 256) -> None:
        self.places = places
        self._free = places
        self._most = waiting
        self._queue: list[tuple[int, int, anyio.Event]] = []
        self._numbers = count()

    @property
    def free(self) -> bool:
        """Whether there is a place at once."""
        return self._free > 0

    @asynccontextmanager
    async def place(self, urgency: Urgency) -> AsyncIterator[None]:
        """Wait for a place, and have it for as long as the `async with` lasts.

        Raises OutOfReach when too many wait already.
        """
        if self._free:
            self._free -= 1
        else:
            await self._wait(urgency)
        try:
            yield
        finally:
            self._leave()

    async def _wait(self, urgency: Urgency) -> None:
        if len(self._queue) >= self._most:
            raise OutOfReach(f"{self._most} pieces of work wait for a processor already")
        mine = (urgency, next(self._numbers), anyio.Event())
        heapq.heappush(self._queue, mine)
        try:
            await mine[2].wait()
        except BaseException:
            if mine[2].is_set():
                self._leave()  # the place was ours already
            else:
                self._queue.remove(mine)
                heapq.heapify(self._queue)
            raise

    def _leave(self) -> None:
        if self._queue:
            heapq.heappop(self._queue)[2].set()
        else:
            self._free += 1
