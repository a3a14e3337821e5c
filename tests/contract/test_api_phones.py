"""Telephones in browsers: who gets which, and their SIP messages carried to the switch and back."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import anyio
import pytest
from aiohttp import WSMsgType, WSServerHandshakeError, web
from aiohttp.test_utils import TestClient, TestServer

from api.app import serving
from api.broadcast import Broadcast
from api.routes.phones import BrowserPhone, Phones, routes
from api.scopes import Scope
from api.who import Who
from core.events import CallEnded, CallStarted, Fact, Recorded, Said
from core.ids import CallId

pytestmark = pytest.mark.anyio
Client = TestClient[web.Request, web.Application]
_ALEX = BrowserPhone("301", "Alex Agent", "a-word-of-alex")
_SHARED = BrowserPhone("302", "The page", "a-word-for-all", "1000")
_OWN, _OTHER = CallId("call_own"), CallId("call_other")


class _Log:
    """Facts that a test tells."""

    def __init__(self) -> None:
        self._told = asyncio.Queue[Recorded]()

    def tell(self, *facts: Fact) -> None:
        for seq, fact in enumerate(facts, 1):
            self._told.put_nowait(Recorded(seq, datetime(2026, 1, 31, tzinfo=UTC), fact))

    async def read(self, after: int = 0, call: CallId | None = None, limit: int = 1000) -> list[Recorded]:
        raise AssertionError(f"nobody asks for what was before {after}, {call}, {limit}")

    async def newest(self) -> int:
        return 0

    async def follow(self, after: int | None = None) -> AsyncIterator[Recorded]:
        assert after is None
        while True:
            yield await self._told.get()


_PHONES = Phones({"alex@example.com": _ALEX}.get, _SHARED, "http://127.0.0.1:9/ws", Broadcast(_Log()))


async def _answered(request: web.Request) -> web.WebSocketResponse:
    """A switch that answers each message with its own length, and hangs up at `BYE`."""
    socket = web.WebSocketResponse(protocols=("sip",))
    await socket.prepare(request)
    async for message in socket:
        if message.data == "BYE":
            break
        await socket.send_str(f"{socket.ws_protocol} {len(message.data)}")
    await socket.close()
    return socket


@pytest.fixture
async def switch() -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_get("/ws", _answered)
    async with TestServer(app) as server:
        yield str(server.make_url("/ws"))


def _client(phones: Phones, name: str = "") -> Client:
    async def gate(_request: web.Request, _scope: Scope) -> Who:
        return Who("user_1", name, frozenset(Scope))

    return TestClient(TestServer(serving(routes(phones), gate)))


async def test_who_signed_in_gets_their_telephone_and_nobody_elses() -> None:
    async with _client(_PHONES, "alex@example.com") as client:
        phone = await (await client.get("/v1/phone")).json()
        assert (phone["extension"], phone["password"]) == ("301", "a-word-of-alex")
    async with _client(_PHONES, "billie@example.com") as client:
        refused = await client.get("/v1/phone")
        assert refused.status == 404
        assert "billie@example.com" in (await refused.json())["detail"]


async def test_the_telephone_for_everybody_is_there_where_the_operator_opened_one() -> None:
    async with _client(_PHONES) as client:
        assert (await (await client.get("/v1/open-phone")).json())["calls"] == "1000"
    async with _client(replace(_PHONES, open=None)) as client:
        assert (await client.get("/v1/open-phone")).status == 404
        with pytest.raises(WSServerHandshakeError, match="404"):
            await client.ws_connect("/v1/open-phone/signal", protocols=("sip",))


async def test_sip_messages_are_carried_both_ways_until_the_switch_hangs_up(switch: str) -> None:
    async with (
        _client(replace(_PHONES, switch=switch), "alex@example.com") as client,
        client.ws_connect("/v1/phone/signal", protocols=("sip",)) as socket,
    ):
        await socket.send_str("REGISTER")
        assert await socket.receive_str() == "sip 8"
        await socket.send_bytes(b"\r\n\r\n")
        assert await socket.receive_str() == "sip 4"
        await socket.send_str("BYE")
        assert (await socket.receive()).type in {WSMsgType.CLOSE, WSMsgType.CLOSED, WSMsgType.CLOSING}


async def test_a_switch_out_of_reach_is_told_before_the_socket_opens() -> None:
    async with _client(_PHONES, "alex@example.com") as client:
        with pytest.raises(WSServerHandshakeError, match="503"):
            await client.ws_connect("/v1/phone/signal", protocols=("sip",))


async def test_whoever_uses_the_open_telephone_sees_the_steps_of_its_calls_and_of_no_others() -> None:
    log = _Log()
    broadcast = Broadcast(log)
    async with _client(replace(_PHONES, facts=broadcast)) as client, anyio.create_task_group() as tasks:
        await tasks.start(broadcast.run)
        async with client.ws_connect("/v1/open-phone/live") as socket:
            log.tell(
                CallStarted(_OWN, "1000", "302", "pay_bill"),
                CallStarted(_OTHER, "1000", "202", "pay_bill"),
                Said(_OTHER, "greeting", "Hello, somebody else"),
                Said(_OWN, "greeting", "Hello"),
                CallEnded(_OTHER, "paid", "normal", 1.0),
                CallEnded(_OWN, "paid", "normal", 1.0),
            )
            told = [await socket.receive_json() for _ in range(3)]
        assert [(one["kind"], one["call"]) for one in told] == [
            ("CallStarted", _OWN),
            ("Said", _OWN),
            ("CallEnded", _OWN),
        ]
        tasks.cancel_scope.cancel()
