"""Webhooks out: endpoints, their secrets, deliveries and sending again, below `/v1/webhooks`."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import BaseModel, Field

from api.paging import ListQuery, Page, page_of
from api.route import Asked, Route, Table
from api.scopes import Scope
from db.pages import Place
from db.webhook_deliveries import StoredDeliveries
from db.webhook_endpoints import StoredEndpoints
from db.webhook_events import StoredEvents
from payments.webhooks.delivery import Delivery, DeliveryState


@dataclass(frozen=True, slots=True)
class Webhooks:
    """The stores that these routes look into."""

    endpoints: StoredEndpoints
    deliveries: StoredDeliveries
    events: StoredEvents


class EndpointOrder(BaseModel, extra="forbid"):
    """A new endpoint."""

    url: str = Field(min_length=1, max_length=2000)
    topics: list[str] = Field(["*"], min_length=1, max_length=50)


class Rotation(BaseModel, extra="forbid"):
    """How long messages are signed with the old secret too."""

    keep_hours: float = Field(24, ge=0, le=24 * 30)


class EndpointChange(BaseModel, extra="forbid"):
    """Telling an endpoint, or not."""

    disabled: bool
    why: str = Field("asked for", max_length=200)


class DeliveriesQuery(ListQuery):
    """What may stand behind `?` in a request for deliveries."""

    endpoint: str = Field("", max_length=64)
    state: DeliveryState | None = None


class EndpointOut(BaseModel):
    """An endpoint as the API shows it; its secret is shown once, when it is made."""

    id: str
    url: str
    topics: tuple[str, ...]
    created_at: datetime
    disabled_at: datetime | None
    disabled_why: str


class DeliveryOut(BaseModel):
    """A delivery as the API shows it."""

    id: str
    event: str
    topic: str
    endpoint: str
    url: str
    state: DeliveryState
    attempts: int
    answer: str
    created_at: datetime
    next_at: datetime | None
    done_at: datetime | None


class EndpointMade(EndpointOut):
    """A new endpoint, with the secret that its messages are signed with."""

    secret: str


class Changed(BaseModel):
    """Whether it is told from now on."""

    id: str
    disabled: bool


class Rotated(BaseModel):
    """The new secret; it is shown once."""

    id: str
    secret: str


class Again(BaseModel):
    """The delivery that takes it there once more."""

    id: str


def routes(webhooks: Webhooks) -> Table:
    """The routes below `/v1/webhooks`."""

    async def listed(_asked: Asked[None, None]) -> Page[EndpointOut]:
        found = await webhooks.endpoints.all()
        return Page(data=[EndpointOut.model_validate(one, from_attributes=True) for one in found])

    async def add(asked: Asked[None, EndpointOrder]) -> EndpointMade:
        endpoint, secret = await webhooks.endpoints.add(asked.body.url, asked.body.topics)
        shown = EndpointOut.model_validate(endpoint, from_attributes=True)
        return EndpointMade(**dict(shown), secret=secret)

    async def change(asked: Asked[None, EndpointChange]) -> Changed:
        name = asked.part("id")
        if asked.body.disabled:
            await webhooks.endpoints.disable(name, asked.body.why)
        else:
            await webhooks.endpoints.enable(name)
        return Changed(id=name, disabled=asked.body.disabled)

    async def rotate(asked: Asked[None, Rotation]) -> Rotated:
        name = asked.part("id")
        secret = await webhooks.endpoints.rotate(name, timedelta(hours=asked.body.keep_hours))
        return Rotated(id=name, secret=secret)

    async def deliveries(asked: Asked[DeliveriesQuery, None]) -> Page[DeliveryOut]:
        query = asked.query
        found = await webhooks.deliveries.page(query.endpoint, query.state, query.place(), query.limit)
        return page_of(found, query.limit, _shown, _place)

    async def resend(asked: Asked[None, None]) -> Again:
        return Again(id=await webhooks.deliveries.resend(asked.part("id"), webhooks.events))

    read, act = Scope.WEBHOOKS_READ, Scope.WEBHOOKS_ACT
    ends = "/v1/webhooks/endpoints"
    past = "/v1/webhooks/deliveries"
    return [
        Route("GET", ends, listed, read, "Who is told of events", answer=Page[EndpointOut]),
        Route("POST", ends, add, act, "Tell one more", body=EndpointOrder, answer=EndpointMade, status=201),
        Route("PATCH", f"{ends}/{{id}}", change, act, "Tell it, or not", body=EndpointChange, answer=Changed),
        Route("POST", f"{ends}/{{id}}/rotate", rotate, act, "A new secret", body=Rotation, answer=Rotated),
        Route(
            "GET",
            past,
            deliveries,
            read,
            "What was told, newest first",
            query=DeliveriesQuery,
            answer=Page[DeliveryOut],
        ),
        Route("POST", f"{past}/{{id}}/resend", resend, act, "Tell it once more", answer=Again, status=201),
    ]


def _shown(delivery: Delivery) -> DeliveryOut:
    return DeliveryOut.model_validate(delivery, from_attributes=True)


def _place(delivery: Delivery) -> Place:
    return Place(delivery.created_at, delivery.id)
