"""Who may ask: the gate in front of all routes, and the operator's API key, compared in constant time."""

import hmac

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from api.presented import key_of
from api.problem import NotDone
from api.route import route_of
from api.scopes import Scope
from api.who import NOBODY, WHO, Gate, Who
from db.actor import Actor, acting

_OPERATOR = Who("operator", "the operator's key", frozenset(Scope))


def guarded(gate: Gate) -> Middleware:
    """Ask the gate about each request that a route serves; what none serves is not found, for all.

    What is written to the audit log meanwhile says who it was.
    """

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        route = route_of(request)
        if route is not None:
            request[WHO] = who = await gate(request, route.scope)
            with acting(Actor(who.id or "nobody", who.address)):
                return await handler(request)
        return await handler(request)

    return check


def by_key(key: str) -> Gate:
    """Let requests in that present the key (api.presented); an empty key lets everybody in."""

    async def gate(request: web.Request, scope: Scope) -> Who:
        given = key_of(request) or ""
        if not key or hmac.compare_digest(given.encode("utf-8", "surrogateescape"), key.encode()):
            return _OPERATOR
        if scope is Scope.OPEN:
            return NOBODY
        raise NotDone(
            401,
            "unauthorized",
            "send the header `Authorization: Bearer KEY` with the API key",
            {"WWW-Authenticate": "Bearer"},
        )

    return gate
