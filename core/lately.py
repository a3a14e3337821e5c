"""A look that many ask for at the same time is made once, and holds for a moment."""

from collections.abc import Awaitable, Callable

import anyio

from core.turns import Turns


class Lately:
    """Looks when it did not within the last `holds_s` seconds; what fails is looked at again by the next."""

    def __init__(self, look: Callable[[], Awaitable[None]], holds_s: float = 1.0) -> None:
        self._look, self._holds_s = look, holds_s
        self._good_until_s = 0.0
        self._turns = Turns(self._look_now)

    async def look(self) -> None:
        """Return when all was well at most `holds_s` seconds ago; raises what the look raises."""
        while anyio.current_time() >= self._good_until_s:
            await self._turns.take()

    async def _look_now(self) -> None:
        await self._look()
        self._good_until_s = anyio.current_time() + self._holds_s
