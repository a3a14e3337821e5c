"""Calls: the list, one with all that happened on it, and placing one."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, Field

from api.money_out import PaymentOut
from api.paging import Page, page_of
from api.periods import PeriodQuery
from api.problem import NoSuch, NotDone
from api.route import Asked, Route, Table
from api.schemas import Event, rendered
from api.scopes import Scope
from api.services import Services
from core.events import Recorded
from core.ids import CallId
from db.call_list import CallFilter
from db.pages import Place
from db.payment_list import PaymentFilter
from ivr.result import CallResult
from ivr.sessions import Session
from ivr.story import Turn, Utterance, Voice, transcript, turns
from pbx.call import NotReached
from pbx.switch import Dial

_PAYMENTS = 100


class CallState(StrEnum):
    """Whether a call is still up."""

    LIVE = "live"
    ENDED = "ended"


class CallsQuery(PeriodQuery):
    """What may stand behind `?` in a request for the list."""

    state: CallState | None = None
    outcome: CallResult | None = None
    number: str = Field("", max_length=64, description="the line's own number")
    caller: str = Field("", max_length=64)
    flow: str = Field("", max_length=64)
    q: str = Field(
        "",
        max_length=128,
        description="a call's id, its caller or number, or a payment's id, receipt, account",
    )


class CallOrder(BaseModel, extra="forbid"):
    """Whom to call, the flow that talks to them, and the number that they see."""

    to: str = Field(min_length=1, max_length=64)
    flow: str = Field(min_length=1, max_length=64)
    caller: str = Field("", alias="from", max_length=64)
    ring_s: float = Field(30, ge=5, le=120)


class CallOut(BaseModel):
    """A call as the API shows it; `outcome` and `cause` are empty while it is up."""

    id: str
    state: CallState
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
        return cls(
            id=session.id,
            state=CallState.ENDED if session.ended_at else CallState.LIVE,
            number=session.number,
            caller=session.caller,
            flow=session.flow,
            node=session.node,
            started_at=session.started_at,
            ended_at=session.ended_at,
            outcome=session.outcome,
            cause=session.cause,
        )


class UtteranceOut(BaseModel):
    """Something that was said; `about` is the prompt, or the question that was answered."""

    at: datetime
    voice: Voice
    about: str
    text: str

    @classmethod
    def of(cls, one: Utterance) -> "UtteranceOut":
        """What was said."""
        return cls(at=one.at, voice=one.voice, about=one.about, text=one.text)


class TurnOut(BaseModel):
    """From the caller's last sound or key to the line's next word; the first two are null for keys."""

    at: datetime
    question: str
    waited_ms: int | None
    thought_ms: int | None
    took_ms: int

    @classmethod
    def of(cls, one: Turn) -> "TurnOut":
        """One turn."""
        return cls(
            at=one.at,
            question=one.question,
            waited_ms=one.waited_ms,
            thought_ms=one.thought_ms,
            took_ms=one.took_ms,
        )


class CallStory(CallOut):
    """A call with all that happened on it; `recording` is where its sound is, null when there is none."""

    timeline: list[Event]
    transcript: list[UtteranceOut]
    turns: list[TurnOut]
    payments: list[PaymentOut]
    recording: str | None


class Facts(BaseModel):
    """What happened on a call, oldest first."""

    facts: list[Event]


class Placed(BaseModel):
    """A call that somebody answered."""

    id: str
    to: str
    flow: str


def routes(services: Services) -> Table:
    """`/v1/calls`, `/v1/calls/{id}` and `/v1/calls/{id}/timeline`."""

    async def calls(asked: Asked[CallsQuery, None]) -> Page[CallOut]:
        query = asked.query
        found = await services.sessions.page(_filter(query), query.place(), query.limit)
        return page_of(found, query.limit, CallOut.of, _place)

    async def one(asked: Asked[None, None]) -> CallStory:
        call = CallId(asked.part("id"))
        session = await services.sessions.find(call)
        if session is None:
            raise NoSuch("call", call)
        facts = await services.facts.read(call)
        paid = await services.payments.page(PaymentFilter(call=call), None, _PAYMENTS)
        recorded = services.recordings.may_be_had(session, facts)
        return CallStory(
            **dict(CallOut.of(session)),
            timeline=_events(facts),
            transcript=[UtteranceOut.of(said) for said in transcript(facts)],
            turns=[TurnOut.of(turn) for turn in turns(facts)],
            payments=[PaymentOut.of(payment) for payment in paid],
            recording=f"/v1/calls/{call}/recording" if recorded else None,
        )

    async def timeline(asked: Asked[None, None]) -> Facts:
        facts = await services.facts.read(CallId(asked.part("id")))
        if not facts:
            raise NoSuch("call", asked.part("id"))
        return Facts(facts=_events(facts))

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
            csv=True,
            sensitive=True,
        ),
        Route("POST", "/v1/calls", place, act, "Call somebody", body=CallOrder, answer=Placed, status=201),
        Route(
            "GET",
            "/v1/calls/{id}",
            one,
            read,
            "A call, and all that happened on it",
            answer=CallStory,
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
    ]


def _filter(query: CallsQuery) -> CallFilter:
    return CallFilter(
        live=None if query.state is None else query.state is CallState.LIVE,
        outcome=query.outcome.value if query.outcome is not None else "",
        number=query.number,
        caller=query.caller,
        flow=query.flow,
        since=query.since,
        until=query.until,
        q=query.q,
    )


def _place(session: Session) -> Place:
    return Place(session.started_at, session.id)


def _events(facts: Sequence[Recorded]) -> list[Event]:
    return [Event.model_validate(rendered(one)) for one in facts]
