"""Speech kept on disk as it was rendered, so that each text is spoken by the voice once."""

import hashlib
import os
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import anyio
import anyio.to_thread

from core.audio import SAMPLE_BYTES, Audio
from core.errors import OutOfReach, VoiceLost
from core.pool import Pool, Urgency
from tts.signal import Samples, levelled, linear, resampled, samples, ulaw
from tts.sounds import Sound
from tts.voice import Speech, Voice

LOUDNESS_DB = -20.0
_WIDE_HZ, _NARROW_HZ = 16_000, 8_000
_FORMATS = (".ulaw", ".sln16")  # .sln16 is written last: where it lies, the sound is whole
_HASH_CHARS = 32


@dataclass(slots=True)
class _Turn:
    lock: anyio.Lock = field(default_factory=anyio.Lock)
    waiting: int = 0


class SoundCache:
    """Speech as files `<hash>.ulaw` (8 kHz) and `<hash>.sln16` (16 kHz) in `folder`.

    It holds at most `max_bytes`: the least recently used sounds go. Rendering takes a place of the `pool`,
    what a caller waits for before what is only warmed; who asks for one that is being rendered waits for it.
    """

    def __init__(
        self, voice: Voice, folder: Path, *, pool: Pool | None = None, max_bytes: int = 256 << 20
    ) -> None:
        self._voice = voice
        self._folder = folder
        self._max_bytes = max_bytes
        self._pool = pool or Pool(2)
        self._turns: dict[str, _Turn] = {}
        self._kept = _found(folder)
        self._bytes = sum(self._kept.values())

    @property
    def bytes_kept(self) -> int:
        """How much the sounds take on disk."""
        return self._bytes

    async def sound(self, speech: Speech) -> Sound:
        """The file of a speech, rendered if it is new. Raises VoiceLost when the voice fails."""
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
        name = self._hash(speech)
        if not self._touch(name):
            async with self._turn(name):
                if not self._touch(name):
                    await self._render(name, speech, urgency)
        return Sound(self._folder / name, _seconds(self._kept[name]))

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

    async def _render(self, name: str, speech: Speech, urgency: Urgency) -> None:
        async with self._place(urgency):
            pieces = [piece async for piece in self._voice.speak(speech)]
            size = await anyio.to_thread.run_sync(_write, pieces, self._folder, name)
        self._kept[name] = size
        self._bytes += size
        self._forget_oldest(keep=name)

    def _hash(self, speech: Speech) -> str:
        text = "\0".join((self._voice.name, speech.language, speech.text, str(LOUDNESS_DB)))
        return hashlib.sha256(text.encode()).hexdigest()[:_HASH_CHARS]

    def _touch(self, name: str) -> bool:
        """Whether the sound lies there; if so, it is now the one used last."""
        if name not in self._kept:
            return False
        try:
            os.utime(self._folder / f"{name}.sln16")
        except FileNotFoundError:  # somebody cleaned up behind our back
            self._bytes -= self._kept.pop(name)
            return False
        self._kept.move_to_end(name)
        return True

    def _forget_oldest(self, keep: str) -> None:
        while self._bytes > self._max_bytes and next(iter(self._kept)) != keep:
            name, size = self._kept.popitem(last=False)
            self._bytes -= size
            for ending in reversed(_FORMATS):
                (self._folder / f"{name}{ending}").unlink(missing_ok=True)


def _found(folder: Path) -> OrderedDict[str, int]:
    """Sounds of an earlier run with their sizes, the least recently used first; half-written ones go."""
    folder.mkdir(parents=True, exist_ok=True)
    for leftover in folder.glob("*.part"):
        leftover.unlink(missing_ok=True)
    whole = sorted(folder.glob("*.sln16"), key=lambda file: file.stat().st_mtime)
    return OrderedDict((file.stem, _size(file)) for file in whole if file.with_suffix(".ulaw").exists())


def _size(wide: Path) -> int:
    return wide.stat().st_size + wide.with_suffix(".ulaw").stat().st_size


def _seconds(size: int) -> float:
    return size / (_WIDE_HZ * SAMPLE_BYTES + _NARROW_HZ)


def _write(pieces: list[Audio], folder: Path, name: str) -> int:
    """Encode the pieces and put both files in place, each at once; their size together."""
    wide, narrow = _telephone(pieces)
    encoded = dict(zip(_FORMATS, (ulaw(narrow), linear(wide)), strict=True))
    for ending, data in encoded.items():
        part = folder / f"{name}{ending}.{os.getpid()}.part"
        part.write_bytes(data)
        part.replace(folder / f"{name}{ending}")
    return sum(map(len, encoded.values()))


def _telephone(pieces: list[Audio]) -> tuple[Samples, Samples]:
    rates = {piece.rate_hz for piece in pieces}
    if len(rates) != 1:
        raise VoiceLost(f"the voice gave no sound, or not all at one rate: {sorted(rates)}")
    (rate_hz,) = rates
    sound = samples(Audio(b"".join(piece.pcm for piece in pieces), rate_hz))
    loud = levelled(sound, rate_hz, LOUDNESS_DB)
    narrow = resampled(loud, rate_hz, _NARROW_HZ)
    return resampled(loud, rate_hz, _WIDE_HZ)[: 2 * len(narrow)], narrow
