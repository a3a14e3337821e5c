"""Other ARI applications, which are told of every key: not while a card is entered, and again afterwards."""

import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import anyio
import pytest

from pbx.ari.socket import credentials
from rehearsal.beside import beside
from tests.contract.worlds import ari_switch
from tests.integration.caller import Town
from tests.integration.lab import HTTP_PORT, PASSWORD, Lab
from tests.integration.test_asterisk_calls import opened, pressed, said

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_ARI = f"http://127.0.0.1:{HTTP_PORT}/ari"
_KEY = "ChannelDtmfReceived"
_NEITHER = "StasisEnd"


class Other:
    """Somebody's application that listens to everything."""

    def __init__(self, http: aiohttp.ClientSession) -> None:
        self._http = http
        self.keys = ""

    async def hear(self, events: aiohttp.ClientWebSocketResponse) -> None:
        async for message in events:
            event = message.json()
            if event["type"] == _KEY:
                self.keys += event["digit"]

    async def heard(self, keys: str) -> None:
        with anyio.fail_after(10):
            while self.keys != keys:  # noqa: ASYNC110 - events come when they come
                await anyio.sleep(0.02)

    async def hears_again(self) -> None:
        with anyio.fail_after(10):
            while _KEY in (await self.filters())[1]:  # noqa: ASYNC110 - nothing tells of it
                await anyio.sleep(0.05)

    async def filter(self, **types: list[str]) -> None:
        order = {kind: [{"type": one} for one in those] for kind, those in types.items()}
        async with self._http.put(f"{_ARI}/applications/other/eventFilter", json=order) as answer:
            answer.raise_for_status()

    async def filters(self) -> tuple[set[str], set[str]]:
        async with self._http.get(f"{_ARI}/applications/other") as answer:
            told = await answer.json()
        return tuple({one["type"] for one in told[f"events_{kind}"]} for kind in ("allowed", "disallowed"))  # type: ignore[return-value]


@asynccontextmanager
async def listening(*, to_all: bool = True) -> AsyncIterator[Other]:
    headers = {"Authorization": credentials("tester", PASSWORD)}
    query = {"app": "other", "subscribeAll": str(to_all).lower()}
    async with (
        aiohttp.ClientSession(headers=headers) as http,
        http.ws_connect(f"{_ARI}/events", params=query) as events,
    ):
        if not to_all:
            async with http.post(
                f"{_ARI}/applications/other/subscription", params={"eventSource": "endpoint:PJSIP"}
            ) as answer:
                answer.raise_for_status()
        one = Other(http)
        async with beside(one.hear, events):
            yield one


@pytest.mark.parametrize("to_all", [True, False], ids=["all", "endpoints"])
async def test_another_application_is_told_of_no_key_while_a_card_is_entered(to_all: bool) -> None:
    async with opened() as line, listening(to_all=to_all) as other:
        phone, call = await line.taken()
        await phone.press("1")
        await other.heard("1")
        async with call.deafened():
            await phone.press("4242")
            assert await pressed(call, 5) == "14242"
        await other.hears_again()
        await phone.press("7")
        await other.heard("17")
        await call.hang_up()


async def test_what_it_filtered_itself_is_as_before() -> None:
    async with opened() as line, listening() as other:
        await other.filter(allowed=[_KEY, "StasisStart"], disallowed=[_NEITHER])
        phone, call = await line.taken()
        async with call.deafened(), call.deafened():
            assert _KEY in (await other.filters())[1]
            await phone.press("4")
            assert await pressed(call, 1) == "4"
        await other.hears_again()
        assert await other.filters() == ({_KEY, "StasisStart"}, {_NEITHER})
        assert other.keys == ""
        await call.hang_up()


async def test_one_that_comes_while_a_card_is_entered_is_deaf_with_the_next_card() -> None:
    async with opened() as line:
        _, call = await line.taken()
        async with call.deafened(), listening() as other:
            phone, second = await line.taken()
            async with second.deafened():
                await phone.press("42")
                assert await pressed(second, 2) == "42"
            assert other.keys == ""
        await call.hang_up()
        await second.hang_up()


async def test_after_a_killed_controller_it_hears_nothing_until_the_next_one_has_come() -> None:
    async with Lab(outbound=False) as lab, anyio.create_task_group() as tasks, Town(tasks) as town:
        argv = [sys.executable, "-m", "tests.integration.controller", str(lab.home), "joined"]
        async with listening() as other:
            async with await anyio.open_process(argv) as controller:
                try:
                    await said(controller, "ready")
                    phone = await town.dial()
                    await town.agent()
                    await said(controller, "taken")
                    await phone.press("42")
                finally:
                    controller.send_signal(signal.SIGKILL)
            await phone.press("42")
            assert other.keys == ""
            switch = ari_switch(lab, outbound=False)
            await tasks.start(switch.run)
            call = await anext(aiter(switch.calls()))
            await other.hears_again()
            await phone.press("7")
            await other.heard("7")
            await call.hang_up()
            tasks.cancel_scope.cancel()
