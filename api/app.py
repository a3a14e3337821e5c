"""The web application, put together from its routes."""

from collections.abc import Iterable

from aiohttp import web

from api import live
from api.auth import by_key
from api.problem import problems
from api.routes import calls, captures, health
from api.services import Services

_BODY_BYTES = 64 * 1024


def build(services: Services, *more: Iterable[web.RouteDef]) -> web.Application:
    """The application that serves these rooms, and the routes of `more`; it holds no state of its own."""
    app = web.Application(middlewares=[problems, by_key(services.key)], client_max_size=_BODY_BYTES)
    for part in (health, calls, captures, live):
        app.add_routes(part.routes(services))
    for routes in more:
        app.add_routes(routes)
    return app
