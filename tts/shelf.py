"""Where rendered sounds lie: on disk up to a limit, and beside it while the disk is full."""

import math
import os
import shutil
from collections import OrderedDict
from pathlib import Path
from typing import Final

import anyio.to_thread
import structlog

from core.audio import SAMPLE_BYTES, Audio
from core.errors import VoiceLost
from tts.signal import Samples, begun, levelled, linear, resampled, samples, ulaw
from tts.sounds import Sound

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

LOUDNESS_DB: Final = -20.0
MADE: Final = f"{LOUDNESS_DB} dB, begun"  # what is done to sounds: those made otherwise are made anew
_WIDE_HZ, _NARROW_HZ = 16_000, 8_000
_FORMATS: Final = (".ulaw", ".sln16")  # .sln16 is written last: where it lies, the sound is whole
_MOST_SPARE_BYTES: Final = 16 << 20
_TOUCHED_S: Final = 60.0
_IN_USE_S: Final = (
    60.0  # longer than any prompt: what was asked for since may still be on its way to a caller
)


class Shelf:
    """Sounds as files `<name>.ulaw` (8 kHz) and `<name>.sln16` (16 kHz) in `folder`.

    It holds at most `max_bytes`: the least recently used sounds go. When the disk is full, half of them go,
    but for those of the last minute; when that does not help, new ones are put into the `spare` folder (in
    memory), 16 MB at most.
    """

    def __init__(self, folder: Path, max_bytes: int, spare: Path | None = None) -> None:
        self._folder, self._max_bytes, self._spare = folder, max_bytes, spare
        self._kept = _found(folder)
        self._bytes = sum(self._kept.values())
        self._used_s: dict[str, float] = {}
        self._touched_s: dict[str, float] = {}
        self._spared: OrderedDict[str, int] = OrderedDict()
        if spare is not None:
            shutil.rmtree(spare, ignore_errors=True)  # of an earlier run

    @property
    def bytes_kept(self) -> int:
        """How much the sounds take on disk."""
        return self._bytes

    def get(self, name: str) -> Sound | None:
        """The sound, which is now the one used last; None when it is not here."""
        if name in self._spared and self._spare is not None:
            return Sound(self._spare / name, _seconds(self._spared[name]))
        if name not in self._kept:
            return None
        now_s = anyio.current_time()
        try:
            self._touch(name, now_s)
        except FileNotFoundError:  # somebody cleaned up behind our back
            self._bytes -= self._kept.pop(name)
            return None
        self._kept.move_to_end(name)
        self._used_s[name] = now_s
        return Sound(self._folder / name, _seconds(self._kept[name]))

    def _touch(self, name: str, now_s: float) -> None:
        """Note on disk that it is used, once a minute: each time waits for the disk's own records."""
        file = f"{self._folder}/{name}.sln16"  # many times a call, so no Path
        if now_s - self._touched_s.get(name, -math.inf) < _TOUCHED_S:
            os.stat(file)
        else:
            os.utime(file)
            self._touched_s[name] = now_s

    async def put(self, name: str, pieces: list[Audio]) -> Sound:
        """Encode the pieces, level them, and put them in place.

        Raises VoiceLost when they are no sound, or when there is room nowhere.
        """
        encoded = await anyio.to_thread.run_sync(_encoded, pieces)
        size = sum(map(len, encoded.values()))
        try:
            await self._write(name, encoded, size)
        except OSError as full:
            log.error("a sound cannot be kept; others are forgotten", folder=str(self._folder), why=str(full))
            self._forget_down_to(self._bytes // 2, before_s=anyio.current_time() - _IN_USE_S)
            return await self._again(name, encoded, size)
        return Sound(self._folder / name, _seconds(size))

    async def _again(self, name: str, encoded: dict[str, bytes], size: int) -> Sound:
        try:
            await self._write(name, encoded, size)
        except OSError as full:
            return await self._put_spare(name, encoded, size, full)
        return Sound(self._folder / name, _seconds(size))

    async def _write(self, name: str, encoded: dict[str, bytes], size: int) -> None:
        await anyio.to_thread.run_sync(_write, encoded, self._folder, name)
        self._kept[name] = size
        self._used_s[name] = anyio.current_time()
        self._bytes += size
        self._forget_down_to(self._max_bytes, keep=name)

    async def _put_spare(self, name: str, encoded: dict[str, bytes], size: int, full: OSError) -> Sound:
        if self._spare is None:
            raise VoiceLost(f"there is no room for a sound in {self._folder}: {full}") from full
        while self._spared and sum(self._spared.values()) + size > _MOST_SPARE_BYTES:
            _unlink(self._spare, self._spared.popitem(last=False)[0])
        try:
            await anyio.to_thread.run_sync(_write, encoded, self._spare, name)
        except OSError as no:
            raise VoiceLost(f"there is no room for a sound in {self._folder} nor {self._spare}: {no}") from no
        self._spared[name] = size
        return Sound(self._spare / name, _seconds(size))

    def _forget_down_to(self, size: int, *, keep: str = "", before_s: float = math.inf) -> None:
        """The oldest first, but neither `keep` nor what was used since `before_s`."""
        for name in list(self._kept):
            if self._bytes <= size or name == keep or self._used_s.get(name, -math.inf) > before_s:
                return
            self._bytes -= self._kept.pop(name)
            self._used_s.pop(name, None)
            self._touched_s.pop(name, None)
            _unlink(self._folder, name)


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


def _encoded(pieces: list[Audio]) -> dict[str, bytes]:
    wide, narrow = _telephone(pieces)
    return dict(zip(_FORMATS, (ulaw(narrow), linear(wide)), strict=True))


def _write(encoded: dict[str, bytes], folder: Path, name: str) -> None:
    """Both files, each at once, or none."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = {ending: folder / f"{name}{ending}.{os.getpid()}.part" for ending in encoded}
    try:
        for ending, data in encoded.items():
            parts[ending].write_bytes(data)
            parts[ending].replace(folder / f"{name}{ending}")
    except OSError:
        for part in parts.values():
            part.unlink(missing_ok=True)
        _unlink(folder, name)
        raise


def _unlink(folder: Path, name: str) -> None:
    for ending in reversed(_FORMATS):
        (folder / f"{name}{ending}").unlink(missing_ok=True)


def _telephone(pieces: list[Audio]) -> tuple[Samples, Samples]:
    rates = {piece.rate_hz for piece in pieces}
    if len(rates) != 1:
        raise VoiceLost(f"the voice gave no sound, or not all at one rate: {sorted(rates)}")
    (rate_hz,) = rates
    sound = samples(Audio(b"".join(piece.pcm for piece in pieces), rate_hz))
    loud = begun(levelled(sound, rate_hz, LOUDNESS_DB), rate_hz)
    narrow = resampled(loud, rate_hz, _NARROW_HZ)
    return resampled(loud, rate_hz, _WIDE_HZ)[: 2 * len(narrow)], narrow
