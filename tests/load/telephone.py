"""The sound side of one telephone: it sends all the time, as telephones do, and notes what is loud."""

import socket
import struct
from dataclasses import dataclass, field
from typing import Final

import anyio
import numpy as np

from node.stack.ports import HOST
from pbx.media.g711 import ulaw_to_pcm

FRAME_BYTES: Final = 160  # 20 ms of u-law at 8 kHz
FRAME_S: Final = 0.02
_SILENCE: Final = b"\xff" * FRAME_BYTES
_HEADER: Final = struct.Struct("!BBHII")
_LOUD: Final = 300  # of 32767, about -41 dBFS
_KEPT: Final = 20_000
_KEYS: Final = "0123456789*#"
_PRESSED_S: Final = 0.1
_END: Final = 0x80
_VOLUME: Final = 10


@dataclass(slots=True)
class Telephone:
    """A socket with its port; `loud` are the times at which loud packets came, by the loop's clock."""

    socket: socket.socket
    port: int
    loud: list[float] = field(default_factory=list)
    noise: bytes = b""
    heard: anyio.Event = field(default_factory=anyio.Event)
    _peer: tuple[str, int] | None = None
    _out: bytes = b""
    _sequence: int = 0
    _stamp: int = 0
    _pressing: bool = False

    async def run(self) -> None:
        """Send and hear until cancelled."""
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._hear)
            tasks.start_soon(self._send)

    @property
    def loud_at(self) -> float:
        """When something loud came last; 0 before the first."""
        return self.loud[-1] if self.loud else 0.0

    def say(self, coded: bytes) -> float:
        """Begin to say it; how many seconds it lasts."""
        self._out = coded
        return len(coded) / FRAME_BYTES * FRAME_S

    async def press(self, sign: str) -> float:
        """Press a key for a tenth of a second (RFC 4733), and send nothing else; when it was let go."""
        self._pressing, began = True, anyio.current_time()
        stamp, let_go_at = self._stamp, 0.0
        for after_s, end in ((0.02, 0), (0.06, 0), *[(_PRESSED_S, _END)] * 3):
            await anyio.sleep_until(began + after_s)
            let_go_at = let_go_at or (anyio.current_time() if end else 0.0)
            event = struct.pack("!BBH", _KEYS.index(sign), end | _VOLUME, round(after_s * 8000))
            self._send_packet(101, stamp, event)
        self._pressing = False
        return let_go_at

    async def silent_for(self, seconds: float) -> None:
        """Wait until something was heard from now on, and then nothing for so long."""
        from_s = anyio.current_time()
        while self.loud_at <= from_s:  # noqa: ASYNC110 - sound comes as packets, and not as an event
            await anyio.sleep(FRAME_S)
        while (left_s := self.loud_at + seconds - anyio.current_time()) > 0:  # noqa: ASYNC110 - the same
            await anyio.sleep(left_s)

    def close(self) -> None:
        """Give the port back."""
        self.socket.close()

    async def _hear(self) -> None:
        while True:
            await anyio.wait_readable(self.socket)
            packet, peer = self.socket.recvfrom(2048)
            self._peer = self._peer or peer
            if packet[1] & 0x7F == 0 and is_loud(packet[_HEADER.size :]) and len(self.loud) < _KEPT:
                self.loud.append(anyio.current_time())
                self.heard.set()

    async def _send(self) -> None:
        began, number = anyio.current_time(), 0
        while True:
            number += 1
            await anyio.sleep_until(began + number * FRAME_S)
            self._stamp = number * FRAME_BYTES & 0xFFFFFFFF
            if not self._pressing:
                self._send_packet(0, self._stamp, self._frame(number))

    def _send_packet(self, kind: int, stamp: int, body: bytes) -> None:
        if self._peer is not None:
            self._sequence = (self._sequence + 1) & 0xFFFF
            self.socket.sendto(_HEADER.pack(0x80, kind, self._sequence, stamp, self.port) + body, self._peer)

    def _frame(self, number: int) -> bytes:
        if self._out and self._peer is not None:
            frame, self._out = self._out[:FRAME_BYTES], self._out[FRAME_BYTES:]
            return frame.ljust(FRAME_BYTES, b"\xff")
        at = number * FRAME_BYTES % max(len(self.noise) - FRAME_BYTES, 1)
        return self.noise[at : at + FRAME_BYTES] or _SILENCE


def telephone(noise: bytes = b"") -> Telephone:
    """A telephone on a port of its own; while it says nothing there is `noise` around it."""
    own = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    own.setblocking(False)
    own.bind((HOST, 0))
    return Telephone(own, own.getsockname()[1], noise=noise)


def voiced(coded: bytes) -> bytes:
    """A recording in whole frames, from its first loud one to its last."""
    frames = [coded[at : at + FRAME_BYTES] for at in range(0, len(coded) - FRAME_BYTES + 1, FRAME_BYTES)]
    while frames and not is_loud(frames[-1]):
        frames.pop()
    while frames and not is_loud(frames[0]):
        frames.pop(0)
    return b"".join(frames)


def is_loud(coded: bytes) -> bool:
    """Whether a telephone's user would hear it."""
    return bool(np.abs(np.frombuffer(ulaw_to_pcm(coded), "<i2").astype(np.int32)).max(initial=0) > _LOUD)
