"""Callers who want a person: an agent's telephone picks up and both hear each other, or nobody is there."""

import anyio
import pytest

from rehearsal.phone import Answered
from tests.integration.line.listening import AGENT_HZ, CALLER_HZ, beeps, heard
from tests.integration.line.rig import Rig

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def test_a_caller_and_an_agent_hear_each_other(line: Rig) -> None:
    number = line.number()
    async with line.extension("201") as agent, line.phone(number) as caller:
        assert isinstance(await caller.dial("1001", 10), Answered)
        await line.handed_over(number, "joined")
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(caller.speak, beeps(line.stack.folder / "caller.wav", CALLER_HZ))
            tasks.start_soon(agent.speak, beeps(line.stack.folder / "agent.wav", AGENT_HZ))
        await heard(agent, CALLER_HZ)
        await heard(caller, AGENT_HZ)
        await agent.hang_up()
        with anyio.fail_after(10):
            assert (await caller.closed()).by_line
    assert (await line.ended(number))["outcome"] == "spoke_to_agent"
    await line.until_ready()


async def test_when_the_line_is_killed_the_agent_is_let_go_and_the_caller_begins_again(line: Rig) -> None:
    number = line.number()
    async with line.extension("201") as agent, line.phone(number) as caller:
        assert isinstance(await caller.dial("1001", 10), Answered)
        await line.handed_over(number, "joined")
        await line.controller.kill()
        await line.stack.start_line()
        with anyio.fail_after(10):
            assert (await agent.closed()).by_line
        await line.said(number, "interrupted")
        await line.said(number, "connecting")
        await caller.hang_up()
    await line.ended(number)
    await line.channels(0)
    await line.until_ready()


async def test_when_nobody_is_registered_the_caller_is_told_so(line: Rig) -> None:
    played = await line.rehearse("""
dial: "1001"
dtmf: info
steps:
  - hear: connecting
  - hear: agent_not_reached
  - {press: "2", every: 60ms, held: 40ms}
  - hear: goodbye
  - expect_hang_up
expect:
  outcome: agent_not_reached
""")
    assert played.call is not None


async def test_a_caller_who_leaves_while_it_rings_leaves_no_call_behind(line: Rig) -> None:
    number = line.number()
    async with line.extension("201", answers=False) as agent:
        async with line.phone(number) as caller:
            assert isinstance(await caller.dial("1001", 10), Answered)
            await line.said(number, "connecting")
            await line.channels(2)
            await caller.hang_up()
            assert (await line.ended(number))["outcome"] == "hung_up"
        await line.channels(0)
        with anyio.fail_after(5):
            await agent.closed()
