"""Who may ask: the operator's API key, compared in constant time."""

import hmac

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from api.problem import problem

_OPEN = frozenset({"/healthz", "/readyz", "/metrics"})
_OPEN_BELOW = ("/webhooks/", "/pay/")  # a signature or an unguessable address says who it is


def by_key(key: str) -> Middleware:
    """Let requests in that carry `Authorization: Bearer KEY`; an empty key lets everybody in."""

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        is_open = request.path in _OPEN or request.path.startswith(_OPEN_BELOW)
        if key and not is_open and not hmac.compare_digest(given.encode(), key.encode()):
            return problem(
                401, "unauthorized", "send the header `Authorization: Bearer KEY` with the API key"
            )
        return await handler(request)

    return check
