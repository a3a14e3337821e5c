"""Work that many ask for at the same time is done once for all who asked before it began."""

from collections.abc import Awaitable, Callable

from core.turns import Turns


class Together:
    """Whoever asks while the work goes on shares the next turn with all who wait; turns never overlap."""

    def __init__(self, work: Callable[[], Awaitable[None]]) -> None:
        self._work = work
        self._turns = Turns(self._work_now)
        self._asked = self._served = 0

    async def do(self) -> None:
        """Return when the work was done from its beginning to its end since now; raises what it raises."""
        self._asked += 1
        mine = self._asked
        while self._served < mine:
            await self._turns.take()

    async def _work_now(self) -> None:
        upto = self._asked
        await self._work()
        self._served = upto
