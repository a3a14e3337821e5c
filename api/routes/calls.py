"""Calls: the list, the timeline of one, and placing one."""

from datetime import datetime

from aiohttp import web
from pydantic import BaseModel, Field

from api.body import checked, read_json
from api.problem import problem
from api.schemas import rendered
from api.services import Services
from core.ids import CallId
from ivr.sessions import Session
from pbx.call import NotReached
from pbx.switch import Dial


class CallsQuery(BaseModel, extra="forbid"):
    """What may stand behind `?` in a request for the list."""

    limit: int = Field(50, ge=1, le=500)


class CallOrder(BaseModel, extra="forbid"):
    """Whom to call, the flow that talks to them, and the number that they see."""

    to: str = Field(min_length=1, max_length=64)
    flow: str = Field(min_length=1, max_length=64)
    caller: str = Field("", alias="from", max_length=64)
    ring_s: float = Field(30, ge=5, le=120)


class CallOut(BaseModel):
    """A call as the API shows it."""

    id: str
    number: str
    caller: str
    flow: str
    node: str
    started_at: datetime
    ended_at: datetime | None
    outcome: str
    cause: str

    @classmethod
    def of(cls, session: Session) -> "CallOut":
        """The call that this session tells of."""
        return cls.model_validate(session, from_attributes=True)


def routes(services: Services) -> list[web.RouteDef]:
    """`GET /v1/calls` (newest first), `GET /v1/calls/{id}/timeline`, and `POST /v1/calls`."""

    async def calls(request: web.Request) -> web.Response:
        query = checked(CallsQuery, dict(request.query), "the query of /v1/calls")
        sessions = await services.sessions.recent(query.limit)
        return web.json_response({"calls": [CallOut.of(one).model_dump(mode="json") for one in sessions]})

    async def timeline(request: web.Request) -> web.Response:
        recorded = await services.facts.read(CallId(request.match_info["id"]))
        if not recorded:
            raise web.HTTPNotFound
        return web.json_response({"facts": [rendered(one) for one in recorded]})

    async def place(request: web.Request) -> web.Response:
        order = checked(CallOrder, await read_json(request), "the call")
        placed = await services.place(Dial(order.to, order.caller, order.ring_s, order.flow))
        if isinstance(placed, NotReached):
            why = placed.cause.name.lower().replace("_", " ")
            return problem(409, "not_reached", f"{placed.to} was not reached: {why}")
        return web.json_response({"id": placed.id, "to": order.to, "flow": order.flow}, status=201)

    return [
        web.get("/v1/calls", calls),
        web.get("/v1/calls/{id}/timeline", timeline),
        web.post("/v1/calls", place),
    ]
