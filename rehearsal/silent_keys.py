"""A relay that takes telephone-event out of a caller's offer, as if the telephone knew only tones.

baresip always offers RTP events for keys (RFC 4733), and a line that accepts them does not listen for tones
in the sound. The relay stands in the way of the first request only: the answer's Contact leads the client to
the line itself, and the client's own leads the line to the client (RFC 3261 12.2).
"""

import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
from anyio.abc import UDPSocket

from rehearsal.beside import beside

Address = tuple[str, int]

_EVENT = re.compile(rb"a=rtpmap:(\d+) telephone-event/\d+\r\n")
_LENGTH = re.compile(rb"(?im)^(content-length|l)[ \t]*:[ \t]*\d+")


@asynccontextmanager
async def tones_only(listen: Address, line: Address) -> AsyncIterator[Address]:
    """Relay SIP over UDP between whoever sends to `listen` and the line; yields the address to dial."""
    found = await anyio.getaddrinfo(*line, family=socket.AF_INET, type=socket.SOCK_DGRAM)
    address = (str(found[0][4][0]), line[1])
    async with (
        await anyio.create_udp_socket(local_host=listen[0], local_port=listen[1]) as relay,
        beside(_relay, relay, address),
    ):
        yield listen


def without_events(message: bytes) -> bytes:
    """A SIP message whose session description offers no telephone-event; others come back as they are."""
    head, _, body = message.partition(b"\r\n\r\n")
    event = _EVENT.search(body)
    if event is None:
        return message
    number = event[1]
    body = _EVENT.sub(b"", body)
    body = re.sub(rb"a=fmtp:%s [^\r]*\r\n" % number, b"", body)
    body = re.sub(rb"(?m)^(m=audio .*) %s\b" % number, rb"\1", body)
    return _LENGTH.sub(rb"\1: %d" % len(body), head) + b"\r\n\r\n" + body


async def _relay(relay: UDPSocket, line: Address) -> None:
    client: Address | None = None
    async for packet, sender in relay:
        if sender != line:
            client = sender
            await relay.sendto(without_events(packet), *line)
        elif client is not None:
            await relay.sendto(packet, *client)
