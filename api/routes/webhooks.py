"""Webhooks out: endpoints, their secrets, deliveries and sending again, below `/v1/webhooks`."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import web
from pydantic import BaseModel, Field

from api.etag import told_with_version, version_of
from api.paging import ListQuery, Page, page_of
from api.problem import NoSuch
from api.route import Asked, Route, Table
from api.scopes import Scope
from db.pages import Place
from db.webhook_deliveries import StoredDeliveries
from db.webhook_endpoints import Change, StoredEndpoints
from db.webhook_events import StoredEvents
from payments.webhooks.delivery import Delivery, DeliveryState, Endpoint
from payments.webhooks.topics import ASKED_FOR


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
    """What becomes different; `why` is shown beside a disabled one."""

    url: str | None = Field(None, min_length=1, max_length=2000)
    topics: list[str] | None = Field(None, min_length=1, max_length=50)
    disabled: bool | None = None
    why: str = Field("asked for", max_length=200)


class DeliveriesQuery(ListQuery):
    """What may stand behind `?` in a request for deliveries."""

    endpoint: str = Field("", max_length=64)
    state: DeliveryState | None = None


class Topics(BaseModel):
    """What an endpoint may ask for: `*`, families such as `payment.*`, and topics."""

    data: tuple[str, ...] = ASKED_FOR


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


class Rotated(BaseModel):
    """The new secret; it is shown once."""

    id: str
    secret: str


class Again(BaseModel):
    """The delivery that takes it there once more."""

    id: str


def routes(webhooks: Webhooks) -> Table:
    """The routes below `/v1/webhooks`."""

    async def listed(asked: Asked[ListQuery, None]) -> Page[EndpointOut]:
        found = await webhooks.endpoints.page(asked.query.place(), asked.query.limit)
        return page_of(found, asked.query.limit, _endpoint, lambda one: Place(one.created_at, one.id))

    async def topics(_asked: Asked[None, None]) -> Topics:
        return Topics()

    async def one(asked: Asked[None, None]) -> web.Response:
        found = await webhooks.endpoints.find(asked.part("id"))
        if found is None:
            raise NoSuch("webhook", asked.part("id"))
        return told_with_version(_endpoint(found), found.version)

    async def add(asked: Asked[None, EndpointOrder]) -> EndpointMade:
        endpoint, secret = await webhooks.endpoints.add(asked.body.url, asked.body.topics)
        return EndpointMade(**dict(_endpoint(endpoint)), secret=secret)

    async def change(asked: Asked[None, EndpointChange]) -> web.Response:
        version, given = version_of(asked.request), asked.body
        wanted = Change(given.url, given.topics, given.disabled, given.why)
        changed = await webhooks.endpoints.change(asked.part("id"), wanted, version)
        return told_with_version(_endpoint(changed), changed.version)

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
        Route(
            "GET", ends, listed, read, "Who is told of events", ListQuery, answer=Page[EndpointOut], csv=True
        ),
        Route("GET", "/v1/webhooks/topics", topics, read, "What may be asked for", answer=Topics),
        Route("GET", f"{ends}/{{id}}", one, read, "One of them", answer=EndpointOut, edits=True),
        Route("POST", ends, add, act, "Tell one more", body=EndpointOrder, answer=EndpointMade, status=201),
        Route(
            "PATCH",
            f"{ends}/{{id}}",
            change,
            act,
            "Tell it, or not; where, and of what",
            body=EndpointChange,
            answer=EndpointOut,
            edits=True,
        ),
        Route("POST", f"{ends}/{{id}}/rotate", rotate, act, "A new secret", body=Rotation, answer=Rotated),
        Route(
            "GET",
            past,
            deliveries,
            read,
            "What was told, newest first",
            query=DeliveriesQuery,
            answer=Page[DeliveryOut],
            csv=True,
        ),
        Route("POST", f"{past}/{{id}}/resend", resend, act, "Tell it once more", answer=Again, status=201),
    ]


def _endpoint(one: Endpoint) -> EndpointOut:
    return EndpointOut.model_validate(one, from_attributes=True)


def _shown(delivery: Delivery) -> DeliveryOut:
    return DeliveryOut.model_validate(delivery, from_attributes=True)


def _place(delivery: Delivery) -> Place:
    return Place(delivery.created_at, delivery.id)
