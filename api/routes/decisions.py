"""Routing: what was decided about attempts and why, and how the gateways do, below `/v1/routing`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from pydantic import BaseModel, Field

from api.gateway_out import GatewayDid
from api.money_out import DecisionOut
from api.paging import ListQuery, Page, page_of
from api.route import Asked, Route, Table
from api.scopes import Scope
from core.clock import Clock
from db.decisions import Decision, Decisions
from db.engine import Work
from db.gateway_figures import GatewayFigures, figures
from db.pages import Place
from payments.risk import Decision as Risk
from payments.routing.terms import Cost

_LATELY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Routing:
    """What these routes work with: the gateways by name, why one is left alone, and what one costs."""

    work: Work
    decisions: Decisions
    gateways: Sequence[str]
    ill: Callable[[str], str]
    cost: Callable[[str], Cost]
    clock: Clock


class DecisionsQuery(ListQuery):
    """What may stand behind `?` in a request for decisions."""

    account: str = Field("", max_length=128)
    call: str = Field("", max_length=64)
    risk: Risk | None = None


class CostOut(BaseModel):
    """What the operator says that it costs: `pct` per cent and `fixed_minor`; `risk_pct` goes to disputes."""

    pct: float
    fixed_minor: int
    risk_pct: float


class GatewayOut(GatewayDid):
    """A gateway as it is now, with what it did in the last 24 hours; `ill` is why it is left alone."""

    available: bool
    ill: str
    cost: CostOut


def routes(routing: Routing) -> Table:
    """`/v1/routing/decisions` and `/v1/routing/gateways`."""

    async def decisions(asked: Asked[DecisionsQuery, None]) -> Page[DecisionOut]:
        query = asked.query
        found = await routing.decisions.page(
            query.place(),
            query.limit,
            account=query.account,
            call=query.call,
            risk=query.risk.value if query.risk else "",
        )
        return page_of(found, query.limit, DecisionOut.of, _place)

    async def gateways(_asked: Asked[None, None]) -> Page[GatewayOut]:
        now = routing.clock.now()
        did = {one.gateway: one for one in await figures(routing.work, now - _LATELY, now)}
        names = sorted({*routing.gateways, *did})
        return Page(data=[_gateway(routing, did.get(name) or _idle(name)) for name in names])

    read = Scope.ROUTING_READ
    return [
        Route(
            "GET",
            "/v1/routing/decisions",
            decisions,
            read,
            "What was decided about attempts to pay, newest first",
            query=DecisionsQuery,
            answer=Page[DecisionOut],
            csv=True,
            sensitive=True,
        ),
        Route(
            "GET", "/v1/routing/gateways", gateways, read, "How each gateway does", answer=Page[GatewayOut]
        ),
    ]


def _gateway(routing: Routing, did: GatewayFigures) -> GatewayOut:
    ill = routing.ill(did.gateway)
    cost = CostOut.model_validate(routing.cost(did.gateway), from_attributes=True)
    available = did.gateway in routing.gateways and not ill
    return GatewayOut(**dict(GatewayDid.of(did)), available=available, ill=ill, cost=cost)


def _idle(name: str) -> GatewayFigures:
    return GatewayFigures(name, 0, 0, 0, 0, None, ())


def _place(decision: Decision) -> Place:
    return Place(decision.at, decision.id)
