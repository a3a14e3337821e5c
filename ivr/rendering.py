"""A prompt on its way into sound: the first sentences can be played while the next are rendered."""

from collections.abc import Sequence

import anyio

from core.errors import VoiceLost
from tts.sounds import Sound, Sounds
from tts.voice import Speech


class Rendering:
    """The pieces of one prompt; `run` renders them in order."""

    def __init__(self, sounds: Sounds, pieces: Sequence[Speech]) -> None:
        self._sounds, self._pieces = sounds, pieces
        self._ready: list[Sound] = []
        self._changed = anyio.Event()
        self._over = False
        self._lost: VoiceLost | None = None

    async def run(self) -> None:
        """Until all is rendered, or the voice is lost, which `next` tells."""
        try:
            for piece in self._pieces:
                self._ready.append(await self._sounds.sound(piece))
                self._changed.set()
        except VoiceLost as lost:
            self._lost = lost
        self._over = True
        self._changed.set()

    async def next(self) -> list[Sound]:
        """All that is ready and was not given yet, at least one; none after the last. Raises VoiceLost."""
        while not self._ready:
            if self._lost is not None:
                raise self._lost
            if self._over:
                return []
            self._changed = anyio.Event()
            await self._changed.wait()
        ready, self._ready = self._ready, []
        return ready
