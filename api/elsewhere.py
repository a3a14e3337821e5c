"""What is asked here about a call that another node holds, is done there: a part of every application."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

import anyio
from aiohttp import hdrs, web
from aiohttp.typedefs import Handler, Middleware

from api.body import in_time
from api.errands import Errand, Errands, NodeGone, Reply
from api.fetched import fetched
from api.problem import NotDone
from api.route import route_of
from api.who import NOBODY, WHO
from core.errors import OutOfReach
from core.ids import CallId

_CALL: Final = re.compile(r"[A-Za-z0-9_-]{1,100}")
_CARRIED: Final = ("Content-Type", "Accept", "Idempotency-Key")
_SEND_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Held:
    """The node that holds a call, or held it until it was `over`: what was captured on it is still there."""

    node: str
    over: bool


Holder = Callable[[CallId], Awaitable[Held | None]]
"""Who holds a call; None when it is this node, or none. Raises StoreLost."""


def elsewhere(errands: Errands, holder: Holder) -> Middleware:
    """Carry requests about calls (`Route.at_call`) to the node that holds them."""

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        route = route_of(request)
        call = request.match_info.get(route.at_call, "") if route is not None and route.at_call else ""
        held = await holder(CallId(call)) if _CALL.fullmatch(call) else None
        if held is None or route is None or (route.is_here is not None and route.is_here(call)):
            return await handler(request)
        try:
            errand = await _errand(request)
            if route.is_here is not None and request.method == hdrs.METH_GET:
                return await fetched(request, errands, held.node, errand)
            async with errands.ask(held.node, errand) as reply:
                return await _told(request, reply)
        except NodeGone as gone:
            if held.over and route.is_here is None:
                return await handler(request)
            raise NotDone(503, "node_gone", f"call {call} is held by another node: {gone}") from gone

    return check


async def _errand(request: web.Request) -> Errand:
    who = request.get(WHO, NOBODY)
    told = {"id": who.id, "name": who.name, "scopes": sorted(who.scopes), "address": who.address}
    headers = {name: request.headers[name] for name in _CARRIED if name in request.headers}
    return Errand(request.method, request.rel_url.raw_path_qs, headers, await in_time(request.read()), told)


async def _told(request: web.Request, reply: Reply) -> web.StreamResponse:
    if not reply.long:
        body = b"".join([part async for part in reply.parts])
        return web.Response(status=reply.status, headers=reply.headers, body=body)
    response = web.StreamResponse(status=reply.status, headers=reply.headers)
    await response.prepare(request)
    try:
        async for part in reply.parts:
            with anyio.fail_after(_SEND_S):
                await response.write(part)
    except (OutOfReach, ConnectionResetError, TimeoutError):
        pass  # the head was sent: it ends here
    return response
