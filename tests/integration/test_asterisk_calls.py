"""What only the real Asterisk can show: keys in three modes, faults in mid-call, who hears what."""

import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import anyio
import pytest
from anyio.abc import Process, TaskGroup

from core.errors import CallGone, SwitchLost
from pbx.ari.link import Link
from pbx.ari.socket import Socket
from pbx.ari.switch import AriSwitch
from pbx.call import Call, NotReached
from pbx.cause import Cause
from pbx.switch import Dial
from tests.contract.worlds import ari_switch, dialed
from tests.integration.caller import Phone, Town
from tests.integration.lab import Lab
from tests.integration.tones import loudness, tones
from tests.pressed import next_key

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

CARD = "4242424242424242"


@dataclass
class Line:
    lab: Lab
    switch: AriSwitch
    town: Town
    tasks: TaskGroup

    async def taken(self, mode: str = "rfc4733") -> tuple[Phone, Call]:
        phone = await self.town.dial(mode=mode)
        call = await self.next_call()
        await call.answer()
        await phone.picked_up()
        return phone, call

    async def next_call(self) -> Call:
        with anyio.fail_after(20):
            async for call in self.switch.calls():
                return call
        raise AssertionError("no call came")


class CutLink:
    """A link whose sockets can be cut off in mid-call."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self.socket: Socket | None = None

    async def connect(self) -> Socket:
        self.socket = await self._link.connect()
        return self.socket


@asynccontextmanager
async def opened(*, outbound: bool = False, link: Link | None = None) -> AsyncIterator[Line]:
    async with Lab(outbound=outbound) as lab, anyio.create_task_group() as tasks:
        switch = ari_switch(lab, outbound=outbound, link=link)
        await tasks.start(switch.run)
        async with Town(tasks) as town:
            yield Line(lab, switch, town, tasks)
        tasks.cancel_scope.cancel()


async def up_again(switch: AriSwitch) -> None:
    """A question asked while Asterisk is away waits for it a while, so this is no busy loop."""
    with anyio.fail_after(20):
        while not (await switch.health()).up:
            continue


async def pressed(call: Call, count: int) -> str:
    with anyio.fail_after(30):
        return bytes([(await next_key(call.keys)).code for _ in range(count)]).decode()


@pytest.mark.parametrize("mode", ["rfc4733", "info", "inband"])
async def test_keys_arrive_in_every_mode_of_sending_them(mode: str) -> None:
    async with opened() as line:
        phone, call = await line.taken(mode)
        await phone.press("0123456789*#", gap_ms=200, held_ms=150)
        assert await pressed(call, 12) == "0123456789*#"


async def test_a_call_lives_through_a_cut_connection_and_what_ended_meanwhile_is_noticed() -> None:
    link = CutLink(dialed())
    async with opened(link=link) as line:
        phone, call = await line.taken()
        playback = await call.play([line.lab.sound("beep")])
        assert link.socket is not None
        await link.socket.close()
        with anyio.fail_after(10):
            assert await playback.finished()
        await phone.press("7")
        assert await pressed(call, 1) == "7"
        assert not call.resumed


async def test_a_killed_asterisk_ends_its_calls_and_new_ones_come_when_it_is_back() -> None:
    async with opened() as line:
        _, call = await line.taken()
        line.lab.kill()
        with anyio.fail_after(10):
            assert (await call.ended()).cause is Cause.NETWORK_LOST
        assert not (await line.switch.health()).up
        await line.lab.start()
        await line.town.connect()
        await up_again(line.switch)
        phone, call = await line.taken()
        await phone.press("1")
        assert await pressed(call, 1) == "1"


async def test_what_is_asked_while_asterisk_is_away_raises_within_its_deadline() -> None:
    async with opened() as line:
        _, call = await line.taken()
        line.lab.kill()
        with anyio.fail_after(8), pytest.raises((SwitchLost, CallGone)):
            await call.play([line.lab.sound("beep")])


@pytest.mark.parametrize("outbound", [False, True])
async def test_the_calls_of_a_killed_controller_are_taken_over_by_the_next(outbound: bool) -> None:
    async with Lab(outbound=outbound) as lab, anyio.create_task_group() as tasks, Town(tasks) as town:
        way = "outbound" if outbound else "inbound"
        argv = [sys.executable, "-m", "tests.integration.controller", str(lab.home), way]
        async with await anyio.open_process(argv) as controller:
            try:
                await said(controller, "ready")
                phone = await town.dial()
                await said(controller, "taken")
            finally:
                controller.send_signal(signal.SIGKILL)
        switch = ari_switch(lab, outbound=outbound)
        await tasks.start(switch.run)
        line = Line(lab, switch, town, tasks)
        call = await line.next_call()
        assert (call.resumed, call.number, call.flow) == (True, "1000", "pay_bill")
        playback = await call.play([lab.sound("beep")])
        with anyio.fail_after(8):  # what the other was saying, for a minute, has been stopped
            assert await playback.finished()
        await phone.press("12")
        assert await pressed(call, 2) == "12"
        async with call.media() as media:
            assert len((await media.receive()).pcm) == 640
        assert (await switch.health()).calls == 1
        await call.hang_up()
        assert await phone.gone() == Cause.NORMAL
        tasks.cancel_scope.cancel()


async def said(process: Process, word: str) -> None:
    """Wait until the process writes that word."""
    assert process.stdout is not None
    heard = b""
    with anyio.fail_after(30):
        while word.encode() not in heard:
            heard += await process.stdout.receive()


@pytest.mark.parametrize("mode", ["rfc4733", "info", "inband"])
async def test_nobody_hears_keys_that_are_pressed_while_the_call_is_deafened(mode: str) -> None:
    async with opened() as line:
        phone, call = await line.taken(mode)
        recording = await call.record("line")
        agent_call = await line.switch.originate(Dial("201"))
        assert not isinstance(agent_call, NotReached)
        agent = await line.town.agent()
        await agent.listen("agent")
        async with call.joined(agent_call):
            async with call.deafened():
                await phone.press(CARD)
                assert await pressed(call, 16) == CARD
            await anyio.sleep(0.3)
        file = await recording.stop()
        await agent_call.hang_up()
        await agent.over()
        assert tones(line.lab.recordings / "agent.wav") == ""
        assert tones(file) == ""
        assert agent.keys == ""


async def test_the_search_for_tones_finds_keys_that_were_not_guarded() -> None:
    async with opened() as line:
        _, call = await line.taken()
        agent_call = await line.switch.originate(Dial("201"))
        assert not isinstance(agent_call, NotReached)
        agent = await line.town.agent()
        await agent.listen("agent")
        async with call.joined(agent_call):
            playback = await call.play([line.lab.sound("beep")])
            await playback.finished()
            await agent_call.play([line.lab.tone_file("5")])
            await anyio.sleep(1)
        await agent_call.hang_up()
        await agent.over()
        assert "5" in tones(line.lab.recordings / "agent.wav")


async def test_a_caller_hears_prompts_while_joined_and_the_agent_does_not() -> None:
    async with opened() as line:
        phone, call = await line.taken()
        agent_call = await line.switch.originate(Dial("201"))
        assert not isinstance(agent_call, NotReached)
        agent = await line.town.agent()
        async with call.joined(agent_call):
            await phone.press("12")
            assert await pressed(call, 2) == "12"
            assert agent.keys == ""
            await phone.listen("caller")
            await agent.listen("agent")
            playback = await call.play([line.lab.sound("tt-monkeys")])
            await anyio.sleep(1.5)
            await playback.stop()
        await call.hang_up()
        await phone.gone()
        await agent_call.hang_up()
        await agent.over()
        assert loudness(line.lab.recordings / "caller.wav") > 0.01
        assert loudness(line.lab.recordings / "agent.wav") < 0.001


async def test_a_recording_holds_both_parties_and_leaves_out_what_was_paused() -> None:
    async with opened() as line:
        _, call = await line.taken()
        recording = await call.record("both")
        await (await call.play([line.lab.sound("beep")])).finished()
        await recording.pause()
        await (await call.play([line.lab.sound("tt-monkeys")])).stop()
        await anyio.sleep(2)
        await recording.resume()
        file = await recording.stop()
        assert loudness(file) > 0.01
        assert file.stat().st_size < 16_000 * 1.5


async def test_a_recording_outlives_the_call_and_can_still_be_asked_for() -> None:
    async with opened() as line:
        phone, call = await line.taken()
        recording = await call.record("late")
        await (await call.play([line.lab.sound("beep")])).finished()
        await phone.hang_up()
        await call.ended()
        with anyio.fail_after(8):
            assert (await recording.stop()).stat().st_size > 1000
