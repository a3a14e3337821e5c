"""An event loop whose clock jumps: when nothing is ready, it is at once the time of the next timer."""

import asyncio
import selectors
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NoReturn

import anyio


class DeadlockError(AssertionError):
    """Nothing is ready, no timer is set, and somebody still waits: it would be for ever."""


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """Hours pass in milliseconds, always the same way. It is not for threads, sockets or programs."""

    def __init__(self) -> None:
        self.virtual_s = 0.0
        super().__init__(_JumpingSelector(self))

    def time(self) -> float:
        """Seconds since the loop was made."""
        return self.virtual_s


@dataclass(frozen=True, slots=True)
class LoopClock:
    """The time of day (core.clock.Clock) that goes with the loop's: it is `began` when the loop begins."""

    began: datetime

    def now(self) -> datetime:
        """The time of day, in the zone of `began`."""
        return self.began + timedelta(seconds=anyio.current_time())


class _JumpingSelector(selectors.SelectSelector):
    def __init__(self, loop: VirtualTimeLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            self._stuck()
        self._loop.virtual_s += max(timeout, 0.0)
        return []

    def _stuck(self) -> NoReturn:
        waiting = "\n".join(repr(task) for task in asyncio.all_tasks(self._loop))
        raise DeadlockError(f"everybody waits for somebody else at {self._loop.virtual_s:.3f} s:\n{waiting}")
