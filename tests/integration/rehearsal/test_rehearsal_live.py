"""Facts of a line over a real WebSocket."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import anyio
import pytest
from aiohttp import web

from api.schemas import rendered
from core.events import CallEnded, CallStarted, CardProgress, Fact, PaymentMoved, Recorded, Said, SaidAll
from core.ids import CallId, PaymentId
from rehearsal.live import LiveWatch
from rehearsal.watch import LineGone

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

PORT = 19740
URL = f"http://127.0.0.1:{PORT}"
CALL = CallId("call_1")
AT = datetime(2026, 1, 31, 12, tzinfo=UTC)
FACTS: list[Fact] = [
    CallStarted(CALL, "2000", "+15550123", "pay_bill"),
    Said(CALL, "greeting", "Hello."),
    SaidAll(CALL, "greeting", True),
    CardProgress(CALL, "number", "xxxx", False),
    PaymentMoved(None, PaymentId("pay_1"), "captured", 12550, "USD", "sandbox", ""),
    CallEnded(CALL, "paid", "NORMAL", 12.5),
]


@asynccontextmanager
async def serving(talk: Callable[[web.WebSocketResponse], Awaitable[None]]) -> AsyncIterator[None]:
    async def live(request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization") != "Bearer secret":
            return web.Response(status=401)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await talk(socket)
        return socket

    app = web.Application()
    app.add_routes([web.get("/v1/live", live)])
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", PORT).start()
    try:
        yield
    finally:
        await runner.cleanup()


async def test_facts_come_as_the_api_tells_them_and_unknown_ones_are_passed_over() -> None:
    told = [Recorded(seq, AT, fact) for seq, fact in enumerate(FACTS)]

    async def talk(socket: web.WebSocketResponse) -> None:
        await socket.send_json({"seq": 99, "at": AT.isoformat(), "kind": "FromTheFuture"})
        for recorded in told:
            await socket.send_json(rendered(recorded))
        await socket.receive()

    with anyio.fail_after(10):
        async with serving(talk), LiveWatch(URL, "secret").follow() as facts:
            assert [await anext(facts) for _ in FACTS] == told


async def test_a_line_that_goes_away_is_told() -> None:
    async def talk(socket: web.WebSocketResponse) -> None:
        await socket.close()

    with anyio.fail_after(10), pytest.raises(LineGone, match="did the line stop"):
        async with serving(talk), LiveWatch(URL, "secret").follow() as facts:
            await anext(facts)


async def test_a_fact_of_another_shape_is_told() -> None:
    async def talk(socket: web.WebSocketResponse) -> None:
        await socket.send_json({"seq": 1, "at": AT.isoformat(), "kind": "Said", "call": CALL})
        await socket.receive()

    with anyio.fail_after(10), pytest.raises(LineGone, match="tells Said otherwise"):
        async with serving(talk), LiveWatch(URL, "secret").follow() as facts:
            await anext(facts)


async def test_a_wrong_key_and_an_absent_line_are_told_apart() -> None:
    async def talk(socket: web.WebSocketResponse) -> None:
        await socket.close()

    with anyio.fail_after(10):
        with pytest.raises(LineGone, match="refused with 401: is the API key right"):
            async with serving(talk), LiveWatch(URL, "wrong").follow():
                pytest.fail("it was let in")
        with pytest.raises(LineGone, match="is `tellerline run` running"):
            async with LiveWatch(URL, "secret").follow():
                pytest.fail("somebody answered")
