"""Two controllers, each with an Asterisk of its own, on one PostgreSQL: acts reach the one with the call."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import anyio
import pytest

from node.stack.ports import free_ports
from node.stack.stack import Stack, Wish, stack
from rehearsal.phone import Answered
from rehearsal.script import Dtmf
from tests.integration.line.acting import Hand, ear_on, waiting_for_a_program
from tests.integration.line.listening import CALLER_HZ, LOUD, beeps, keys, level
from tests.integration.line.poll import until
from tests.integration.line.rig import EXCHANGE, Rig

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


@pytest.fixture(scope="module")
async def other(line: Rig, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    """A second node of the same line, which holds no call."""
    environment = {
        "TELLERLINE_LINE_NODE": "node-2",
        "TELLERLINE_DATABASE_URL": line.stack.postgres.url("tellerline"),
        "TELLERLINE_KEYS_FILE": str(line.stack.folder / "data" / "master.key"),
        "TELLERLINE_API_KEY": line.stack.key,
    }
    wish = Wish(exchange=EXCHANGE, durable=False, environment=environment)
    async with stack(tmp_path_factory.mktemp("other"), free_ports(), wish) as second:
        await second.start_line()
        yield second


async def test_a_call_of_one_node_is_acted_on_and_listened_to_by_way_of_the_other(
    line: Rig, other: Stack, tmp_path: Path
) -> None:
    caller = line.number()
    async with (
        line.phone(caller, Dtmf.INBAND) as phone,
        aiohttp.ClientSession(other.api, headers=line.stack.headers) as http,
    ):
        assert isinstance(await phone.dial("1003", 10), Answered)
        hand = Hand(http, await waiting_for_a_program(line, caller))
        assert (await hand.does("dtmf", keys="159#"))[0] == 200

        async def came() -> bool:
            return "159#" in keys(phone.received.between(0, 3600))

        await until(came, 10, "the keys were not heard")
        async with ear_on(hand) as ear:
            await phone.speak(beeps(tmp_path / "caller.wav", CALLER_HZ, 1.5))
            await until(lambda: ear.has(CALLER_HZ), 10, "the supervisor does not hear the caller")
            assert level(ear.audio, CALLER_HZ) > LOUD
        assert (await hand.does("hangup"))[0] == 200
        with anyio.fail_after(10):
            assert (await phone.closed()).by_line
    await line.ended(caller)


async def test_a_controller_that_was_killed_is_named_until_it_is_back(line: Rig, other: Stack) -> None:
    caller = line.number()
    async with (
        line.phone(caller) as phone,
        aiohttp.ClientSession(other.api, headers=line.stack.headers) as http,
    ):
        assert isinstance(await phone.dial("1003", 10), Answered)
        hand = Hand(http, await waiting_for_a_program(line, caller))
        await line.controller.kill()
        with anyio.fail_after(15):
            status, told = await hand.does("hangup")
        assert (status, told["code"]) == (503, "node_gone")
        assert "node-1" in told["detail"]
        await line.stack.start_line()
        await phone.hang_up()
    await line.until_ready()
