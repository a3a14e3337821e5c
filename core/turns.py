"""One does the work while all others wait for its end: whoever waits never holds it up."""

from collections.abc import Awaitable, Callable

import anyio


class Turns:
    """Turns at the same work, one at a time; `work` must come to an end by itself.

    A turn goes on when whoever took it is cancelled. Otherwise those who waited longest would begin the next
    ones, each with less time left than the work needs, and a crowd would never get through.
    """

    def __init__(self, work: Callable[[], Awaitable[None]]) -> None:
        self._work = work
        self._over: anyio.Event | None = None

    async def take(self) -> None:
        """Do the work, and raise what it raises; or wait for the end of a turn that is under way."""
        if self._over is not None:
            await self._over.wait()
            return
        self._over = over = anyio.Event()
        try:
            with anyio.CancelScope(shield=True):
                await self._work()
        finally:
            self._over = None
            over.set()
