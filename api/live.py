"""Facts as they happen, over a WebSocket: `GET /v1/live?after=SEQ`."""

from collections.abc import AsyncIterator

import anyio
import structlog
from aiohttp import WSMsgType, web
from pydantic import BaseModel, Field

from api.route import Asked, Route, Table
from api.schemas import rendered
from api.scopes import Scope
from api.services import Services
from core.events import Recorded

log = structlog.get_logger(__name__)

_SEND_S = 5.0


class LiveQuery(BaseModel, extra="forbid"):
    """Where to go on: the number of the last fact that was seen."""

    after: int | None = Field(None, ge=0, le=2**63 - 1)


def routes(services: Services) -> Table:
    """`/v1/live`: all facts after a number, then each new one; a client resumes with the last it saw."""

    async def live(asked: Asked[LiveQuery, None]) -> web.WebSocketResponse:
        return await told_live(asked.request, services.facts.follow(asked.query.after))

    return [
        Route(
            "GET",
            "/v1/live",
            live,
            Scope.LIVE_READ,
            "Facts as they happen: a WebSocket (RFC 6455)",
            query=LiveQuery,
            status=101,
            sensitive=True,
        )
    ]


async def told_live(request: web.Request, facts: AsyncIterator[Recorded]) -> web.WebSocketResponse:
    """Tell these facts over a WebSocket until either side ends it; who does not read is let go."""
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
        with anyio.fail_after(_SEND_S):  # a client that does not read is let go; it resumes where it was
            await socket.send_json(rendered(recorded))


async def _until_closed(socket: web.WebSocketResponse, scope: anyio.CancelScope) -> None:
    async for message in socket:
        if message.type in (WSMsgType.CLOSE, WSMsgType.ERROR):
            break
    scope.cancel()
