"""Packets written down as other tools read them (libpcap's file format), and the keys that are in them."""

import re
import struct
import time
from collections.abc import Iterator
from pathlib import Path

_MAGIC, _RAW_IP = 0xA1B2C3D4, 101
_SIGNAL = re.compile(rb"(?im)^\s*(?:Signal\s*=\s*)?([0-9*#A-D])\s*$")
_EVENT_BYTES = 4
_EVENTS = "0123456789*#ABCD"
_RTP_VERSION = 2
_RTP_HEADER = 12

Address = tuple[str, int]


class PacketFile:
    """A file of UDP packets; `add` writes each at once."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("wb")
        self._file.write(struct.pack("<IHHiIII", _MAGIC, 2, 4, 0, 0, 65535, _RAW_IP))
        self._file.flush()

    def add(self, sender: Address, receiver: Address, payload: bytes) -> None:
        """A packet that went from one to the other just now."""
        udp = struct.pack(">HHHH", sender[1], receiver[1], 8 + len(payload), 0)
        size = 20 + len(udp) + len(payload)
        addresses = b"".join(bytes(map(int, host.split("."))) for host, _ in (sender, receiver))
        ip = struct.pack(">BBHHHBBH", 0x45, 0, size, 0, 0, 64, 17, 0) + addresses
        seconds, micros = divmod(time.time_ns() // 1000, 1_000_000)
        self._file.write(struct.pack("<IIII", seconds, micros, size, size) + ip + udp + payload)
        self._file.flush()

    def close(self) -> None:
        """No packet comes any more."""
        self._file.close()


def payloads(path: Path) -> Iterator[bytes]:
    """What the packets of a file carried, in order."""
    data = path.read_bytes()
    at = 24
    while at + 16 <= len(data):
        (size,) = struct.unpack_from("<I", data, at + 8)
        yield data[at + 16 + 28 : at + 16 + size]
        at += 16 + size


def keys_in(packets: Iterator[bytes]) -> str:
    """The keys that packets tell of: RTP events (RFC 4733 2.3), SIP INFO (application/dtmf-relay, /dtmf)."""
    keys: list[str] = []
    last = -1
    for payload in packets:
        if payload.startswith(b"INFO "):
            keys += [key.decode() for key in _SIGNAL.findall(payload.partition(b"\r\n\r\n")[2])]
        elif (event := _event(payload)) is not None and event[1] != last:
            keys.append(event[0])
            last = event[1]
    return "".join(keys)


def _event(payload: bytes) -> tuple[str, int] | None:
    """The key and the timestamp, which all packets of one event share, of an RTP packet with an event."""
    if len(payload) != _RTP_HEADER + _EVENT_BYTES or payload[0] >> 6 != _RTP_VERSION:
        return None
    number = payload[_RTP_HEADER]
    if number >= len(_EVENTS):
        return None
    return _EVENTS[number], int.from_bytes(payload[4:8], "big")
