"""Keys of a telephone as RTP packets (RFC 4733), at a person's pace."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

TONE_S = 0.1
KEY_S = 0.25  # four keys a second
_RATE_HZ = 8000
_PAYLOAD_TYPE = 101
_END = 0x80
_VOLUME = 10
_CODES = {sign: code for code, sign in enumerate("0123456789*#")}


@dataclass(frozen=True, slots=True)
class Typing:
    """Keys that are pressed one after the other, after a pause in seconds (a person listens meanwhile)."""

    after_s: float
    keys: str


class Packets:
    """The packets of one caller's keys; nothing is sent between keys, as with silence suppression."""

    def __init__(self, chance: Random) -> None:
        self._source = chance.getrandbits(32)
        self._sequence = chance.getrandbits(15)

    def key(self, sign: str, at_s: float) -> Iterator[tuple[float, bytes]]:
        """What to send, and how many seconds after the key's start: begin, middle, thrice the end.

        The end is sent thrice against loss (RFC 4733 2.5.1.4); two packets before it are enough for a tone of
        100 ms, and spare the machine.
        """
        stamp = round(at_s * _RATE_HZ) & 0xFFFFFFFF
        for part, (after_s, end) in enumerate(((0.02, 0), (0.06, 0), *[(TONE_S, _END)] * 3)):
            event = struct.pack("!BBH", _CODES[sign], end | _VOLUME, round(after_s * _RATE_HZ))
            yield after_s, self._header(stamp, first=part == 0) + event

    def _header(self, stamp: int, *, first: bool) -> bytes:
        self._sequence = (self._sequence + 1) & 0xFFFF
        marked = _PAYLOAD_TYPE | (0x80 if first else 0)
        return struct.pack("!BBHII", 0x80, marked, self._sequence, stamp, self._source)
