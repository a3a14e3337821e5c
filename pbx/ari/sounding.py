"""Playing to a channel and opening its sound: one waits for the other."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio

from pbx.ari.leg import Leg

_LONGEST_S = 60.0
_POLL_S = 0.02


class Sounding:
    """A channel cannot enter its bridge while Asterisk plays to it, and while it waits for that nothing stops
    the playing.
    """

    def __init__(self, leg: Leg) -> None:
        self._leg, self._lock = leg, anyio.Lock()

    @asynccontextmanager
    async def beginning_to_play(self) -> AsyncIterator[None]:
        """While Asterisk is asked to play."""
        async with self._lock:
            yield

    @asynccontextmanager
    async def opening(self) -> AsyncIterator[None]:
        """While the sound is being opened, once nothing plays any more."""
        async with self._lock:
            with anyio.move_on_after(_LONGEST_S):
                while self._leg.playing and self._leg.how is None:  # noqa: ASYNC110 - its end is told to nobody
                    await anyio.sleep(_POLL_S)
            yield
