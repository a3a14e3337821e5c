"""A WebSocket as the rest of the room sees it, whoever opened it."""

import base64
import socket
from typing import Protocol

from aiohttp import ClientWebSocketResponse, WSMsgType, web

from core.errors import SwitchLost

HEARTBEAT_S = 5.0
MAX_MESSAGE_BYTES = 4 * 1024 * 1024

_WebSocket = ClientWebSocketResponse | web.WebSocketResponse


class Socket(Protocol):
    """Messages in order, both ways; a lost peer is noticed within some seconds."""

    async def send(self, message: str | bytes) -> None:
        """Send one message; waits while the peer reads too slowly. Raises SwitchLost when it is closed."""
        ...

    async def receive(self) -> str | bytes:
        """The next message. Raises SwitchLost when the socket is closed."""
        ...

    async def close(self) -> None:
        """Close it. Closing it twice does nothing."""
        ...


def credentials(user: str, password: str) -> str:
    """The `Authorization` header's value (RFC 7617)."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


class AiohttpSocket:
    """Either end of aiohttp's WebSocket.

    Asterisk writes a message's head and body apart, without TCP_NODELAY: with delayed acknowledgements each
    of its messages takes 40 ms, so TCP_QUICKACK, which Linux forgets after use (tcp(7)), is set at each read.
    """

    def __init__(self, websocket: _WebSocket, connection: socket.socket | None) -> None:
        self._websocket = websocket
        self._connection = connection

    async def send(self, message: str | bytes) -> None:
        """Send one message."""
        try:
            if isinstance(message, str):
                await self._websocket.send_str(message)
            else:
                await self._websocket.send_bytes(message)
        except (ConnectionError, RuntimeError) as error:
            raise SwitchLost(f"Asterisk closed its WebSocket: {error}") from error

    async def receive(self) -> str | bytes:
        """The next message."""
        self._acknowledge_at_once()
        message = await self._websocket.receive()
        if message.type in {WSMsgType.TEXT, WSMsgType.BINARY}:
            data: str | bytes = message.data
            return data
        raise SwitchLost(f"Asterisk closed its WebSocket ({message.type.name})")

    async def close(self) -> None:
        """Close it."""
        await self._websocket.close()

    def _acknowledge_at_once(self) -> None:
        if self._connection is not None:
            try:
                self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            except OSError:
                self._connection = None  # closed: the next receive says so
