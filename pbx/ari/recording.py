"""A recording of both parties, by a channel that listens to the call wherever it goes."""

from pathlib import Path

import anyio

from core.errors import CallGone, Refused
from pbx.ari.leg import Leg
from pbx.ari.rest import Rejected, Rest

_STOP_S = 5.0


class AriRecording:
    """`listener` is the snoop channel that hears both parties; the file is Asterisk's, in its own folder."""

    def __init__(self, rest: Rest, listener: Leg, name: str, path: Path) -> None:
        self.name = name
        self._rest, self._listener, self._path = rest, listener, path
        self.started, self._finished = anyio.Event(), anyio.Event()
        self._paused = self._deaf = self._silent = self._failed = False

    async def pause(self) -> None:
        """Write nothing from now on."""
        self._paused = True
        await self._follow()

    async def resume(self) -> None:
        """Write again."""
        self._paused = False
        await self._follow()

    async def stop(self) -> Path:
        """End it; the file it was written to. It may be stopped after the call's end, too.

        Raises Refused when Asterisk could not write it.
        """
        if not self._finished.is_set():
            await self._ask("POST", "stop")
            with anyio.move_on_after(_STOP_S):
                await self._finished.wait()
        await self._dismiss()
        if self._failed:
            raise Refused(f"Asterisk could not write the recording {self._path}")
        return self._path

    async def deafen(self, *, deaf: bool) -> None:
        """Follow the call in and out of card entry."""
        self._deaf = deaf
        await self._follow()

    def finish(self, *, failed: bool) -> None:
        """Asterisk says that it ended."""
        self._failed = failed
        self.started.set()
        self._finished.set()

    async def _follow(self) -> None:
        silent = self._paused or self._deaf
        if silent != self._silent and not self._finished.is_set():
            self._silent = silent
            await self._ask("POST" if silent else "DELETE", "pause")

    async def _ask(self, method: str, what: str) -> None:
        try:
            await self._rest.ask(method, "recordings", "live", self.name, what)
        except Rejected:
            if not self._finished.is_set() and not self._listener.ending:
                raise

    async def _dismiss(self) -> None:
        try:
            await self._rest.ask("DELETE", "channels", self._listener.channel)
        except CallGone:
            return
