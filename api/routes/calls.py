"""Calls: the list, the timeline of one, and placing one."""

from datetime import datetime

from pydantic import BaseModel, Field, JsonValue

from api.paging import Page
from api.problem import NoSuch, NotDone
from api.route import Asked, Route, Table
from api.schemas import rendered
from api.scopes import Scope
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


class Facts(BaseModel):
    """What happened on a call, oldest first."""

    facts: list[dict[str, JsonValue]]


class Placed(BaseModel):
    """A call that somebody answered."""

    id: str
    to: str
    flow: str


def routes(services: Services) -> Table:
    """`GET /v1/calls` (newest first), `GET /v1/calls/{id}/timeline`, and `POST /v1/calls`."""

    async def calls(asked: Asked[CallsQuery, None]) -> Page[CallOut]:
        sessions = await services.sessions.recent(asked.query.limit)
        return Page(data=[CallOut.of(one) for one in sessions])

    async def timeline(asked: Asked[None, None]) -> Facts:
        recorded = await services.facts.read(CallId(asked.part("id")))
        if not recorded:
            raise NoSuch("call", asked.part("id"))
        return Facts(facts=[rendered(one) for one in recorded])

    async def place(asked: Asked[None, CallOrder]) -> Placed:
        order = asked.body
        placed = await services.place(Dial(order.to, order.caller, order.ring_s, order.flow))
        if isinstance(placed, NotReached):
            why = placed.cause.name.lower().replace("_", " ")
            raise NotDone(409, "not_reached", f"{placed.to} was not reached: {why}")
        return Placed(id=placed.id, to=order.to, flow=order.flow)

    read, act = Scope.CALLS_READ, Scope.CALLS_ACT
    return [
        Route(
            "GET",
            "/v1/calls",
            calls,
            read,
            "Calls, newest first",
            query=CallsQuery,
            answer=Page[CallOut],
            sensitive=True,
        ),
        Route(
            "GET",
            "/v1/calls/{id}/timeline",
            timeline,
            read,
            "What happened on a call",
            answer=Facts,
            sensitive=True,
        ),
        Route("POST", "/v1/calls", place, act, "Call somebody", body=CallOrder, answer=Placed, status=201),
    ]
