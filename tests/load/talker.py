"""A telephone that talks: it waits for the line to fall silent, plays a recording, and times the answer.

Sound goes out every 20 ms whether it talks or not, as telephones do.
"""

import socket
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import anyio
import numpy as np

from node.stack.ports import HOST
from pbx.media.g711 import ulaw_to_pcm

_FRAME_BYTES: Final = 160  # 20 ms of u-law at 8 kHz
_FRAME_S: Final = 0.02
_SILENCE: Final = b"\xff" * _FRAME_BYTES
_HEADER: Final = struct.Struct("!BBHII")
_LOUD: Final = 300  # of 32767, about -41 dBFS
_QUIET_S: Final = 0.9  # longer than a pause between two sentences
_ANSWER_S: Final = 8.0
_PROMPT_S: Final = 20.0  # the longest that the line is silent or speaks before it asks


@dataclass(frozen=True, slots=True)
class Saying:
    """A recording; `kind` is what it answers."""

    kind: str
    coded: bytes


@dataclass(frozen=True, slots=True)
class Answered:
    """How long the line took from the last sound of a saying to the first of its answer."""

    kind: str
    seconds: float


@dataclass(slots=True)
class Talker:
    """One call."""

    says: Sequence[Saying]
    socket: socket.socket
    port: int
    answers: list[Answered] = field(default_factory=list)
    _peer: tuple[str, int] | None = None
    _loud_at: float = 0.0
    _answer: anyio.Event = field(default_factory=anyio.Event)
    _out: bytes = b""

    async def talk(self) -> None:
        """Say everything, each once the line has asked."""
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._hear)
            tasks.start_soon(self._send)
            for saying in self.says:
                with anyio.move_on_after(_PROMPT_S) as limit:
                    await self._asked()
                if limit.cancelled_caught:
                    break  # the call is over, or went another way
                await self._say(saying)
            tasks.cancel_scope.cancel()

    async def _say(self, saying: Saying) -> None:
        voiced = _voiced(saying.coded)
        lasts_s = len(voiced) / _FRAME_BYTES * _FRAME_S
        self._out, self._answer = voiced, anyio.Event()
        ends_at = anyio.current_time() + lasts_s
        with anyio.move_on_after(lasts_s + _ANSWER_S):
            await self._answer.wait()
            self.answers.append(Answered(saying.kind, anyio.current_time() - ends_at))

    async def _asked(self) -> None:
        """Wait until the line has said something and fallen silent."""
        from_s = anyio.current_time()
        while self._loud_at <= from_s:  # noqa: ASYNC110 - sound comes as packets, and not as an event
            await anyio.sleep(_FRAME_S)
        while (left_s := self._loud_at + _QUIET_S - anyio.current_time()) > 0:  # noqa: ASYNC110 - sound comes as packets
            await anyio.sleep(left_s)

    async def _hear(self) -> None:
        while True:
            await anyio.wait_readable(self.socket)
            packet, peer = self.socket.recvfrom(2048)
            self._peer = self._peer or peer
            if packet[1] & 0x7F == 0 and _loud(packet[_HEADER.size :]):
                self._loud_at = anyio.current_time()
                self._answer.set()

    async def _send(self) -> None:
        began, number = anyio.current_time(), 0
        while True:
            number += 1
            await anyio.sleep_until(began + number * _FRAME_S)
            if self._peer is None:
                continue
            frame, self._out = self._out[:_FRAME_BYTES] or _SILENCE, self._out[_FRAME_BYTES:]
            header = _HEADER.pack(0x80, 0, number & 0xFFFF, number * _FRAME_BYTES & 0xFFFFFFFF, self.port)
            self.socket.sendto(header + frame, self._peer)


def talker(says: Sequence[Saying]) -> Talker:
    """A telephone on a port of its own."""
    own = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    own.setblocking(False)
    own.bind((HOST, 0))
    return Talker(says, own, own.getsockname()[1])


def _voiced(coded: bytes) -> bytes:
    """The recording in whole frames, up to its last loud one."""
    frames = [coded[at : at + _FRAME_BYTES] for at in range(0, len(coded) - _FRAME_BYTES + 1, _FRAME_BYTES)]
    while frames and not _loud(frames[-1]):
        frames.pop()
    return b"".join(frames)


def _loud(coded: bytes) -> bool:
    return bool(np.abs(np.frombuffer(ulaw_to_pcm(coded), "<i2").astype(np.int32)).max(initial=0) > _LOUD)
