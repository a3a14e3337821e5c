"""What calls and payments of a period came to: `GET /v1/analytics/summary`."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from pydantic import BaseModel, Field

from api.gateway_out import GatewayDid
from api.periods import Moment
from api.route import Asked, Route, Table
from api.scopes import Scope
from core.clock import Clock
from core.errors import BadInput
from db.analytics import Summary, Turns, summary
from db.engine import Work

_DAY: Final = timedelta(days=1)
_LONGEST: Final = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Analytics:
    """What this route works with."""

    work: Work
    clock: Clock


class SummaryQuery(BaseModel, extra="forbid"):
    """From a time on, to a time; the last 24 hours unless it is said, 400 days at most.

    `zone` says whose days they are that calls are counted by: a name of IANA's, such as America/New_York.
    """

    since: Moment | None = Field(None, alias="from")
    until: Moment | None = Field(None, alias="to")
    zone: str = Field(
        "UTC", pattern=r"^(UTC|GMT|[A-Z][A-Za-z0-9_+-]*(/[A-Z][A-Za-z0-9_+-]*){1,2})$", max_length=64
    )


class TakenOut(BaseModel):
    """Money that was taken, in one currency."""

    amount_minor: int
    currency: str
    payments: int


class TurnsOut(BaseModel):
    """From the caller's last sound to the line's next word, in milliseconds."""

    number: int
    p50_ms: int
    p90_ms: int
    p95_ms: int
    p99_ms: int

    @classmethod
    def of(cls, turns: Turns) -> "TurnsOut":
        """The percentiles."""
        return cls(
            number=turns.number, p50_ms=turns.p50, p90_ms=turns.p90, p95_ms=turns.p95, p99_ms=turns.p99
        )


class DayOut(BaseModel):
    """A day of the zone that was asked for."""

    day: date
    calls: int
    paid: int


class QuestionOut(BaseModel):
    """Spoken answers to a question, and how many of them were understood."""

    question: str
    asked: int
    understood: int
    accuracy: float


class CountOut(BaseModel):
    """How often something was the case."""

    name: str
    number: int


class SummaryOut(BaseModel):
    """A period.

    `answered` are the calls that were not turned away, `paid` those that ended with a payment. What is
    read from facts counts the whole hours that the period touches: `counted` calls that are over,
    `contained` of them without a person, `gave_up` by the prompt that was said last (in a written flow by
    its step: `office.pay: card_number`), `turns`, `recognizer`.
    """

    since: datetime
    until: datetime
    calls: int
    live: int
    answered: int
    paid: int
    outcomes: list[CountOut]
    days: list[DayOut]
    taken: list[TakenOut]
    declined: list[CountOut]
    counted: int
    contained: int
    gave_up: list[CountOut]
    turns: TurnsOut | None
    recognizer: list[QuestionOut]
    gateways: list[GatewayDid]


def routes(analytics: Analytics) -> Table:
    """One route."""

    async def told(asked: Asked[SummaryQuery, None]) -> SummaryOut:
        until = asked.query.until or analytics.clock.now()
        since = asked.query.since or until - _DAY
        if not since < until or until - since > _LONGEST:
            raise BadInput("from and to are no period: from comes first, and it is 400 days at most")
        return _out(await summary(analytics.work, since, until, asked.query.zone), since, until)

    return [
        Route(
            "GET",
            "/v1/analytics/summary",
            told,
            Scope.ANALYTICS_READ,
            "What calls and payments of a period came to",
            query=SummaryQuery,
            answer=SummaryOut,
        )
    ]


def _out(found: Summary, since: datetime, until: datetime) -> SummaryOut:
    return SummaryOut(
        since=since,
        until=until,
        calls=found.calls,
        live=found.live,
        answered=found.calls - found.outcomes.get("turned_away", 0),
        paid=found.outcomes.get("paid", 0),
        outcomes=[CountOut(name=name, number=number) for name, number in sorted(found.outcomes.items())],
        days=[DayOut(day=one.day, calls=one.calls, paid=one.paid) for one in found.days],
        taken=[
            TakenOut(amount_minor=money.minor, currency=money.currency, payments=number)
            for money, number in found.taken
        ],
        declined=[CountOut(name=name, number=number) for name, number in found.declined.items()],
        counted=found.counted,
        contained=found.contained,
        gave_up=[CountOut(name=name, number=number) for name, number in found.gave_up.items()],
        turns=TurnsOut.of(found.turns) if found.turns else None,
        recognizer=[
            QuestionOut(
                question=one.question,
                asked=one.asked,
                understood=one.understood,
                accuracy=one.understood / one.asked,
            )
            for one in found.recognized
        ],
        gateways=[GatewayDid.of(one) for one in found.gateways],
    )
