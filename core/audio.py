"""Sound as it moves through the house: 16-bit linear mono in frames of 20 ms."""

from dataclasses import dataclass
from functools import cache
from random import Random

FRAME_MS = 20
SAMPLE_BYTES = 2


@dataclass(frozen=True, slots=True)
class Audio:
    """A stretch of sound: little-endian signed 16-bit samples, one channel, `rate_hz` samples a second."""

    pcm: bytes
    rate_hz: int

    @property
    def seconds(self) -> float:
        """How long it sounds."""
        return len(self.pcm) / (SAMPLE_BYTES * self.rate_hz)

    def __repr__(self) -> str:
        return f"Audio({self.seconds:.2f} s at {self.rate_hz} Hz)"


def frame_bytes(rate_hz: int) -> int:
    """Bytes in one 20 ms frame: 320 at 8 kHz, 640 at 16 kHz."""
    return rate_hz * FRAME_MS // 1000 * SAMPLE_BYTES


def silence(seconds: float, rate_hz: int) -> Audio:
    """That long of nothing."""
    return Audio(bytes(SAMPLE_BYTES * round(seconds * rate_hz)), rate_hz)


@cache
def hush(seconds: float, rate_hz: int) -> Audio:
    """That long of what a quiet line sounds like, the same each time: some engines take zeros for a fault."""
    chance = Random(1)  # noqa: S311 - it is noise
    samples = (round(chance.gauss(0, 8)) for _ in range(round(seconds * rate_hz)))
    return Audio(b"".join(sample.to_bytes(2, "little", signed=True) for sample in samples), rate_hz)
