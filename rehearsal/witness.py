"""A telephone that answers, and keeps all that reaches it: each SIP request, each packet of sound."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

import anyio
from anyio.abc import SocketAttribute, UDPSocket

from core.audio import FRAME_MS, Audio
from core.errors import BadInput
from rehearsal import rtp
from rehearsal.beside import beside
from rehearsal.rtp import Packet
from rehearsal.sound import RATE_HZ

EVENTS: Final = 101  # the payload type under which it takes keys as events
_FRAME: Final = RATE_HZ * FRAME_MS // 1000
_SILENCE: Final = b"\xff"  # u-law
_MEDIA: Final = re.compile(r"^m=audio (\d+) ", re.MULTILINE)
_HOST: Final = re.compile(r"^c=IN IP4 (\S+)", re.MULTILINE)
_COPIED: Final = ("Via", "From", "Call-ID", "CSeq")

Address = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Request:
    """A SIP request as it came (RFC 3261)."""

    method: str
    headers: Mapping[str, str]
    body: str = field(repr=False)


class Witness:
    """Takes one call at a time, without registering: Asterisk dials `sip:anything@host:port` over UDP.

    It answers at once with G.711 u-law, and with telephone-event where `events`. `packets` came, `sent` went.
    """

    def __init__(self, sip: UDPSocket, media: UDPSocket, *, events: bool) -> None:
        self.requests: list[Request] = []
        self.packets: list[Packet] = []
        self.sent: list[Packet] = []
        self._words = bytearray()
        self._said = anyio.Event()
        self.answered, self.over = anyio.Event(), anyio.Event()
        self._sip, self._media, self._events = sip, media, events
        self._far_end: Address | None = None

    @property
    def address(self) -> Address:
        """Where it takes calls."""
        return _address(self._sip)

    @property
    def infos(self) -> list[Request]:
        """The SIP INFO requests that came (RFC 6086), which may carry keys."""
        return [request for request in self.requests if request.method == "INFO"]

    @property
    def events(self) -> str:
        """The keys that came as RTP events."""
        return rtp.events(self.packets, EVENTS)

    @property
    def heard(self) -> Audio:
        """What it heard from the moment it answered, 8 kHz."""
        return rtp.sound(self.packets)

    async def speak(self, ulaw: bytes) -> None:
        """Say it, 8 kHz, after what is being said already; returns when the last of it was sent."""
        self._words += ulaw
        self._said = anyio.Event()
        await self._said.wait()

    async def signalling(self) -> None:
        """Answer requests, until cancelled."""
        async for datagram, (host, port) in self._sip:
            request = _request(datagram.decode("utf-8", "replace"))
            if request is not None:
                self.requests.append(request)
                if (answer := self._answer(request)) is not None:
                    await self._sip.sendto(answer, host, port)

    async def listening(self) -> None:
        """Keep what comes, until cancelled."""
        async for datagram, _ in self._media:
            if (packet := rtp.read(datagram, anyio.current_time())) is not None:
                self.packets.append(packet)

    async def speaking(self) -> None:
        """Send a packet every 20 ms, as telephones do, until cancelled."""
        await self.answered.wait()
        began, sent = anyio.current_time(), 0
        while not self.over.is_set():
            payload = bytes(self._words[:_FRAME]).ljust(_FRAME, _SILENCE)
            del self._words[:_FRAME]
            if not self._words:
                self._said.set()
            if self._far_end is not None:
                await self._media.sendto(rtp.write(payload, sent, sent * _FRAME), *self._far_end)
                self.sent.append(Packet(anyio.current_time(), rtp.PCMU, sent * _FRAME, payload))
            sent += 1
            await anyio.sleep_until(began + sent * FRAME_MS / 1000)

    def _answer(self, request: Request) -> bytes | None:
        match request.method:
            case "ACK":
                self.answered.set()
                return None
            case "INVITE":
                self._far_end = _far_end(request.body)
                return self._reply(request, self._description())
            case "BYE":
                self.over.set()
        return self._reply(request, "")

    def _reply(self, request: Request, body: str) -> bytes:
        host, port = self.address
        lines = ["SIP/2.0 200 OK", *(f"{name}: {request.headers[name]}" for name in _COPIED)]
        to = request.headers["To"]
        lines.append(f"To: {to}" if "tag=" in to else f"To: {to};tag=witness")
        lines.append(f"Contact: <sip:witness@{host}:{port}>")
        lines += ["Content-Type: application/sdp"] if body else []
        return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", body]).encode()

    def _description(self) -> str:
        """RFC 8866."""
        host, port = _address(self._media)
        forms = f"0 {EVENTS}" if self._events else "0"
        lines = ["v=0", f"o=- 1 1 IN IP4 {host}", "s=-", f"c=IN IP4 {host}", "t=0 0"]
        lines += [f"m=audio {port} RTP/AVP {forms}", "a=rtpmap:0 PCMU/8000", "a=ptime:20"]
        lines += [f"a=rtpmap:{EVENTS} telephone-event/8000", f"a=fmtp:{EVENTS} 0-15"] if self._events else []
        return "\r\n".join([*lines, ""])


@asynccontextmanager
async def witness(host: str = "127.0.0.1", *, events: bool = True) -> AsyncIterator[Witness]:
    """Have such a telephone on ports of its own."""
    async with (
        await anyio.create_udp_socket(local_host=host) as sip,
        await anyio.create_udp_socket(local_host=host) as media,
    ):
        phone = Witness(sip, media, events=events)
        async with beside(phone.signalling), beside(phone.listening), beside(phone.speaking):
            yield phone


def _request(text: str) -> Request | None:
    """None for what is a response, or no SIP. Of a repeated header the first is kept, of Via all."""
    head, _, body = text.partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    if not first.endswith(" SIP/2.0"):
        return None
    headers: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(":")
        if name == "Via" and name in headers:
            headers[name] += f"\r\nVia: {value.strip()}"
        else:
            headers.setdefault(name, value.strip())
    return Request(first.split(" ", 1)[0], headers, body)


def _address(socket: UDPSocket) -> Address:
    host = socket.extra(SocketAttribute.local_address)[0]  # noqa: S610 - anyio's, no database is near
    return str(host), int(socket.extra(SocketAttribute.local_port))  # noqa: S610


def _far_end(description: str) -> Address:
    host, port = _HOST.search(description), _MEDIA.search(description)
    if host is None or port is None:
        raise BadInput("an INVITE came without a description of sound over IPv4: the witness needs one")
    return host[1], int(port[1])
