"""A WebSocket ends with the sign-in or the key that opened it, which is asked after while it is open."""

from collections.abc import Awaitable, Callable
from typing import Final

import anyio
import structlog
from aiohttp import hdrs, web
from aiohttp.typedefs import Handler, Middleware

from api.route import route_of
from api.scopes import Scope
from api.who import NOBODY, WHO, Who
from core.errors import StoreLost

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

_LOOK_S: Final = 15.0
_MOST_KNOWN: Final = 20_000

Still = Callable[[web.Request, Who, Scope], Awaitable[bool]]
"""Whether whoever was let in would still be, without counting as a sign of life."""


def ended_with(still: Still) -> Middleware:
    """Hang up on sockets whose opener may no longer have them."""
    still = _Once(still).ask

    @web.middleware
    async def watched(request: web.Request, handler: Handler) -> web.StreamResponse:
        if hdrs.UPGRADE not in request.headers or not request.get(WHO, NOBODY).id:
            return await handler(request)
        answer: web.StreamResponse | Exception
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_hang_up, request, still)
            try:
                answer = await handler(request)
            except Exception as error:
                answer = error
            tasks.cancel_scope.cancel()
        if isinstance(answer, Exception):
            raise answer
        return answer

    return watched


class _Once:
    """Thousands of sockets that one key or one sign-in opened cost as much as one."""

    def __init__(self, still: Still) -> None:
        self._still = still
        self._told: dict[tuple[str, str, Scope], tuple[float, bool]] = {}

    async def ask(self, request: web.Request, who: Who, scope: Scope) -> bool:
        """What was told a moment ago, else asked for."""
        headers = request.headers
        paper = headers.get(hdrs.AUTHORIZATION, "") or headers.get(hdrs.COOKIE, "")
        known, now_s = self._told.get((who.id, paper, scope)), anyio.current_time()
        if known is not None and now_s - known[0] < _LOOK_S / 2:
            return known[1]
        told = await self._still(request, who, scope)
        if len(self._told) >= _MOST_KNOWN:
            self._told.clear()
        self._told[who.id, paper, scope] = now_s, told
        return told


async def _hang_up(request: web.Request, still: Still) -> None:
    route, who = route_of(request), request[WHO]
    while route is not None:
        await anyio.sleep(_LOOK_S)
        try:
            may_stay = await still(request, who, route.scope)
        except StoreLost:
            continue
        if not may_stay and request.transport is not None:
            log.info("socket closed, its sign-in or key has ended", who=who.id)
            request.transport.close()
            return
