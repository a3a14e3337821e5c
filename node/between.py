"""The API of one node among several: what is asked here of calls that another holds is done there."""

from collections.abc import Callable, Coroutine
from typing import Any

from aiohttp import web

from api.access.door import Door
from api.app import serving
from api.back_door import BackDoor
from api.elsewhere import Held, Holder, elsewhere
from api.errands import Errands
from core.ids import CallId
from db.answers import StoredAnswers
from db.between import Between
from node.opened import table
from node.rooms import Parts, rooms_of

Run = Callable[..., Coroutine[Any, Any, None]]
"""It may say that it is started (anyio's task_status)."""


def api_of(parts: Parts, database_url: str, door: Door | None) -> tuple[web.Application, tuple[Run, ...]]:
    """The application, and what runs beside it for as long as the node lives.

    `door` says who may ask for what; without one all may.
    """
    routes = table(rooms_of(parts))
    back_door = BackDoor(routes)
    node = parts.settings.line.node
    errands = Errands(Between(parts.work, database_url, node), node, back_door.carry_out)
    app = serving(
        routes,
        door,
        StoredAnswers(parts.work, parts.clock),
        door.still if door is not None else None,
        elsewhere(errands, _holder(parts)),
    )
    return app, (back_door.run, errands.run)


def _holder(parts: Parts) -> Holder:
    async def holder(call: CallId) -> Held | None:
        if parts.live.find(call) is not None:
            return None
        session = await parts.services.sessions.find(call)
        if session is None or session.node == parts.settings.line.node:
            return None
        return Held(session.node, over=session.ended_at is not None)

    return holder
