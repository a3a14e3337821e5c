"""What every outbox does; `outbox` names them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from core.clock import SystemClock
from core.errors import BadInput
from db.engine import Work
from db.queue import Queue
from db.webhook_events import StoredEvents
from db.webhook_tables import webhook_deliveries, webhook_events
from payments.webhooks.outbox import JsonValue, MemoryOutbox, Outbox, Posted

pytestmark = pytest.mark.anyio

URL = "https://shop.example.com/hooks"


@dataclass(frozen=True)
class Box:
    """An outbox, and how to see what is in it."""

    outbox: Outbox
    posted: Callable[[], Awaitable[list[Posted]]]


def memory() -> Box:
    outbox = MemoryOutbox()

    async def posted() -> list[Posted]:
        return outbox.posted

    return Box(outbox, posted)


def postgresql(work: Work) -> Box:
    async def posted() -> list[Posted]:
        events, deliveries = webhook_events, webhook_deliveries
        query = select(deliveries.c.url, events.c.topic, events.c.data, events.c.key).join(
            events, events.c.id == deliveries.c.event
        )
        async with work.begin() as tx:
            rows = await tx.execute(query.order_by(events.c.id))
            return [Posted(row.url, row.topic, row.data, row.key.removeprefix("post:")) for row in rows]

    return Box(StoredEvents(work, Queue(), SystemClock()), posted)


@pytest.fixture(params=["memory", pytest.param("postgresql", marks=pytest.mark.integration)])
def box(request: pytest.FixtureRequest) -> Box:
    return memory() if request.param == "memory" else postgresql(request.getfixturevalue("work"))


async def test_what_is_posted_is_there_as_it_was_said(box: Box) -> None:
    data: dict[str, JsonValue] = {
        "call": "call_1",
        "amount_minor": 12550,
        "digits": ["x", "xx"],
        "last": None,
        "ok": True,
    }
    await box.outbox.post(URL, "capture.progress", data, key="one")
    assert await box.posted() == [Posted(URL, "capture.progress", data, "one")]


async def test_a_key_is_posted_once(box: Box) -> None:
    await box.outbox.post(URL, "capture.progress", {"digits": 1}, key="one")
    await box.outbox.post(URL, "capture.progress", {"digits": 2}, key="one")
    await box.outbox.post(URL, "capture.progress", {"digits": 2}, key="two")
    assert [(one.key, one.data) for one in await box.posted()] == [
        ("one", {"digits": 1}),
        ("two", {"digits": 2}),
    ]


_NO_URLS = (
    "",
    "shop.example.com",
    "ftp://example.com/",
    "https:///path",
    "https://me:word@example.com/",
    "http://[::1",
    "https://example.com:port/",
    "https://example.com/a b",
    "https://example.com/" + "x" * 2000,
)


@pytest.mark.parametrize("url", _NO_URLS)
async def test_what_is_no_url_is_refused_and_not_kept(box: Box, url: str) -> None:
    with pytest.raises(BadInput, match="no URL"):
        await box.outbox.post(url, "capture.progress", {}, key="one")
    assert await box.posted() == []


@pytest.mark.parametrize("event", ["", "Payment", "payment settled", ".payment", "payment..settled"])
async def test_what_is_no_event_is_refused_and_not_kept(box: Box, event: str) -> None:
    with pytest.raises(BadInput, match="no event"):
        await box.outbox.post(URL, event, {}, key="one")
    assert await box.posted() == []
