"""What the caller heard: the received sound as it is written to a file, its level, and when it began."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from core.audio import FRAME_MS, SAMPLE_BYTES, Audio
from rehearsal.sound import RATE_HZ, WAV_HEADER_BYTES

SOUND_DBFS = -50.0  # a room's noise on a telephone lies below, speech well above
PAUSE_MS = 400  # shorter silences are a part of speech

_FRAME = RATE_HZ * FRAME_MS // 1000
_TORN = 500  # a sample this loud right beside nothing at all was torn off
_DROPOUT_SAMPLES = (RATE_HZ // 100, RATE_HZ // 5)  # 10 to 200 ms: what lasts longer was stopped, not torn


class Ear(Protocol):
    """Understands speech: the seam for a recognizer, with which a rehearsal tells what was really said."""

    async def words(self, audio: Audio) -> str:
        """The words in a stretch of received sound, empty when there are none."""
        ...


@dataclass(frozen=True, slots=True)
class SoundBegan:
    """Sound began after a pause; `at_s` on the scale of the recording's beginning."""

    at_s: float


@dataclass(frozen=True, slots=True)
class SoundEnded:
    """A pause began at `at_s`; `loudest_dbfs` is the level of the loudest 20 ms before it."""

    at_s: float
    loudest_dbfs: float


class Levels:
    """Finds sound and pauses in a stream of samples, 20 ms at a time."""

    def __init__(self) -> None:
        self._rest = b""
        self._frames = 0
        self._last_loud: int | None = None
        self._loudest_dbfs = SOUND_DBFS

    def feed(self, pcm: bytes) -> Iterator[SoundBegan | SoundEnded]:
        """Take the next samples, in any portion."""
        data = self._rest + pcm
        whole = len(data) // (_FRAME * SAMPLE_BYTES) * _FRAME * SAMPLE_BYTES
        self._rest = data[whole:]
        for level in _levels_dbfs(data[:whole]):
            yield from self._frame(level)
            self._frames += 1

    def _frame(self, dbfs: float) -> Iterator[SoundBegan | SoundEnded]:
        if dbfs >= SOUND_DBFS:
            if self._last_loud is None:
                self._loudest_dbfs = SOUND_DBFS
                yield SoundBegan(self._frames * FRAME_MS / 1000)
            self._last_loud = self._frames
            self._loudest_dbfs = max(self._loudest_dbfs, dbfs)
        elif self._last_loud is not None and (self._frames - self._last_loud) * FRAME_MS >= PAUSE_MS:
            yield SoundEnded((self._last_loud + 1) * FRAME_MS / 1000, self._loudest_dbfs)
            self._last_loud = None


class Received:
    """A client's recording of what it receives, read while it is still being written.

    The client writes 20 ms every 20 ms from the answer on, sound or not: a place in the file is a time.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._position = WAV_HEADER_BYTES

    def news(self) -> bytes:
        """The samples that came since the last time."""
        if not self._file.exists():
            return b""
        with self._file.open("rb") as recording:
            recording.seek(self._position)
            pcm = recording.read()
        pcm = pcm[: len(pcm) // SAMPLE_BYTES * SAMPLE_BYTES]
        self._position += len(pcm)
        return pcm

    def between(self, begin_s: float, end_s: float) -> Audio:
        """A stretch of it."""
        first, last = (max(0, round(at_s * RATE_HZ)) * SAMPLE_BYTES for at_s in (begin_s, end_s))
        if not self._file.exists():
            return Audio(b"", RATE_HZ)
        with self._file.open("rb") as recording:
            recording.seek(WAV_HEADER_BYTES + first)
            return Audio(recording.read(max(0, last - first)), RATE_HZ)


def dropouts(pcm: bytes) -> int:
    """How often the sound was torn: 10 to 200 ms of exact nothing, with loud samples on both sides.

    A pause in speech fades out and in; what a late packet leaves does not.
    """
    samples = np.frombuffer(pcm, "<i2").astype(np.int32)
    heard = np.flatnonzero(samples)
    shortest, longest = _DROPOUT_SAMPLES
    gaps = (np.diff(heard) > shortest) & (np.diff(heard) < longest)
    torn = (abs(samples[heard[:-1]]) > _TORN) & (abs(samples[heard[1:]]) > _TORN)
    return int(np.count_nonzero(gaps & torn))


def _levels_dbfs(pcm: bytes) -> Iterator[float]:
    frames = np.frombuffer(pcm, "<i2").reshape(-1, _FRAME).astype(np.float64)
    loudness = np.sqrt(np.mean(frames**2, axis=1)) / 32768
    yield from (20 * np.log10(np.maximum(loudness, 1e-6))).tolist()
