"""A card entry that is torn off in the middle, with an agent on the line: what is left, and what is not."""

import signal
import sys

import anyio
import pytest

from core.errors import CallGone, SwitchLost
from pbx.call import Call, Listening, NotReached
from pbx.cause import Cause
from pbx.switch import Dial
from tests.contract.worlds import ari_switch
from tests.integration.caller import Phone, Town
from tests.integration.lab import Lab
from tests.integration.test_asterisk_calls import opened, pressed, said, up_again
from tests.integration.tones import tones

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def hears(ear: Listening) -> None:
    with anyio.fail_after(15):
        while not any((await ear.receive()).pcm):
            pass


async def heard_again(phone: Phone, call: Call) -> None:
    """The caller can be heard and can press keys, and a card can be entered."""
    async with call.listen() as ear:
        await phone.speak("demo-instruct")
        await hears(ear)
    async with call.deafened():
        await phone.press("42")
        assert await pressed(call, 2) == "42"


async def test_the_next_controller_frees_a_caller_whom_a_killed_one_left_behind_a_wall() -> None:
    async with Lab(outbound=False) as lab, anyio.create_task_group() as tasks, Town(tasks) as town:
        argv = [sys.executable, "-m", "tests.integration.controller", str(lab.home), "joined"]
        async with await anyio.open_process(argv) as controller:
            try:
                await said(controller, "ready")
                phone = await town.dial(mode="inband")
                agent = await town.agent()
                await agent.listen("heard")
                await said(controller, "taken")
                await phone.press("4242")
                assert "wall" in await lab.console("bridge show all")
            finally:
                controller.send_signal(signal.SIGKILL)
        switch = ari_switch(lab, outbound=False)
        await tasks.start(switch.run)
        with anyio.fail_after(20):
            call = await anext(aiter(switch.calls()))
            assert call.resumed
            await agent.over()
        assert "wall" not in await lab.console("bridge show all")
        await heard_again(phone, call)
        assert tones(lab.recordings / "heard.wav") == ""
        assert tones(lab.recordings / "agent.wav") == ""
        await call.hang_up()
        tasks.cancel_scope.cancel()


async def test_an_asterisk_that_dies_in_mid_entry_leaves_nothing_deaf() -> None:
    async with opened() as line:
        _, call = await line.taken()
        agent_call = await line.switch.originate(Dial("201"))
        assert not isinstance(agent_call, NotReached)
        with anyio.fail_after(40):
            async with call.joined(agent_call), call.deafened():
                line.lab.kill()
                assert (await call.ended()).cause is Cause.NETWORK_LOST
        with pytest.raises((CallGone, SwitchLost)):
            await call.answer()
        await line.lab.start()
        await line.town.connect()
        await up_again(line.switch)
        phone, call = await line.taken()
        await heard_again(phone, call)


@pytest.mark.parametrize("mode", ["rfc4733", "info", "inband"])
async def test_an_agent_who_is_brought_in_during_the_entry_hears_no_key_of_it(mode: str) -> None:
    async with opened() as line:
        phone, call = await line.taken(mode)
        agent_call = await line.switch.originate(Dial("201"))
        assert not isinstance(agent_call, NotReached)
        agent = await line.town.agent()
        await agent.listen("agent")
        async with call.deafened():
            await phone.press("4242")
            async with call.joined(agent_call):
                await phone.press("4242")
                assert await pressed(call, 8) == "42424242"
            await phone.press("42")
            assert await pressed(call, 2) == "42"
        await agent_call.hang_up()
        await agent.over()
        assert tones(line.lab.recordings / "agent.wav") == ""
        assert agent.keys == ""
