"""The sound of a fake call: frames in both directions, paced by anyio's clock."""

from collections import deque

import anyio

from core.audio import FRAME_MS, Audio, silence
from core.errors import CallGone
from core.ids import CallId

RATE_HZ = 16_000
_FRAME_S = FRAME_MS / 1000
_AHEAD_S = 18.0  # as much as Asterisk takes before it asks to wait: 900 frames


class FakeMedia:
    """What the caller says comes in 20 ms frames, with silence where they say nothing.

    All that is sent, flushed or not, is appended to `played`.
    """

    rate_hz = RATE_HZ

    def __init__(self, call: CallId, played: list[Audio]) -> None:
        self.played = played
        self.flushed = 0
        self._call = call
        self._spoken: deque[Audio] = deque(maxlen=250)
        self._next_at = anyio.current_time() + _FRAME_S
        self._quiet_at = anyio.current_time()
        self._changed = anyio.Event()
        self._closed = False

    async def receive(self) -> Audio:
        """The next 20 ms from the caller."""
        await anyio.sleep_until(self._next_at)
        self._refuse_when_closed()
        self._next_at = max(self._next_at + _FRAME_S, anyio.current_time() - 5)
        return self._spoken.popleft() if self._spoken else silence(_FRAME_S, RATE_HZ)

    async def send(self, audio: Audio) -> None:
        """Queue sound for the caller; waits while more than 18 s are queued."""
        while self._quiet_at - anyio.current_time() > _AHEAD_S:
            await self._wait(until=self._quiet_at - _AHEAD_S)
        await anyio.lowlevel.checkpoint()
        self._refuse_when_closed()
        self.played.append(audio)
        self._quiet_at = max(self._quiet_at, anyio.current_time()) + audio.seconds

    async def flush(self) -> None:
        """Silence what is queued, at once."""
        await anyio.lowlevel.checkpoint()
        self._refuse_when_closed()
        self.flushed += 1
        self._quiet_at = anyio.current_time()
        self._tell()

    async def drained(self) -> None:
        """Wait until all that was sent has been played (or flushed)."""
        self._refuse_when_closed()
        while anyio.current_time() < self._quiet_at:
            await self._wait(until=self._quiet_at)

    def spoken(self, frame: Audio) -> None:
        """The caller says this; the oldest frame is dropped when nobody fetches them."""
        self._spoken.append(frame)

    def close(self) -> None:
        """The call ended, or its sound was closed."""
        self._closed = True
        self._tell()

    async def _wait(self, until: float) -> None:
        changed = self._changed
        with anyio.move_on_after(until - anyio.current_time()):
            await changed.wait()
        self._refuse_when_closed()

    def _tell(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()

    def _refuse_when_closed(self) -> None:
        if self._closed:
            raise CallGone(f"the sound of call {self._call} is closed")
