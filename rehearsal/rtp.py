"""RTP packets as they came over the wire: the sound that they make up, and the keys that they carry."""

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from core.audio import Audio
from rehearsal.sound import RATE_HZ, ulaw_to_linear

PCMU: Final = 0
_HEADER: Final = struct.Struct("!BBHII")
_VERSION: Final = 2
_EVENT: Final = struct.Struct("!BBH")
_KEYS: Final = b"0123456789*#ABCD"  # RFC 4733 table 3
_LONGEST_SAMPLES: Final = 3600 * RATE_HZ


@dataclass(frozen=True, slots=True)
class Packet:
    """One RTP packet (RFC 3550 5.1); `at_s` is when it came, on anyio's clock."""

    at_s: float
    payload_type: int
    timestamp: int
    payload: bytes = field(repr=False)


def read(datagram: bytes, at_s: float) -> Packet | None:
    """What a datagram holds; None when it is no RTP packet (RTCP has the payload types 72 to 76)."""
    if len(datagram) < _HEADER.size:
        return None
    first, second, _, timestamp, _ = _HEADER.unpack_from(datagram)
    if first >> 6 != _VERSION or 72 <= second & 0x7F <= 76:
        return None
    begin = _HEADER.size + 4 * (first & 0x0F)
    return Packet(at_s, second & 0x7F, timestamp, datagram[begin:])


def write(
    payload: bytes, sequence: int, timestamp: int, *, payload_type: int = PCMU, source: int = 1
) -> bytes:
    """A packet to send; the first of a stream is marked."""
    marked = 0x80 if sequence == 0 else 0
    return _HEADER.pack(_VERSION << 6, payload_type | marked, sequence & 0xFFFF, timestamp, source) + payload


def sound(packets: Iterable[Packet]) -> Audio:
    """The G.711 u-law sound of one stream, 8 kHz, each packet at its own time; silence where none came."""
    heard = [packet for packet in packets if packet.payload_type == PCMU]
    if not heard:
        return Audio(b"", RATE_HZ)
    first = min(packet.timestamp for packet in heard)
    length = max(packet.timestamp + len(packet.payload) for packet in heard) - first
    if length > _LONGEST_SAMPLES:
        raise ValueError("the packets are of more than one stream")
    samples = np.zeros(length, "<i2")
    for packet in heard:
        at = packet.timestamp - first
        samples[at : at + len(packet.payload)] = np.frombuffer(ulaw_to_linear(packet.payload), "<i2")
    return Audio(samples.tobytes(), RATE_HZ)


def events(packets: Sequence[Packet], payload_type: int) -> str:
    """The keys that came as events (RFC 4733), each once: the packets of one have the same timestamp."""
    keys, last = "", -1
    for packet in packets:
        if packet.payload_type != payload_type or len(packet.payload) < _EVENT.size:
            continue
        event = _EVENT.unpack_from(packet.payload)[0]
        if packet.timestamp != last and event < len(_KEYS):
            keys += chr(_KEYS[event])
        last = packet.timestamp
    return keys
