"""A caller made of bare packets, who does what no telephone does: two keys at once, sound that gets lost."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import Final

import anyio
from anyio.abc import SocketAttribute, UDPSocket

from core.audio import Audio
from node.stack.ports import HOST
from pbx.media.g711 import ulaw_to_pcm
from rehearsal import rtp
from rehearsal.beside import beside
from tests.integration.line.rough_path import RoughPath
from tts.signal import Samples, samples, ulaw

_EVENTS: Final = 101
_END: Final = 0x80
_VOLUME: Final = 10
_KEYS: Final = "0123456789*#"
_TICK_S: Final = 0.02
_TICK_BYTES: Final = 160
_RATE_HZ: Final = 8000
_QUIET: Final = b"\xff"
_ECHO_LATER: Final = _QUIET * (10 * _TICK_BYTES)  # 0.2 s
_MEDIA: Final = re.compile(r"^m=audio (\d+) ", re.MULTILINE)
_TO: Final = re.compile(r"^To: (.+?)\r?$", re.MULTILINE)
_CONTACT: Final = re.compile(r"^Contact: <(.+?)>", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Info:
    """How a telephone tells its keys by SIP INFO too: as they go down or up, for how long."""

    first: bool
    says_ms: int


class RawCaller:
    """One call over UDP with G.711 sound (RFC 3261, RFC 4733, SIP INFO with application/dtmf-relay).

    It is silent but for what it is told to `say`. With a `path` its sound and its keys go that way.
    """

    def __init__(
        self,
        sip: UDPSocket,
        media: UDPSocket,
        caller: str,
        line: tuple[str, int],
        path: RoughPath | None = None,
    ) -> None:
        self._sip, self._media, self._line, self._path = sip, media, line, path
        self._from = f"<sip:{caller}@{HOST}:{_port(sip)}>;tag=raw"
        self._id = f"{caller.strip('+')}@{HOST}"
        self._answered, self.over = anyio.Event(), anyio.Event()
        self._to = self._target = ""
        self._far_port = 0
        self._orders, self._sequence = count(2), 0
        self.refused = False  # whether the line said no to what was asked of it last
        self.received: list[rtp.Packet] = []
        self.has_events = True  # whether RTP events are agreed on; else keys go by SIP INFO alone
        self._now = 0  # of the sound's clock, in samples
        self._says = self._returns = b""
        self.echoes: float | None = None  # how much of what is heard is said back: a telephone on loudspeaker
        self._writing = anyio.Lock()

    async def dial(self, number: str) -> None:
        """Call, and return when the line has answered."""
        self._target = f"sip:{number}@{self._line[0]}:{self._line[1]}"
        self._to = f"<{self._target}>"
        await self._send("INVITE", 1, "application/sdp", self._description(version=1))
        with anyio.fail_after(15):
            await self._answered.wait()
        await self._send("ACK", 1)

    async def press(
        self, keys: str, *, held_s: float = 0.1, every_s: float = 0.25, info: "Info | None" = None
    ) -> None:
        """Keys one after the other as RTP events; `info` tells each by SIP INFO too."""
        for key in keys:
            began = anyio.current_time()
            if info is not None and info.first:
                await self._inform(key, info.says_ms)
            if self.has_events:
                await self._hold(key, held_s)
            else:
                await anyio.sleep(held_s)
            if info is not None and not info.first:
                await self._inform(key, info.says_ms)
            await anyio.sleep_until(began + every_s)

    async def say(self, coded: bytes) -> None:
        """Say something, u-law at 8 kHz; returns when it was said."""
        self._says += coded
        while self._says:  # noqa: ASYNC110 - sound leaves by packets, and not as an event
            await anyio.sleep(_TICK_S)

    async def _inform(self, key: str, says_ms: int) -> None:
        body = f"Signal={key}\r\nDuration={says_ms}\r\n"
        await self._send("INFO", next(self._orders), "application/dtmf-relay", body)

    async def press_together(self, first: str, second: str) -> None:
        """The second key goes down before the first is let go."""
        begins = self._now, self._now + 400
        for ticks in range(1, 5):
            await self._event(first, begins[0], ticks, end=False)
        for ticks in range(1, 5):
            await self._event(first, begins[0], 4 + ticks, end=ticks == 4)
            await self._event(second, begins[1], ticks, end=False)
        for _ in range(3):
            await self._event(second, begins[1], 5, end=True)

    async def press_in_a_heap(self, keys: str) -> None:
        """Keys whose packets come all at once, as after a stutter of the network."""
        for at, key in enumerate(keys):
            begin = self._now + 2000 * at
            for ticks in (1, 3):
                await self._event(key, begin, ticks, end=False)
            for _ in range(3):
                await self._event(key, begin, 5, end=True)

    async def serve(self) -> None:
        """Take what the line sends, until cancelled."""
        async for datagram, _ in self._sip:
            message = datagram.decode()
            if message.startswith("SIP/2.0 200") and "INVITE" in message and not self._answered.is_set():
                to, contact, media = _TO.search(message), _CONTACT.search(message), _MEDIA.search(message)
                assert to is not None, message
                assert contact is not None, message
                assert media is not None, message
                self._to, self._target = to[1], contact[1]
                self._far_port = int(media[1]) if self._path is None else self._path.near.port
                self._answered.set()
            elif message.startswith("SIP/2.0") and " REFER\r\n" in message:
                self.refused = int(message.split(" ", 2)[1]) >= 300
            elif not message.startswith("SIP/2.0"):
                await self._agree(message)
                if message.startswith("BYE "):
                    self.over.set()

    async def hear(self) -> None:
        """Keep what the line sends as sound and events, until cancelled."""
        async for datagram, _ in self._media:
            if (packet := rtp.read(datagram, anyio.current_time())) is not None:
                self.received.append(packet)
                if self.echoes is not None and packet.payload_type == rtp.PCMU:
                    self._echo(packet.payload, self.echoes)

    def _echo(self, coded: bytes, gain: float) -> None:
        self._returns = (self._returns or _ECHO_LATER) + ulaw(_linear(coded) * gain)

    def _next(self) -> bytes:
        """The next 20 ms of what is said, with what comes back of what is heard."""
        said, self._says = self._says[:_TICK_BYTES], self._says[_TICK_BYTES:]
        back, self._returns = self._returns[:_TICK_BYTES], self._returns[_TICK_BYTES:]
        said, back = said.ljust(_TICK_BYTES, _QUIET), back.ljust(_TICK_BYTES, _QUIET)
        return ulaw(_linear(said) + _linear(back)) if back.strip(_QUIET) else said

    async def _agree(self, message: str) -> None:
        """Say yes to a request; where the call is offered anew, to all that is offered (RFC 3264)."""
        head, _, offer = message.partition("\r\n\r\n")
        lines = head.split("\r\n")[1:]
        same = [one for one in lines if one.split(":")[0] in ("Via", "From", "To", "Call-ID", "CSeq")]
        body = ""
        if message.startswith("INVITE "):
            self.has_events = "telephone-event" in offer
            body = self._description(version=2)
            same += [f"Contact: <sip:raw@{HOST}:{_port(self._sip)}>", "Content-Type: application/sdp"]
        answer = "\r\n".join(["SIP/2.0 200 OK", *same, f"Content-Length: {len(body)}", "", body])
        async with self._writing:
            await self._sip.sendto(answer.encode(), *self._line)

    def _description(self, version: int) -> str:
        """Our side of the call (RFC 8866)."""
        lines = ["v=0", f"o=- 1 {version} IN IP4 {HOST}", "s=-", f"c=IN IP4 {HOST}", "t=0 0"]
        kinds = f"0 {_EVENTS}" if self.has_events else "0"
        at = _port(self._media) if self._path is None else self._path.far.port
        lines += [f"m=audio {at} RTP/AVP {kinds}", "a=rtpmap:0 PCMU/8000"]
        if self.has_events:
            lines += [f"a=rtpmap:{_EVENTS} telephone-event/8000", f"a=fmtp:{_EVENTS} 0-15"]
        return "\r\n".join([*lines, ""])

    async def _hold(self, key: str, held_s: float) -> None:
        begin, ticks = self._now, max(round(held_s / _TICK_S), 2)
        began = anyio.current_time()
        for tick in range(1, ticks):
            await self._event(key, begin, tick, end=False)
            await anyio.sleep_until(began + tick * _TICK_S)
        for _ in range(3):
            await self._event(key, begin, ticks, end=True)

    async def _event(self, key: str, begin: int, ticks: int, *, end: bool) -> None:
        duration = min(ticks * 160, 0xFFFF)
        event = bytes([_KEYS.index(key), (_END if end else 0) | _VOLUME]) + duration.to_bytes(2, "big")
        await self._packet(event, begin, _EVENTS)

    async def sound(self) -> None:
        """Send what is said, else silence, as telephones do, until cancelled; events share its clock."""
        await self._answered.wait()
        began = anyio.current_time()
        for tick in count(1):
            self._now = tick * _TICK_BYTES
            await self._packet(self._next(), self._now, rtp.PCMU)
            await anyio.sleep_until(began + tick * _TICK_S)

    async def _packet(self, payload: bytes, timestamp: int, payload_type: int) -> None:
        async with self._writing:
            packet = rtp.write(payload, self._sequence, timestamp, payload_type=payload_type)
            self._sequence += 1
            await self._media.sendto(packet, self._line[0], self._far_port)

    async def _send(self, method: str, order: int, kind: str = "", body: str = "", *, more: str = "") -> None:
        lines = [
            f"{method} {self._target} SIP/2.0",
            f"Via: SIP/2.0/UDP {HOST}:{_port(self._sip)};branch=z9hG4bK{order}{method}{_port(self._sip)}",
            f"From: {self._from}",
            f"To: {self._to}",
            f"Call-ID: {self._id}",
            f"CSeq: {order} {method}",
            f"Contact: <sip:raw@{HOST}:{_port(self._sip)}>",
            "Max-Forwards: 70",
            *([more] if more else []),
            *([f"Content-Type: {kind}"] if kind else []),
            f"Content-Length: {len(body)}",
        ]
        async with self._writing:
            await self._sip.sendto("\r\n".join([*lines, "", body]).encode(), *self._line)

    async def refer(self, to: str) -> None:
        """Ask the line to go to somebody else (RFC 3515)."""
        await self._send("REFER", next(self._orders), more=f"Refer-To: <sip:{to}@{self._line[0]}>")

    async def hang_up(self) -> None:
        """End the call."""
        if not self.over.is_set():
            await self._send("BYE", next(self._orders))


@asynccontextmanager
async def raw_caller(
    caller: str, line: tuple[str, int], path: RoughPath | None = None
) -> AsyncIterator[RawCaller]:
    """Such a caller for as long as the `async with` lasts."""
    async with (
        await anyio.create_udp_socket(local_host=HOST) as sip,
        await anyio.create_udp_socket(local_host=HOST) as media,
    ):
        one = RawCaller(sip, media, caller, line, path)
        async with beside(one.serve), beside(one.sound), beside(one.hear):
            yield one
            await one.hang_up()


def _linear(coded: bytes) -> Samples:
    return samples(Audio(ulaw_to_pcm(coded), _RATE_HZ))


def _port(socket: UDPSocket) -> int:
    return int(socket.extra(SocketAttribute.local_port))
