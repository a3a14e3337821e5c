"""Speech kept as it was rendered, so that each text is spoken once, by the first voice that can."""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

import anyio
import anyio.to_thread
import structlog

from core.audio import Audio
from core.errors import OutOfReach, VoiceLost
from core.pool import Pool, Urgency
from tts.recordings import Recorded, Recordings
from tts.shelf import MADE, Shelf
from tts.sounds import Sound
from tts.voice import Speech, Voice

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

_HASH_CHARS: Final = 32

Make = Callable[[], Awaitable[list[Audio]]]


@dataclass(slots=True)
class _Turn:
    lock: anyio.Lock = field(default_factory=anyio.Lock)
    waiting: int = 0


class SoundCache:
    """What was recorded is played from its recording; the rest is said by the first of the `voices` that can.

    The sounds lie in `folder`, at most `max_bytes` of them (see Shelf, also for `spare`). Rendering takes a
    place of the `pool`, what a caller waits for before what is only warmed; who asks for one that is being
    rendered waits for it. A sound's name is a hash of all that it is made of.
    """

    def __init__(
        self,
        voices: Sequence[Voice],
        folder: Path,
        *,
        recordings: Recordings | None = None,
        pool: Pool | None = None,
        max_bytes: int = 256 << 20,
        spare: Path | None = None,
    ) -> None:
        self._voices = tuple(voices)
        self._recordings = recordings or Recordings.none()
        self._pool = pool or Pool(2)
        self._shelf = Shelf(folder, max_bytes, spare)
        self._turns: dict[str, _Turn] = {}

    @property
    def bytes_kept(self) -> int:
        """How much the sounds take on disk."""
        return self._shelf.bytes_kept

    def at_hand(self, speech: Speech) -> Sound | None:
        """The file of a speech that was rendered before, in the voice that would say it."""
        if (recorded := self._recordings.of(speech)) is not None:
            return self._shelf.get(_name_of(recorded))
        voice = next((one for one in self._voices if one.speaks(speech.language)), None)
        return self._shelf.get(_name_by(voice, speech)) if voice is not None else None

    async def sound(self, speech: Speech) -> Sound:
        """The file of a speech, rendered if it is new. Raises VoiceLost when no voice can say it."""
        return await self._sound(speech, Urgency.ANSWER)

    async def warm(self, speeches: Iterable[Speech]) -> None:
        """Render those that are new, so that the first caller does not wait. Raises VoiceLost."""
        todo = iter(speeches)

        async def work() -> None:
            for speech in todo:
                await self._sound(speech, Urgency.WARM)

        async with anyio.create_task_group() as group:
            for _ in range(self._pool.places):
                group.start_soon(work)

    async def _sound(self, speech: Speech, urgency: Urgency) -> Sound:
        if (recorded := self._recordings.of(speech)) is not None:
            read = partial(anyio.to_thread.run_sync, recorded.read)
            return await self._once(_name_of(recorded), urgency, read)
        lost: VoiceLost | None = None
        for voice in (one for one in self._voices if one.speaks(speech.language)):
            try:
                return await self._said(voice, speech, urgency)
            except VoiceLost as why:
                log.warning("a voice is lost, and another one is looked for", voice=voice.name, why=str(why))
                lost = why
        raise lost or VoiceLost(f"no voice speaks {speech.language!r}")

    async def _said(self, voice: Voice, speech: Speech, urgency: Urgency) -> Sound:
        async def said() -> list[Audio]:
            return [piece async for piece in voice.speak(speech)]

        return await self._once(_name_by(voice, speech), urgency, said)

    async def _once(self, name: str, urgency: Urgency, make: Make) -> Sound:
        if (sound := self._shelf.get(name)) is not None:
            return sound
        async with self._turn(name):
            sound = self._shelf.get(name)
            if sound is None:
                async with self._place(urgency):
                    sound = await self._shelf.put(name, await make())
        return sound

    @asynccontextmanager
    async def _place(self, urgency: Urgency) -> AsyncIterator[None]:
        try:
            async with self._pool.place(urgency):
                yield
        except VoiceLost:
            raise
        except OutOfReach as full:
            raise VoiceLost(str(full)) from full

    @asynccontextmanager
    async def _turn(self, name: str) -> AsyncIterator[None]:
        turn = self._turns.setdefault(name, _Turn())
        turn.waiting += 1
        try:
            async with turn.lock:
                yield
        finally:
            turn.waiting -= 1
            if not turn.waiting:
                del self._turns[name]


def _name_of(recorded: Recorded) -> str:
    return _hash("recorded", recorded.digest)


def _name_by(voice: Voice, speech: Speech) -> str:
    return _hash(voice.name, speech.language, speech.text)


def _hash(*made_of: str) -> str:
    text = "\0".join((*made_of, MADE))
    return hashlib.sha256(text.encode()).hexdigest()[:_HASH_CHARS]
