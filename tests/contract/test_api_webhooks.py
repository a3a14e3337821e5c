"""The API of webhooks out, over real HTTP and the real PostgreSQL."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from api.app import serving
from api.routes import webhooks
from core.clock import SystemClock
from db.audit_list import AuditFilter, AuditList
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
    one = f"/v1/webhooks/endpoints/{made['id']}"
    tag = await _tag(client, one)
    status, shown = await _changed(client, one, {"disabled": True, "why": "moved"}, tag)
    assert (status, shown["disabled_at"] is None) == (200, False)
    async with client.get("/v1/webhooks/endpoints") as answer:
        [shown] = (await answer.json())["data"]
    assert "secret" not in shown
    assert (shown["url"], shown["disabled_why"]) == (order["url"], "moved")


async def _tag(client: Client, one: str) -> str:
    async with client.get(one) as answer:
        return answer.headers["ETag"]


async def _changed(client: Client, one: str, change: object, tag: str) -> tuple[int, Any]:
    async with client.patch(one, json=change, headers={"If-Match": tag} if tag else {}) as answer:
        return answer.status, await answer.json()


async def test_an_endpoint_is_changed_in_the_version_that_was_read(client: Client, work: Work) -> None:
    async with client.post(
        "/v1/webhooks/endpoints", json={"url": "https://shop.example.com/hooks"}
    ) as answer:
        one = f"/v1/webhooks/endpoints/{(await answer.json())['id']}"
    old = await _tag(client, one)
    change = {"url": "https://shop.example.com/new", "topics": ["link.paid"]}
    status, shown = await _changed(client, one, change, old)
    assert (status, shown["url"], shown["topics"]) == (200, change["url"], change["topics"])
    assert (await _changed(client, one, {"disabled": True}, old))[1]["code"] == "changed_meanwhile"
    assert (await _changed(client, one, {"disabled": True}, ""))[1]["code"] == "version_missing"
    assert (await _changed(client, one, {"url": "ftp://example.com"}, "*"))[0] == 400
    before = await _tag(client, one)
    async with client.post(f"{one}/rotate", json={}) as answer:
        assert answer.status == 200
    assert await _tag(client, one) != before
    assert (await _changed(client, one, {"disabled": True}, "*"))[1]["disabled_why"] == "asked for"
    assert (await _changed(client, one, {"disabled": False}, "*"))[1]["disabled_at"] is None
    rows = await AuditList(work).page(AuditFilter(subject=one.rpartition("/")[2]), 50)
    assert [row.action for row in reversed(rows)] == [
        "webhook added",
        "webhook changed",
        "webhook secret rotated",
        "webhook disabled",
        "webhook enabled",
    ]


async def test_endpoints_come_a_page_at_a_time(client: Client) -> None:
    for number in range(3):
        await client.post("/v1/webhooks/endpoints", json={"url": f"https://shop.example.com/{number}"})
    async with client.get("/v1/webhooks/endpoints?limit=2") as answer:
        first = await answer.json()
    async with client.get(f"/v1/webhooks/endpoints?limit=2&cursor={first['next_cursor']}") as answer:
        second = await answer.json()
    assert [one["url"][-1] for page in (first, second) for one in page["data"]] == ["2", "1", "0"]


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
    async with client.request(method, path, json=body, headers={"If-Match": "*"}) as answer:
        assert (answer.status, answer.content_type) == (400, "application/problem+json")
        assert told in (await answer.json())["detail"]
