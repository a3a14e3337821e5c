"""The two ways to come by a WebSocket that speaks ARI: we connect to Asterisk, or it connects to us."""

from random import Random
from typing import Protocol

import aiohttp
import anyio
import structlog

from core.errors import SwitchLost
from pbx.ari.listener import Listener, Query
from pbx.ari.socket import HEARTBEAT_S, MAX_MESSAGE_BYTES, AiohttpSocket, Socket, credentials

_CONNECT_TIMEOUT_S = 5.0
_BACKOFF_S = (0.05, 0.1, 0.2, 0.5, 1.0)

log = structlog.get_logger(__name__)


class Link(Protocol):
    """Where connections to one Asterisk come from."""

    async def connect(self) -> Socket:
        """The next connection: waits until there is one, however long Asterisk is away."""
        ...


class Dialed:
    """We connect to Asterisk's /ari/events; `url` is its HTTP server, such as `http://127.0.0.1:8088`."""

    def __init__(self, url: str, *, app: str, user: str, password: str, chance: Random) -> None:
        self._url = f"{url.rstrip('/')}/ari/events"
        self._query = {"app": app, "subscribeAll": "false"}
        self._headers = {"Authorization": credentials(user, password)}
        self._chance = chance

    async def connect(self) -> Socket:
        """Connect; tries again after 50 ms, and ever more seldom, 1 s at most."""
        attempt = 0
        while True:
            try:
                return await self._try()
            except (aiohttp.ClientError, OSError, TimeoutError) as error:
                self._report(error, first=attempt == 0)
            pause_s = _BACKOFF_S[min(attempt, len(_BACKOFF_S) - 1)]
            await anyio.sleep(pause_s * self._chance.uniform(0.5, 1.0))
            attempt += 1

    async def _try(self) -> Socket:
        session = aiohttp.ClientSession(headers=self._headers)
        try:
            with anyio.fail_after(_CONNECT_TIMEOUT_S):
                websocket = await session.ws_connect(
                    self._url, params=self._query, heartbeat=HEARTBEAT_S, max_msg_size=MAX_MESSAGE_BYTES
                )
        except BaseException:
            with anyio.CancelScope(shield=True):
                await session.close()
            raise
        return _WithSession(websocket, session)

    def _report(self, error: BaseException, *, first: bool) -> None:
        if first:
            log.warning("asterisk is out of reach", url=self._url, error=str(error) or type(error).__name__)


class Awaited:
    """Asterisk connects to us: its `ari.conf` has an `outbound_websocket` that leads to the listener."""

    def __init__(self, listener: Listener, path: str = "/ari") -> None:
        self._current: _Closing | None = None
        self._came = anyio.Event()
        listener.serve(path, "ari", self._accept)

    async def connect(self) -> Socket:
        """The next connection that Asterisk opens; a new one replaces one that is still open."""
        await self._came.wait()
        self._came = anyio.Event()
        assert self._current is not None  # noqa: S101 - the event is set after it
        return self._current

    async def _accept(self, socket: Socket, _query: Query) -> None:
        if self._current is not None:
            await self._current.close()
        self._current = _Closing(socket)
        self._came.set()
        await self._current.closed.wait()


class _Closing:
    """A socket whose end is told to the handler that accepted it."""

    def __init__(self, socket: Socket) -> None:
        self._socket, self.closed = socket, anyio.Event()

    async def send(self, message: str | bytes) -> None:
        await self._socket.send(message)

    async def receive(self) -> str | bytes:
        try:
            return await self._socket.receive()
        except SwitchLost:
            self.closed.set()
            raise

    async def close(self) -> None:
        self.closed.set()
        await self._socket.close()


class _WithSession(AiohttpSocket):
    """A socket that we opened; its session is closed with it."""

    def __init__(self, websocket: aiohttp.ClientWebSocketResponse, session: aiohttp.ClientSession) -> None:
        super().__init__(websocket, websocket.get_extra_info("socket"))
        self._session = session

    async def close(self) -> None:
        await super().close()
        await self._session.close()
