"""A recording that writes nothing, and remembers when it would have written."""

from pathlib import Path

import anyio


class FakeRecording:
    """`spans` lists (from, to) on anyio's clock: the stretches that a real one would have written."""

    def __init__(self, path: Path, *, paused: bool) -> None:
        self.path = path
        self.spans: list[tuple[float, float]] = []
        self.stopped = False
        self._paused, self._deaf = False, paused
        self._since = None if paused else anyio.current_time()

    @property
    def running(self) -> bool:
        """Whether it writes at this moment."""
        return self._since is not None

    async def pause(self) -> None:
        """Write nothing from now on."""
        self._paused = True
        self._follow()

    async def resume(self) -> None:
        """Write again."""
        self._paused = False
        self._follow()

    async def stop(self) -> Path:
        """End it; the file that a real one would have written."""
        self.stopped = True
        self._follow()
        return self.path

    def deafen(self, deaf: bool) -> None:
        """Follow the call in and out of card entry."""
        self._deaf = deaf
        self._follow()

    def _follow(self) -> None:
        writes = not (self._paused or self._deaf or self.stopped)
        now = anyio.current_time()
        if writes and self._since is None:
            self._since = now
        elif not writes and self._since is not None:
            self.spans.append((self._since, now))
            self._since = None
