"""A tap on an agent's line: all that Asterisk sends to a telephone passes here, and is written down.

The telephone registers through it, so Asterisk sends its requests here; in each session description the port
for sound is replaced by one of ours. It needs no rights, unlike a capture on the interface.
"""

import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
from anyio.abc import SocketAttribute, UDPSocket

from node.prove.pcap import Address, PacketFile
from node.stack.ports import HOST
from rehearsal.beside import beside

_SOUND = re.compile(rb"(?m)^m=audio (\d+) ")
_LENGTH = re.compile(rb"(?im)^(content-length|l)[ \t]*:[ \t]*\d+")


class Tap:
    """Stands between one telephone and the line at `line`; `port` is what the telephone registers at."""

    def __init__(
        self, line: Address, packets: PacketFile, sip: UDPSocket, near: UDPSocket, far: UDPSocket
    ) -> None:
        self._line, self._packets = line, packets
        self._sip, self._near, self._far = sip, near, far
        self._phone: Address | None = None
        self._phone_sound: Address | None = None
        self._line_sound: Address | None = None

    @property
    def port(self) -> int:
        """Where the telephone registers."""
        return _port(self._sip)

    async def relay_sip(self) -> None:
        """Carry SIP both ways."""
        async for packet, sender in self._sip:
            if sender != self._line:
                self._phone = sender
                found, changed = with_port(packet, _port(self._far))
                self._phone_sound = (sender[0], found) if found else self._phone_sound
                await self._sip.sendto(changed, *self._line)
            elif self._phone is not None:
                self._packets.add(sender, self._phone, packet)
                found, changed = with_port(packet, _port(self._near))
                self._line_sound = (sender[0], found) if found else self._line_sound
                await self._sip.sendto(changed, *self._phone)

    async def relay_to_phone(self) -> None:
        """Carry the line's sound to the telephone."""
        async for packet, sender in self._far:
            if self._phone_sound is not None:
                self._packets.add(sender, self._phone_sound, packet)
                await self._near.sendto(packet, *self._phone_sound)

    async def relay_to_line(self) -> None:
        """Carry the telephone's sound to the line."""
        async for packet, _ in self._near:
            if self._line_sound is not None:
                await self._far.sendto(packet, *self._line_sound)


@asynccontextmanager
async def tap(line: Address, packets: PacketFile) -> AsyncIterator[Tap]:
    """A tap for as long as the `async with` lasts."""
    async with await _socket() as sip, await _socket() as near, await _socket() as far:
        one = Tap(line, packets, sip, near, far)
        async with beside(one.relay_sip), beside(one.relay_to_phone), beside(one.relay_to_line):
            yield one


async def _socket() -> UDPSocket:
    return await anyio.create_udp_socket(family=socket.AF_INET, local_host=HOST)


def _port(udp: UDPSocket) -> int:
    return int(udp.extra(SocketAttribute.local_port))  # noqa: S610 - no SQL is spoken here


def with_port(message: bytes, port: int) -> tuple[int, bytes]:
    """The port for sound that a message offers, 0 for none, and the message with ours in its place."""
    head, _, body = message.partition(b"\r\n\r\n")
    sound = _SOUND.search(body)
    if sound is None:
        return 0, message
    body = _SOUND.sub(b"m=audio %d " % port, body)
    return int(sound[1]), _LENGTH.sub(rb"\1: %d" % len(body), head) + b"\r\n\r\n" + body
