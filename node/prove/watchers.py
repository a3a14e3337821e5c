"""Outside listeners: what Asterisk and the line tell anybody is written to files, all the while."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import anyio
import structlog

from node.stack.ports import HOST
from pbx.ari.socket import credentials
from rehearsal.beside import beside

log = structlog.get_logger(__name__)

_AGAIN_S = 0.2
_CONNECT_S = 60.0
_CARRIES_KEYS = "ChannelDtmfReceived"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where there is something to listen to."""

    ami_port: int
    ami_user: str
    ami_password: str
    ari: str
    ari_user: str
    ari_password: str
    live: str
    live_headers: Mapping[str, str]


class Watcher:
    """Connects again whenever it is cut off; what it hears is added to a file."""

    def __init__(self, file: Path, hear: Callable[["Watcher"], Awaitable[None]]) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self.file, self._hear = file, hear
        self._out = file.open("ab", buffering=0)
        self._listening = anyio.Event()

    def write(self, data: bytes) -> None:
        """It heard something."""
        self._out.write(data)

    def connected(self) -> None:
        """It listens now."""
        self._listening.set()

    async def listening(self) -> None:
        """Wait until it listens."""
        with anyio.fail_after(_CONNECT_S):
            await self._listening.wait()

    async def run(self) -> None:
        """Listen until cancelled."""
        try:
            while True:
                try:
                    await self._hear(self)
                except (OSError, aiohttp.ClientError, anyio.EndOfStream, anyio.BrokenResourceError) as cut:
                    log.debug("cut off", file=self.file.name, why=str(cut))
                self._listening = anyio.Event()
                await anyio.sleep(_AGAIN_S)
        finally:
            self._out.close()


@asynccontextmanager
async def watching(folder: Path, addresses: Addresses) -> AsyncIterator[Sequence[Watcher]]:
    """Listen to AMI, ARI and the line's live facts, all connected before this returns."""
    watchers = (
        Watcher(folder / "ami", lambda one: _ami(one, addresses)),
        Watcher(folder / "ari", lambda one: _ari(one, addresses)),
        Watcher(folder / "live", lambda one: _live(one, addresses)),
    )
    async with AsyncExitStack() as stack:
        for one in watchers:
            await stack.enter_async_context(beside(one.run))
        for one in watchers:
            await one.listening()
        yield watchers


async def _ami(watcher: Watcher, addresses: Addresses) -> None:
    login = f"Action: Login\r\nUsername: {addresses.ami_user}\r\nSecret: {addresses.ami_password}\r\n\r\n"
    async with await anyio.connect_tcp(HOST, addresses.ami_port) as stream:
        await stream.send(login.encode())
        async for data in stream:
            watcher.write(data)
            if b"Authentication accepted" in data:
                watcher.connected()


async def _ari(watcher: Watcher, addresses: Addresses) -> None:
    headers = {"Authorization": credentials(addresses.ari_user, addresses.ari_password)}
    query = {"app": "prove", "subscribeAll": "true"}
    async with (
        aiohttp.ClientSession(headers=headers) as http,
        http.ws_connect(f"{addresses.ari}/ari/events", params=query) as events,
    ):
        # who listens without this is told of keys that are pressed, or told again, when no card is taken
        order = {"disallowed": [{"type": _CARRIES_KEYS}]}
        async with http.put(f"{addresses.ari}/ari/applications/prove/eventFilter", json=order) as answer:
            answer.raise_for_status()
        watcher.connected()
        async for event in events:
            watcher.write(f"{event.data}\n".encode())


async def _live(watcher: Watcher, addresses: Addresses) -> None:
    async with (
        aiohttp.ClientSession(headers=addresses.live_headers) as http,
        http.ws_connect(f"{addresses.live}/v1/live") as facts,
    ):
        await facts.send_json({"topics": ["*"]})
        watcher.connected()
        async for fact in facts:
            watcher.write(f"{fact.data}\n".encode())
