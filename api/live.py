"""Facts as they happen, over a WebSocket: `GET /v1/live?after=SEQ`."""

import anyio
import structlog
from aiohttp import WSMsgType, web

from api.schemas import rendered
from api.services import Services
from core.errors import BadInput

log = structlog.get_logger(__name__)

_SEND_S = 5.0


def routes(services: Services) -> list[web.RouteDef]:
    """`/v1/live`: all facts after a number, then each new one; a client resumes with the last it saw."""

    async def live(request: web.Request) -> web.WebSocketResponse:
        after = _after(request)
        socket = web.WebSocketResponse(heartbeat=20)
        await socket.prepare(request)
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(_until_closed, socket, tasks.cancel_scope)
                await _tell(services, socket, after)
        except* (ConnectionResetError, TimeoutError):
            log.info("live client let go, it did not read", client=request.remote)
        await socket.close()
        return socket

    return [web.get("/v1/live", live)]


async def _tell(services: Services, socket: web.WebSocketResponse, after: int | None) -> None:
    async for recorded in services.facts.follow(after):
        with anyio.fail_after(_SEND_S):  # a client that does not read is let go; it resumes where it was
            await socket.send_json(rendered(recorded))


async def _until_closed(socket: web.WebSocketResponse, scope: anyio.CancelScope) -> None:
    async for message in socket:
        if message.type in (WSMsgType.CLOSE, WSMsgType.ERROR):
            break
    scope.cancel()


def _after(request: web.Request) -> int | None:
    text = request.query.get("after")
    if text is None:
        return None
    if not text.isascii() or not text.isdigit():
        raise BadInput(f"after={text!r} is not the number of a fact, such as 0 or 1207")
    return int(text)
