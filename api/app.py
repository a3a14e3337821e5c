"""The web application, put together from its routes."""

from collections.abc import Iterable

from aiohttp import web
from aiohttp.typedefs import Middleware

from api import live
from api.access.headers import secure
from api.access.rates import tell_standing
from api.access.sockets import Still, ended_with
from api.auth import by_key, guarded
from api.problem import problems
from api.repeated import Answers, once
from api.route import BODY_BYTES, TABLE, AnyRoute, Table
from api.routes import calls, captures, health, reference
from api.services import Services
from api.serving import add_routes
from api.who import Gate


def build(services: Services, *more: Table, gate: Gate | None = None) -> web.Application:
    """The application that serves these rooms, and the routes of `more`; it holds no state of its own."""
    return serving(table_of(services, *more), gate)


def serving(
    table: Table,
    gate: Gate | None = None,
    answers: Answers | None = None,
    still: Still | None = None,
    carried: Middleware | None = None,
) -> web.Application:
    """An application of these routes alone.

    `gate` says who asks and whether they may; without one it is open to all. With `answers` a POST that
    comes again with its Idempotency-Key gets the answer of the first time. `still` says whether whoever
    opened a socket may have it still; `carried` has what belongs to other nodes done there (api.elsewhere).
    """
    middlewares = [
        problems,
        guarded(gate or by_key("")),
        *([ended_with(still)] if still else []),
        *([once(answers)] if answers else []),
        *([carried] if carried else []),
    ]
    app = web.Application(middlewares=middlewares, client_max_size=BODY_BYTES)
    app[TABLE] = add_routes(app, table)
    app.on_response_prepare.extend([secure, tell_standing])
    return app


def table_of(services: Services, *more: Iterable[AnyRoute]) -> Table:
    """All routes, those of the document of them too."""
    parts = (health, calls, captures, live)
    table = [
        *(route for part in parts for route in part.routes(services)),
        *(one for some in more for one in some),
    ]
    return [*table, *reference.routes(table)]
