"""Sounds that nobody hears, but that last as long as real ones."""

from collections.abc import Callable
from math import inf
from pathlib import Path

import anyio

from core.errors import CallGone

Seconds = Callable[[Path], float]


class FakePlayback:
    """Sounds played one after another; `starts_at` and `ends_at` are on anyio's clock."""

    def __init__(self, queue: "FakeQueue", sounds: tuple[Path, ...], length_s: float) -> None:
        self.sounds, self.length_s = sounds, length_s
        self.starts_at = self.ends_at = inf
        self.stopped = False
        self._queue = queue

    async def finished(self) -> bool:
        """Wait until it ends; True when it was heard whole, False when it was stopped."""
        while not self.stopped and anyio.current_time() < self.ends_at:
            self._queue.refuse_when_over()
            await self._queue.change(before=self.ends_at)
        return not self.stopped

    async def stop(self) -> None:
        """Silence it at once. Stopping what has ended already does nothing."""
        self._queue.drop(self)


class FakeQueue:
    """What one caller hears and will hear: playbacks wait for each other, as they do in Asterisk."""

    def __init__(self, seconds: Seconds) -> None:
        self.all: list[FakePlayback] = []
        self._seconds = seconds
        self._waiting: list[FakePlayback] = []
        self._changed = anyio.Event()
        self._over = False

    def add(self, sounds: tuple[Path, ...]) -> FakePlayback:
        """Play these when all earlier ones have ended."""
        playback = FakePlayback(self, sounds, sum(map(self._seconds, sounds)))
        self.all.append(playback)
        self._waiting.append(playback)
        self._schedule()
        return playback

    def drop(self, playback: FakePlayback) -> None:
        """Silence one; those behind it move up."""
        if playback in self._waiting and anyio.current_time() < playback.ends_at:
            playback.stopped, playback.ends_at = True, anyio.current_time()
            self._waiting.remove(playback)
            self._schedule()

    def offset_s(self, playback: FakePlayback, sound: Path) -> float:
        """How long after the playback's start that sound of it begins, in seconds."""
        return sum(map(self._seconds, playback.sounds[: playback.sounds.index(sound)]))

    def end(self) -> None:
        """The call is over: nothing is heard any more."""
        self._over = True
        self._tell()

    @property
    def quiet_at(self) -> float:
        """When the last sound that is known now will have ended."""
        return max((one.ends_at for one in self._waiting), default=-inf)

    async def change(self, before: float = inf) -> None:
        """Wait until something is added, stopped or over, or until the time `before`."""
        event = self._changed
        with anyio.move_on_after(before - anyio.current_time()):
            await event.wait()

    def refuse_when_over(self) -> None:
        """Raise CallGone once the call has ended."""
        if self._over:
            raise CallGone("the call ended while a sound was being played")

    def _schedule(self) -> None:
        now = anyio.current_time()
        self._waiting = [one for one in self._waiting if one.ends_at > now]
        free_at = now
        for one in self._waiting:
            if one.starts_at > now:
                one.starts_at, one.ends_at = free_at, free_at + one.length_s
            free_at = one.ends_at
        self._tell()

    def _tell(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()
