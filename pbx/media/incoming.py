"""Frames as they come from the wire, and silence where none come: a telephone need not send any."""

from collections import deque
from typing import Final

import anyio

from core.audio import FRAME_MS, Audio, silence

_FRAME_S: Final = FRAME_MS / 1000
_LATE_S: Final = 0.1  # frames that are not there by then are silence: muted, or held back while nobody speaks


class Incoming:
    """Frames of 20 ms, in order. At most `kept` wait to be fetched; then the oldest is dropped."""

    def __init__(self, rate_hz: int, kept: int) -> None:
        self._rate_hz = rate_hz
        self._frames: deque[Audio] = deque(maxlen=kept)
        self._came = anyio.Event()
        self._silent = 0

    @property
    def silent_s(self) -> float:
        """For how long nothing has come but what we made up."""
        return self._silent * _FRAME_S

    def append(self, frame: Audio) -> None:
        """One more from the wire."""
        self._frames.append(frame)
        self._came.set()

    async def popleft(self) -> Audio:
        """The next one; silence, at its pace, where none comes in time."""
        if not self._frames:
            self._came = anyio.Event()
            with anyio.move_on_after(_FRAME_S if self._silent else _LATE_S):
                await self._came.wait()
        if self._frames:
            self._silent = 0
            return self._frames.popleft()
        self._silent += 1
        return silence(_FRAME_S, self._rate_hz)
