"""Callers' requests in memory: for tests, simulations, and a line without a database."""

from dataclasses import replace

from core.clock import Clock
from core.errors import BadInput, StoreLost
from ivr.requests import Request, Wish


class MemoryRequests:
    """Numbered from 1. `lost` makes it fail."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: list[Request] = []
        self.lost = False

    async def add(self, wish: Wish) -> Request:
        """Write it down."""
        self._refuse()
        request = Request(len(self._kept) + 1, wish, self._clock.now())
        self._kept.append(request)
        return request

    async def all(self, limit: int = 50, *, waiting: bool = False) -> list[Request]:
        """The newest first."""
        self._refuse()
        found = [one for one in reversed(self._kept) if not waiting or one.done_at is None]
        return found[:limit]

    async def done(self, number: int) -> None:
        """A person has seen to it."""
        self._refuse()
        if not 1 <= number <= len(self._kept):
            raise BadInput(f"there is no request {number}")
        request = self._kept[number - 1]
        if request.done_at is None:
            self._kept[number - 1] = replace(request, done_at=self._clock.now())

    def _refuse(self) -> None:
        if self.lost:
            raise StoreLost("the store in memory was told to be lost")
