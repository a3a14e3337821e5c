"""Sockets of one key: while they are open it is asked about once in a while, not once for each of them."""

from collections import Counter
from contextlib import AsyncExitStack

import anyio
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from api.access import sockets
from api.app import serving
from api.route import Asked, Route
from api.scopes import Scope
from api.who import Who

pytestmark = pytest.mark.anyio
_LOOK_S = 0.5


async def _socket(asked: Asked[None, None]) -> web.StreamResponse:
    socket = web.WebSocketResponse()
    await socket.prepare(asked.request)
    async for _ in socket:
        pass
    return socket


async def _gate(request: web.Request, _scope: Scope) -> Who:
    name = request.headers["Authorization"].removeprefix("Bearer ")
    return Who(name, name, frozenset(Scope))


async def test_many_sockets_of_one_key_cost_one_question_and_end_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sockets, "_LOOK_S", _LOOK_S)
    asked, revoked = Counter[str](), set[str]()

    async def still(_request: web.Request, who: Who, _scope: Scope) -> bool:
        asked[who.id] += 1
        return who.id not in revoked

    app = serving([Route("GET", "/v1/socket", _socket, Scope.SELF, "A socket")], _gate, still=still)
    async with TestClient(TestServer(app)) as client, AsyncExitStack() as open_things:
        opened = [
            await open_things.enter_async_context(
                client.ws_connect("/v1/socket", headers={"Authorization": f"Bearer {name}"})
            )
            for name in ("many",) * 30 + ("one",)
        ]
        await anyio.sleep(3 * _LOOK_S)
        assert 1 <= asked["many"] <= 7
        assert asked["one"] >= 1
        revoked.add("many")
        with anyio.fail_after(10 * _LOOK_S):
            for socket in opened[:-1]:
                await socket.receive()
        assert not opened[-1].closed


async def test_a_socket_of_somebody_unknown_is_not_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "_LOOK_S", 0.02)

    async def gate(_request: web.Request, _scope: Scope) -> Who:
        return Who("", "", frozenset(), address="127.0.0.1")

    async def still(_request: web.Request, _who: Who, _scope: Scope) -> bool:
        return False

    route = Route("GET", "/open", _socket, Scope.OPEN, "A socket for all.")
    async with TestClient(TestServer(serving([route], gate=gate, still=still))) as client:
        socket = await client.ws_connect("/open")
        with pytest.raises(TimeoutError):  # it is neither told anything nor closed
            await socket.receive(timeout=0.3)
        await socket.close()
