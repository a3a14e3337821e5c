"""What Asterisk tells of keys, beside what the line makes of them: AMI, where the line makes nobody deaf."""

import secrets
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import anyio
from anyio.streams.buffered import BufferedByteReceiveStream

from node.stack.ports import HOST, free_ports
from rehearsal.beside import beside

_USER = "counted"
_LONGEST = 1 << 16


@dataclass(frozen=True, slots=True)
class Key:
    """One, when Asterisk saw it let go (seconds of the machine's clock), and how long it says it was held."""

    sign: str
    at_s: float
    held_ms: int


@dataclass(frozen=True, slots=True)
class Door:
    """Where AMI listens; no line has it by itself, as it tells every key."""

    port: int
    secret: str

    @property
    def files(self) -> Mapping[str, str]:
        """Of Asterisk's configuration, in place of the rendered ones."""
        general = f"[general]\nenabled = yes\nbindaddr = {HOST}\nport = {self.port}\ntimestampevents = yes\n"
        return {"manager.conf": f"{general}[{_USER}]\nsecret = {self.secret}\nread = dtmf\n"}


def door() -> Door:
    """On a port that nobody uses."""
    return Door(free_ports().ari, secrets.token_urlsafe(18))


class Told:
    """The keys that Asterisk told, in order, by the number of who pressed them."""

    def __init__(self) -> None:
        self._keys: defaultdict[str, list[Key]] = defaultdict(list)

    def by(self, caller: str) -> list[Key]:
        """All keys of one caller."""
        return self._keys[caller]

    async def hear(self, stream: BufferedByteReceiveStream) -> None:
        """Listen until cancelled."""
        while True:
            message = (await stream.receive_until(b"\r\n\r\n", _LONGEST)).decode(errors="replace")
            told = dict(line.split(": ", 1) for line in message.splitlines() if ": " in line)
            if told.get("Event") == "DTMFEnd" and told["Direction"] == "Received":
                key = Key(told["Digit"], float(told["Timestamp"]), int(told["DurationMs"]))
                self._keys[told["CallerIDNum"]].append(key)


@asynccontextmanager
async def told(through: Door) -> AsyncIterator[Told]:
    """Listen for as long as the `async with` lasts."""
    one = Told()
    async with await anyio.connect_tcp(HOST, through.port) as stream:
        words = f"Action: Login\r\nUsername: {_USER}\r\nSecret: {through.secret}\r\n\r\n"
        await stream.send(words.encode())
        async with beside(one.hear, BufferedByteReceiveStream(stream)):
            yield one
