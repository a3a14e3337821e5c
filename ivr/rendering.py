"""A prompt on its way into sound: what is at hand is played while the rest is rendered."""

from collections import deque
from collections.abc import Iterable

import anyio

from core.errors import VoiceLost
from tts.sounds import Sound, Sounds
from tts.voice import Speech


class Rendering:
    """The pieces of one prompt, in order; unless it is `whole` from the beginning, `run` renders the rest."""

    def __init__(self, sounds: Sounds, pieces: Iterable[Speech]) -> None:
        self._sounds, self._pieces = sounds, deque(pieces)
        self._ready: list[Sound] = []
        while self._pieces and (sound := sounds.at_hand(self._pieces[0])) is not None:
            self._ready.append(sound)
            self._pieces.popleft()
        self._changed = anyio.Event()
        self._over = self.whole = not self._pieces
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
