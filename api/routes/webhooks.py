"""Webhooks out: endpoints, their secrets, deliveries and sending again, below `/v1/webhooks`."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import web
from pydantic import BaseModel, Field

from api.body import checked, read_json
from db.webhook_deliveries import StoredDeliveries
from db.webhook_endpoints import StoredEndpoints
from db.webhook_events import StoredEvents
from payments.webhooks.delivery import DeliveryState


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


class DeliveriesQuery(BaseModel, extra="forbid"):
    """What may stand behind `?` in a request for deliveries."""

    endpoint: str = Field("", max_length=64)
    state: DeliveryState | None = None
    limit: int = Field(50, ge=1, le=500)


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


def routes(webhooks: Webhooks) -> list[web.RouteDef]:
    """The routes below `/v1/webhooks`."""

    async def listed(_request: web.Request) -> web.Response:
        found = await webhooks.endpoints.all()
        return web.json_response({"endpoints": [_shown(EndpointOut, one) for one in found]})

    async def add(request: web.Request) -> web.Response:
        order = checked(EndpointOrder, await read_json(request), "the endpoint")
        endpoint, secret = await webhooks.endpoints.add(order.url, order.topics)
        return web.json_response({**_shown(EndpointOut, endpoint), "secret": secret}, status=201)

    async def change(request: web.Request) -> web.Response:
        asked = checked(EndpointChange, await read_json(request), "the change")
        name = request.match_info["id"]
        if asked.disabled:
            await webhooks.endpoints.disable(name, asked.why)
        else:
            await webhooks.endpoints.enable(name)
        return web.json_response({"id": name, "disabled": asked.disabled})

    async def rotate(request: web.Request) -> web.Response:
        given = await read_json(request) if request.can_read_body else {}
        asked = checked(Rotation, given, "the rotation")
        name = request.match_info["id"]
        secret = await webhooks.endpoints.rotate(name, timedelta(hours=asked.keep_hours))
        return web.json_response({"id": name, "secret": secret})

    async def deliveries(request: web.Request) -> web.Response:
        query = checked(DeliveriesQuery, dict(request.query), "the query of /v1/webhooks/deliveries")
        found = await webhooks.deliveries.all(query.endpoint, query.state, query.limit)
        return web.json_response({"deliveries": [_shown(DeliveryOut, one) for one in found]})

    async def resend(request: web.Request) -> web.Response:
        again = await webhooks.deliveries.resend(request.match_info["id"], webhooks.events)
        return web.json_response({"id": again}, status=201)

    return [
        web.get("/v1/webhooks", listed),
        web.post("/v1/webhooks", add),
        web.get("/v1/webhooks/deliveries", deliveries),
        web.post("/v1/webhooks/deliveries/{id}/resend", resend),
        web.patch("/v1/webhooks/{id}", change),
        web.post("/v1/webhooks/{id}/rotate", rotate),
    ]


def _shown(model: type[BaseModel], thing: object) -> dict[str, object]:
    return model.model_validate(thing, from_attributes=True).model_dump(mode="json")
