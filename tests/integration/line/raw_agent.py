"""An agent's telephone made of bare packets, which consults a third one and then sends its caller there."""

import hashlib
import re
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Final
from urllib.parse import quote

import anyio
from anyio.abc import SocketAttribute, UDPSocket

from node.stack.ports import HOST
from rehearsal.beside import beside

_ANSWER_S: Final = 10.0
_UNAUTHORIZED: Final = 401
_NONCE: Final = re.compile(r'nonce="([^"]+)"')
_REALM: Final = re.compile(r'realm="([^"]+)"')
_OPAQUE: Final = re.compile(r'opaque="([^"]+)"')


@dataclass
class Dialog:
    """One call: whose tags are whose, and where its requests go (RFC 3261 12)."""

    id: str
    ours: str
    theirs: str
    target: str
    orders: "count[int]" = field(default_factory=lambda: count(1))


class RawAgent:
    """A registered telephone with two lines: one that rings, and one on which it consults."""

    def __init__(
        self, sip: UDPSocket, media: UDPSocket, name: str, password: str, line: tuple[str, int]
    ) -> None:
        self._sip, self._media, self._line = sip, media, line
        self._name, self._password = name, password
        self._waiting: dict[tuple[str, str], anyio.Event] = {}
        self._answers: dict[tuple[str, str], str] = {}
        self.rang, self.over = anyio.Event(), anyio.Event()
        self.call: Dialog | None = None
        self.consultation: Dialog | None = None

    async def register(self) -> None:
        """Be there for calls."""
        where = f"sip:{self._line[0]}:{self._line[1]}"
        dialog = Dialog(
            secrets.token_hex(8), self._address(self._name), self._address(self._name, tag=""), where
        )
        await self._asked("REGISTER", dialog)

    async def consult(self, to: str) -> None:
        """Call somebody on the second line."""
        target = f"sip:{to}@{self._line[0]}:{self._line[1]}"
        dialog = Dialog(secrets.token_hex(8), self._address(self._name), f"<{target}>", target)
        answer = await self._asked("INVITE", dialog, body=self._description())
        dialog.theirs, dialog.target = _head(answer, "To"), _uri(_head(answer, "Contact"))
        await self._send("ACK", dialog, _order(answer))
        self.consultation = dialog

    async def send_on(self) -> int:
        """Ask that the first line's caller be joined with the second's (REFER with Replaces); the status."""
        assert self.call is not None
        assert self.consultation is not None
        other = self.consultation
        replaces = f"{other.id};to-tag={_tag(other.theirs)};from-tag={_tag(other.ours)}"
        to = f"<{_uri(other.target)}?Replaces={quote(replaces, safe='')}>"
        more = [f"Refer-To: {to}", f"Referred-By: <sip:{self._name}@{HOST}>"]
        return _status(await self._asked("REFER", self.call, more))

    async def serve(self) -> None:
        """Take what the line sends, until cancelled."""
        async for datagram, _ in self._sip:
            message = datagram.decode()
            if message.startswith("SIP/2.0"):
                self._hear(message)
            else:
                await self._agree(message)

    def _hear(self, message: str) -> None:
        key = _head(message, "Call-ID"), _head(message, "CSeq")
        if _status(message) >= 200 and key in self._waiting:
            self._answers[key] = message
            self._waiting[key].set()

    async def _agree(self, message: str) -> None:
        method = message.split(" ", 1)[0]
        if method == "ACK":
            return
        mine = (
            f"{_head(message, 'To')};tag=agent"
            if "tag=" not in _head(message, "To")
            else _head(message, "To")
        )
        same = [f"{name}: {_head(message, name)}" for name in ("From", "Call-ID", "CSeq")]
        vias = [line for line in message.split("\r\n") if line.startswith("Via:")]
        body = self._description() if method == "INVITE" else ""
        lines = ["SIP/2.0 200 OK", *vias, *same, f"To: {mine}", f"Contact: <{self._contact()}>"]
        lines += ["Content-Type: application/sdp"] if body else []
        answer = "\r\n".join([*lines, f"Content-Length: {len(body)}", "", body])
        await self._sip.sendto(answer.encode(), *self._line)
        if method == "INVITE" and self.call is None:
            theirs, target = _head(message, "From"), _uri(_head(message, "Contact"))
            self.call = Dialog(_head(message, "Call-ID"), mine, theirs, target)
            self.rang.set()
        elif method == "BYE" and self.call is not None and _head(message, "Call-ID") == self.call.id:
            self.over.set()

    async def _asked(self, method: str, dialog: Dialog, more: list[str] | None = None, body: str = "") -> str:
        """Ask, with our password when it is asked for; the final answer."""
        answer = await self._once(method, dialog, more or [], body)
        if _status(answer) == _UNAUTHORIZED:
            if method == "INVITE":
                await self._send("ACK", dialog, _order(answer), theirs=_head(answer, "To"))
            signed = self._signed(method, dialog.target, answer)
            answer = await self._once(method, dialog, [*(more or []), signed], body)
        assert _status(answer) < 300, answer
        return answer

    async def _once(self, method: str, dialog: Dialog, more: list[str], body: str) -> str:
        order = next(dialog.orders)
        key = dialog.id, f"{order} {method}"
        self._waiting[key] = anyio.Event()
        await self._send(method, dialog, order, more, body)
        with anyio.fail_after(_ANSWER_S):
            await self._waiting[key].wait()
        return self._answers[key]

    async def _send(
        self,
        method: str,
        dialog: Dialog,
        order: int,
        more: list[str] | None = None,
        body: str = "",
        *,
        theirs: str = "",
    ) -> None:
        lines = [
            f"{method} {dialog.target} SIP/2.0",
            f"Via: SIP/2.0/UDP {HOST}:{_port(self._sip)};branch=z9hG4bK{secrets.token_hex(6)}",
            f"From: {dialog.ours}",
            f"To: {theirs or dialog.theirs}",
            f"Call-ID: {dialog.id}",
            f"CSeq: {order} {method}",
            f"Contact: <{self._contact()}>",
            "Max-Forwards: 70",
            *(more or []),
            *(["Content-Type: application/sdp"] if body else []),
            f"Content-Length: {len(body)}",
        ]
        await self._sip.sendto("\r\n".join([*lines, "", body]).encode(), *self._line)

    def _signed(self, method: str, uri: str, challenge: str) -> str:
        """RFC 8760, the MD5 of RFC 2617."""
        lines = [line for line in challenge.split("\r\n") if line.startswith("WWW-Authenticate:")]
        offer = next(line for line in lines if "md5" in line.lower())
        realm, nonce, opaque = _REALM.search(offer), _NONCE.search(offer), _OPAQUE.search(offer)
        assert realm is not None
        assert nonce is not None
        secret = _md5(f"{self._name}:{realm[1]}:{self._password}")
        what = _md5(f"{method}:{uri}")
        response = _md5(f"{secret}:{nonce[1]}:00000001:agent:auth:{what}")
        opaque_too = f', opaque="{opaque[1]}"' if opaque else ""
        return (
            f'Authorization: Digest username="{self._name}", realm="{realm[1]}", nonce="{nonce[1]}", '
            f'uri="{uri}", response="{response}", algorithm=MD5, qop=auth, nc=00000001, '
            f'cnonce="agent"{opaque_too}'
        )

    def _address(self, name: str, tag: str = "agent") -> str:
        address = f"<sip:{name}@{self._line[0]}:{self._line[1]}>"
        return f"{address};tag={tag}" if tag else address

    def _contact(self) -> str:
        return f"sip:{self._name}@{HOST}:{_port(self._sip)}"

    def _description(self) -> str:
        lines = ["v=0", f"o=- 1 1 IN IP4 {HOST}", "s=-", f"c=IN IP4 {HOST}", "t=0 0"]
        lines += [f"m=audio {_port(self._media)} RTP/AVP 0", "a=rtpmap:0 PCMU/8000", ""]
        return "\r\n".join(lines)


@asynccontextmanager
async def raw_agent(name: str, line: tuple[str, int]) -> AsyncIterator[RawAgent]:
    """Such a telephone, registered, for as long as the `async with` lasts."""
    async with (
        await anyio.create_udp_socket(local_host=HOST) as sip,
        await anyio.create_udp_socket(local_host=HOST) as media,
    ):
        agent = RawAgent(sip, media, name, f"phone-{name}-loopback", line)
        async with beside(agent.serve):
            await agent.register()
            yield agent


def _head(message: str, name: str) -> str:
    found = re.search(rf"^{name}: (.+?)\r?$", message, re.MULTILINE)
    return found[1] if found else ""


def _uri(address: str) -> str:
    found = re.search(r"<([^>]+)>", address)
    return found[1] if found else address


def _tag(address: str) -> str:
    found = re.search(r"tag=([^;>\s]+)", address)
    return found[1] if found else ""


def _status(message: str) -> int:
    return int(message.split(" ", 2)[1])


def _order(message: str) -> int:
    return int(_head(message, "CSeq").split()[0])


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _port(socket: UDPSocket) -> int:
    return int(socket.extra(SocketAttribute.local_port))
