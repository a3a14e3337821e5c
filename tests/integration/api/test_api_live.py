"""Live facts over a real WebSocket from the real PostgreSQL: by topic, resumed, and slow clients let go."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import anyio
import pytest
from aiohttp import ClientWebSocketResponse, WSCloseCode, WSMsgType

from api import visit
from core.clock import SystemClock
from core.events import CallStarted, Said
from core.ids import CallId
from db.engine import Work
from db.facts import KeptFacts
from tests.integration.api.rig import Api, open_api

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


@pytest.fixture
async def live(work: Work, url: str, tmp_path: Path) -> AsyncIterator[Api]:
    async with open_api(work, url, tmp_path, live=True) as api:
        async with api.client.ws_connect("/v1/live") as first:
            await first.send_json({"topics": ["*"]})
            await first.receive_json(timeout=10)
            await _until_followed(api, first)
        yield api


async def _until_followed(api: Api, first: ClientWebSocketResponse) -> None:
    """The follower begins with what is new once it listens: until then nothing is heard."""
    heard = None
    while heard is None:
        await _tell(api, CallStarted(CallId("call_0"), "1000", "", "pay_bill"))
        with anyio.move_on_after(1):
            heard = await first.receive_json()


async def _tell(api: Api, *facts: CallStarted | Said) -> None:
    kept = KeptFacts(api.work, SystemClock())
    for fact in facts:
        kept.tell(fact)
    assert await kept.flush()


async def _wish(ws: ClientWebSocketResponse, *topics: str, since: int | None = None) -> int:
    """Ask, and skip to where it is caught up."""
    await ws.send_json({"topics": list(topics)} | ({} if since is None else {"since": since}))
    while (told := await ws.receive_json(timeout=10))["kind"] != "caught_up":
        pass
    return int(told["seq"])


def _started(name: str) -> CallStarted:
    return CallStarted(CallId(name), "1000", "+15550101", "pay_bill")


async def test_each_new_fact_is_told_by_topic_and_in_order(live: Api) -> None:
    async with live.client.ws_connect("/v1/live") as all_, live.client.ws_connect("/v1/live") as one:
        await _wish(all_, "calls")
        await _wish(one, "call:call_2")
        await _tell(live, _started("call_1"), _started("call_2"), Said(CallId("call_2"), "x", "Hello"))
        heard = [await all_.receive_json(timeout=10) for _ in range(3)]
        assert [(told["kind"], told["call"]) for told in heard] == [
            ("CallStarted", "call_1"),
            ("CallStarted", "call_2"),
            ("Said", "call_2"),
        ]
        assert [(await one.receive_json(timeout=10))["kind"] for _ in range(2)] == ["CallStarted", "Said"]


async def test_whoever_comes_back_with_the_last_number_misses_nothing(live: Api) -> None:
    async with live.client.ws_connect("/v1/live") as ws:
        last = await _wish(ws, "calls")
    await _tell(live, *(_started(f"call_{one}") for one in range(1, 1300)))
    async with live.client.ws_connect("/v1/live") as ws:
        await ws.send_json({"topics": ["calls"], "since": last})
        heard: list[dict[str, Any]] = []
        while not heard or heard[-1]["kind"] != "caught_up":
            heard.append(await ws.receive_json(timeout=10))
        await _tell(live, _started("call_new"))
        assert (await ws.receive_json(timeout=10))["call"] == "call_new"
    assert [told["seq"] for told in heard[:-1]] == list(range(last + 1, last + 1300))


async def test_a_client_that_does_not_read_is_let_go_with_a_code_that_says_so(
    live: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visit, "_DRAIN_S", 60.0)  # it reads once all is told, which may take its time
    async with live.client.ws_connect("/v1/live") as slow:
        await _wish(slow, "calls")
        long = "word " * 2000
        for _ in range(20):  # more than the sockets of both ends hold
            await _tell(live, *(Said(CallId("call_1"), "x", long) for _ in range(100)))
        while (message := await slow.receive(timeout=30)).type is WSMsgType.TEXT:
            pass
        assert message.type is WSMsgType.CLOSE
        assert (message.data, str(message.extra)[:8]) == (WSCloseCode.TRY_AGAIN_LATER, "too slow")
