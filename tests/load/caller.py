"""The sound side of the callers: SIPp only signals, and these sockets are where its SDP sends the sound.

What is measured must not eat what is measured. So:

- no voice is sent, only keys, five packets each; the baseline's callers send nothing at all;
- every caller is read until the first packet that holds sound, and then let be: the kernel throws away what
  comes after that into a buffer that nobody reads;
- some callers, spread over the run, are listened to throughout. The kernel stamps their packets on arrival
  (SO_TIMESTAMPNS), so that they may be read in heaps, five times a second, and the reader being late changes
  no figure.
"""

import asyncio
import socket
import struct
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

import anyio

from node.stack.ports import HOST
from tests.load.keys import KEY_S, TONE_S, Packets, Typing

_HEADER_BYTES = 12
_LOUD = 8  # distance from silence in G.711's u-law codes: 0xff and 0x7f are both zero
_LISTENER_BUFFER = 1 << 20
_DEAF_BUFFER = 4096
_SO_TIMESTAMPNS = 35  # socket(7); Python's socket module does not name it
_SPARE = 256
_EVERY_S = 0.2


@dataclass(frozen=True, slots=True)
class Heard:
    """One packet: when it came (seconds of the machine's clock), and where it stands in its stream."""

    at_s: float
    sequence: int
    stamp: int


@dataclass(slots=True)
class Caller:
    """One telephone, with its sound on `port`; `types` is pressed from the first packet on."""

    types: Sequence[Typing]
    listens: bool
    socket: socket.socket
    port: int
    first_sound_s: float | None = None
    heard: list[Heard] = field(default_factory=list)
    pressed: list[float] = field(default_factory=list)  # when each key was let go, by the machine's clock
    peer: tuple[str, int] | None = None
    answered: anyio.Event = field(default_factory=anyio.Event)


def caller(types: Sequence[Typing], *, listens: bool) -> Caller:
    """A telephone on a port of its own."""
    own = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    own.setblocking(False)
    own.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
    own.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _LISTENER_BUFFER if listens else _DEAF_BUFFER)
    own.bind((HOST, 0))
    return Caller(types, listens, own, own.getsockname()[1])


async def attend(callers: Sequence[Caller], chance: Random) -> None:
    """Read and type for all of them until cancelled."""
    loop = asyncio.get_running_loop()
    for one in callers:
        loop.add_reader(one.socket, _read, loop, one)
    try:
        async with anyio.create_task_group() as tasks:
            for one in callers:
                if one.types:
                    tasks.start_soon(_type, one, Random(chance.random()))
            tasks.start_soon(_listen, [one for one in callers if one.listens])
    finally:
        for one in callers:
            loop.remove_reader(one.socket)
            _drain(one)
            one.socket.close()


def _read(loop: asyncio.AbstractEventLoop, one: Caller) -> None:
    """Until the first sound."""
    _drain(one)
    if one.first_sound_s is not None:
        loop.remove_reader(one.socket)


async def _listen(listeners: Sequence[Caller]) -> None:
    while True:
        await anyio.sleep(_EVERY_S)
        for one in listeners:
            _drain(one)


def _drain(one: Caller) -> None:
    while True:
        try:
            packet, extra, _, peer = one.socket.recvmsg(2048, _SPARE)
        except BlockingIOError:
            return
        if len(packet) < _HEADER_BYTES or packet[1] & 0x7F != 0:
            continue
        if one.peer is None:
            one.peer = peer
            one.answered.set()
        at_s = _stamped(extra)
        if one.first_sound_s is None and _sounds(packet):
            one.first_sound_s = at_s
            if not one.listens:
                return
        if one.listens:
            sequence, stamp = struct.unpack_from("!HI", packet, 2)
            one.heard.append(Heard(at_s, sequence, stamp))


def _stamped(extra: list[tuple[int, int, bytes]]) -> float:
    seconds, nanoseconds = struct.unpack("@ll", extra[0][2])
    return float(seconds) + float(nanoseconds) / 1e9


def _sounds(packet: bytes) -> bool:
    return any((~code & 0x7F) > _LOUD for code in packet[_HEADER_BYTES:])


async def _type(one: Caller, chance: Random) -> None:
    await one.answered.wait()
    began, packets = anyio.current_time(), Packets(chance)
    at_s = chance.random()
    for typing in one.types:
        at_s += typing.after_s
        for sign in typing.keys:
            await _press(one, packets, sign, began, at_s)
            at_s += KEY_S * (0.8 + 0.4 * chance.random())


async def _press(one: Caller, packets: Packets, sign: str, began: float, at_s: float) -> None:
    assert one.peer is not None
    let_go = False
    for after_s, packet in packets.key(sign, at_s):
        await anyio.sleep_until(began + at_s + after_s)
        if after_s >= TONE_S and not let_go:  # the first of the three that say so
            let_go = True
            one.pressed.append(time.time())
        one.socket.sendto(packet, one.peer)
