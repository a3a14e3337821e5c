"""One client of live facts over a WebSocket, from its coming to its going."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Final

import anyio
import structlog
from aiohttp import WSCloseCode, WSMsgType, web

from api.beats import Beats
from api.hub import Hub, Listener
from api.problem import NotDone
from core.errors import BadInput, StoreLost

log = structlog.get_logger(__name__)

_MESSAGE_BYTES: Final = 16 * 1024
_DRAIN_S: Final = 5.0
_TOO_SLOW: Final = b"too slow: come again with since, the last seq that you saw"


class Visit:
    """`listener` hears what the hub tells; `socket` is for what goes before it."""

    def __init__(
        self, hub: Hub, beats: Beats, socket: web.WebSocketResponse, transport: asyncio.WriteTransport
    ) -> None:
        self.socket = socket
        self._hub, self._transport = hub, transport
        self._scope = anyio.CancelScope()
        self.listener = Listener(transport, self._scope.cancel)
        beats.enter(self.listener)

    async def run(self, serve: Callable[[], Awaitable[None]]) -> web.WebSocketResponse:
        """Serve it until it goes, or is let go. A BadInput of `serve` is told, and ends it."""
        code, why = WSCloseCode.OK, b""
        try:
            with self._scope:
                await serve()
            if self._scope.cancelled_caught:
                code, why = WSCloseCode.TRY_AGAIN_LATER, _TOO_SLOW
                log.info("live client let go, it did not read")
        except (BadInput, StoreLost) as error:
            code, why = WSCloseCode.POLICY_VIOLATION, str(error).encode()[:120]
            if isinstance(error, StoreLost):
                code = WSCloseCode.TRY_AGAIN_LATER
        finally:
            self._hub.leave(self.listener)
            await self._close(code, why)
        return self.socket

    async def texts(self) -> AsyncGenerator[str]:
        """What the client says, until it goes. Raises BadInput for what is no text."""
        while True:
            message = await self.socket.receive()
            self.listener.answered = True
            match message.type:
                case WSMsgType.PONG:
                    pass
                case WSMsgType.PING:
                    await self.socket.pong(message.data)
                case WSMsgType.TEXT:
                    yield message.data
                case WSMsgType.BINARY:
                    raise BadInput("a wish is JSON in a text message")
                case _:
                    return

    async def until_gone(self) -> None:
        """Pass over what the client says, until it goes."""
        async for _ in self.texts():
            pass

    async def _close(self, code: int, why: bytes) -> None:
        """Say good-bye, and do not wait for long until it is read."""
        with anyio.move_on_after(_DRAIN_S, shield=True) as limit:
            await self.socket.close(code=code, message=why)
        if limit.cancelled_caught:
            self._transport.abort()


async def let_in(request: web.Request, hub: Hub, beats: Beats) -> Visit:
    """A client that asks for a WebSocket, let in. Raises NotDone when it asks for something else."""
    transport = request.transport
    socket = web.WebSocketResponse(autoping=False, compress=False, max_msg_size=_MESSAGE_BYTES)
    if not socket.can_prepare(request).ok or transport is None:
        raise NotDone(426, "websocket_needed", "ask for a WebSocket", {"Upgrade": "websocket"})
    await socket.prepare(request)
    return Visit(hub, beats, socket, transport)
