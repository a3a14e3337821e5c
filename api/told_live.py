"""One client told of one stream of facts over a WebSocket, until either side ends it."""

from collections.abc import AsyncIterator
from typing import Final

import anyio
import structlog
from aiohttp import WSMsgType, web

from api.schemas import rendered
from core.events import Recorded

log = structlog.get_logger(__name__)

_SEND_S: Final = 5.0


async def told_live(request: web.Request, facts: AsyncIterator[Recorded]) -> web.WebSocketResponse:
    """Tell these facts; who does not read is let go."""
    socket = web.WebSocketResponse(heartbeat=20)
    await socket.prepare(request)
    try:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_until_closed, socket, tasks.cancel_scope)
            await _tell(facts, socket)
    except* (ConnectionResetError, TimeoutError):
        log.info("live client let go, it did not read", client=request.remote)
    await socket.close()
    return socket


async def _tell(facts: AsyncIterator[Recorded], socket: web.WebSocketResponse) -> None:
    async for recorded in facts:
        with anyio.fail_after(_SEND_S):
            await socket.send_json(rendered(recorded))


async def _until_closed(socket: web.WebSocketResponse, scope: anyio.CancelScope) -> None:
    async for message in socket:
        if message.type in (WSMsgType.CLOSE, WSMsgType.ERROR):
            break
    scope.cancel()
