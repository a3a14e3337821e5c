"""The API of webhooks out, over real HTTP and the real PostgreSQL."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from api.app import serving
from api.routes import webhooks
from core.clock import SystemClock
from db.engine import Work
from db.queue import Queue
from db.webhook_deliveries import StoredDeliveries
from db.webhook_endpoints import StoredEndpoints
from db.webhook_events import StoredEvents

pytestmark = [pytest.mark.anyio, pytest.mark.integration]
Client = TestClient[web.Request, web.Application]


@pytest.fixture
async def events(work: Work) -> StoredEvents:
    return StoredEvents(work, Queue(), SystemClock())


@pytest.fixture
async def client(work: Work, events: StoredEvents) -> AsyncIterator[Client]:
    clock = SystemClock()
    stores = webhooks.Webhooks(StoredEndpoints(work, clock), StoredDeliveries(work, Queue(), clock), events)
    app = serving(webhooks.routes(stores))
    async with TestClient(TestServer(app)) as client:
        yield client


async def test_an_endpoint_is_added_listed_rotated_and_disabled(client: Client) -> None:
    order = {"url": "https://shop.example.com/hooks", "topics": ["payment.*"]}
    async with client.post("/v1/webhooks/endpoints", json=order) as answer:
        assert answer.status == 201
        made = await answer.json()
    assert made["secret"].startswith("whsec_")
    async with client.post(f"/v1/webhooks/endpoints/{made['id']}/rotate", json={"keep_hours": 1}) as answer:
        assert (await answer.json())["secret"] != made["secret"]
    change = {"disabled": True, "why": "moved"}
    async with client.patch(f"/v1/webhooks/endpoints/{made['id']}", json=change) as answer:
        assert answer.status == 200
    async with client.get("/v1/webhooks/endpoints") as answer:
        [shown] = (await answer.json())["data"]
    assert "secret" not in shown
    assert (shown["url"], shown["disabled_why"]) == (order["url"], "moved")


async def test_deliveries_are_listed_and_one_that_waits_is_not_sent_again(
    client: Client, events: StoredEvents
) -> None:
    await events.post("https://shop.example.com/hooks", "capture.progress", {}, key="one")
    async with client.get("/v1/webhooks/deliveries?state=waiting") as answer:
        [shown] = (await answer.json())["data"]
    assert (shown["topic"], shown["attempts"]) == ("capture.progress", 0)
    async with client.post(f"/v1/webhooks/deliveries/{shown['id']}/resend") as answer:
        assert answer.status == 400
        assert "still tried" in (await answer.json())["detail"]


@pytest.mark.parametrize(
    ("method", "path", "body", "told"),
    [
        ("POST", "/v1/webhooks/endpoints", {"url": "ftp://example.com"}, "no URL"),
        ("POST", "/v1/webhooks/endpoints", {"url": "https://example.com", "topics": ["x"]}, "no topic"),
        ("POST", "/v1/webhooks/endpoints", {}, "url"),
        ("POST", "/v1/webhooks/endpoints/we_none/rotate", {}, "no webhook"),
        ("PATCH", "/v1/webhooks/endpoints/we_none", {"disabled": False}, "no webhook"),
        ("POST", "/v1/webhooks/deliveries/dlv_none/resend", {}, "no delivery"),
        ("GET", "/v1/webhooks/deliveries?state=lost", None, "state"),
    ],
)
async def test_what_is_wrong_is_told(client: Client, method: str, path: str, body: object, told: str) -> None:
    async with client.request(method, path, json=body) as answer:
        assert (answer.status, answer.content_type) == (400, "application/problem+json")
        assert told in (await answer.json())["detail"]
