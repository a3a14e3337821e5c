"""What every switch promises while a card is keyed in: who hears nothing, and hears again afterwards."""

from collections.abc import AsyncIterator

import anyio
import pytest

from core.audio import Audio
from core.errors import CallGone, CannotKeepSecret
from pbx.call import Call, Listening, Media, NotReached, Transferred
from pbx.cause import Cause
from pbx.switch import Dial
from tests.contract.worlds import Caller, World, asterisk_world, fake_world, written_s
from tests.pressed import next_key

pytestmark = pytest.mark.anyio

_UNDER_WAY_S = 0.5  # frames that were heard before, and still wait to be fetched
_LOOKED_AT = 25
_ENTRY_S = 0.7


@pytest.fixture(params=["fake", pytest.param("asterisk", marks=pytest.mark.integration)])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    async with fake_world() if request.param == "fake" else asterisk_world(outbound=False) as made:
        yield made


async def taken(world: World) -> tuple[Caller, Call]:
    """A caller who was picked up, and talks and talks."""
    caller = await world.dial()
    with anyio.fail_after(10):
        call = await anext(aiter(world.switch.calls()))
    await call.answer()
    await caller.speak()
    return caller, call


async def called(world: World) -> tuple[Caller, Call]:
    """An agent who picked up."""
    call = await world.switch.originate(Dial("201"))
    assert not isinstance(call, NotReached)
    return await world.agent(), call


def is_loud(frame: Audio) -> bool:
    return any(frame.pcm)


async def hears(ear: Listening | Media) -> None:
    """Wait until there is sound."""
    with anyio.fail_after(10):
        while not is_loud(await ear.receive()):
            pass


async def hears_nothing(ear: Listening | Media) -> None:
    with anyio.move_on_after(_UNDER_WAY_S):
        while True:
            await ear.receive()
    assert not any([is_loud(await ear.receive()) for _ in range(_LOOKED_AT)])


async def test_a_supervisor_hears_the_caller_but_not_while_a_card_is_entered(world: World) -> None:
    _, call = await taken(world)
    async with call.listen() as ear:
        await hears(ear)
        async with call.deafened():
            await hears_nothing(ear)
        await hears(ear)


async def test_who_begins_to_listen_while_a_card_is_entered_hears_nothing(world: World) -> None:
    _, call = await taken(world)
    async with call.deafened(), call.listen() as ear:
        await hears_nothing(ear)


async def test_the_sound_of_a_call_is_silent_while_a_card_is_entered(world: World) -> None:
    _, call = await taken(world)
    async with call.media() as media:
        await hears(media)
        async with call.deafened():
            await hears_nothing(media)
        await hears(media)


async def test_the_ears_on_the_other_party_are_deaf_too(world: World) -> None:
    _, call = await taken(world)
    _, agent_call = await called(world)
    async with agent_call.listen() as ear, call.joined(agent_call):
        await hears(ear)
        async with call.deafened():
            await hears_nothing(ear)
        await hears(ear)


async def test_who_is_brought_in_while_a_card_is_entered_is_deaf_from_the_start(world: World) -> None:
    caller, call = await taken(world)
    _, agent_call = await called(world)
    async with agent_call.listen() as ear, call.deafened():
        async with call.joined(agent_call):
            await hears_nothing(ear)
            await caller.press("42")
            with anyio.fail_after(15):
                assert bytes([(await next_key(call.keys)).code for _ in "42"]) == b"42"
        await hears_nothing(ear)


async def test_who_was_brought_in_by_the_agent_is_guarded_as_well(world: World) -> None:
    _, call = await taken(world)
    _, agent_call = await called(world)
    async with agent_call.listen() as ear, agent_call.joined(call):
        await hears(ear)
        async with call.deafened():
            await hears_nothing(ear)
        await hears(ear)


@pytest.mark.parametrize("whose", ["caller", "agent"])
async def test_a_recording_leaves_the_entry_out_and_goes_on(world: World, whose: str) -> None:
    _, call = await taken(world)
    _, agent_call = await called(world)
    recording = await (call if whose == "caller" else agent_call).record("kept")
    began = anyio.current_time()
    async with call.joined(agent_call):
        async with call.deafened():
            await anyio.sleep(1)
        await anyio.sleep(0.5)
        written = await written_s(recording)
    assert 0.3 < written < anyio.current_time() - began - 0.9


async def test_a_recording_begun_while_a_card_is_entered_waits(world: World) -> None:
    _, call = await taken(world)
    async with call.deafened():
        recording = await call.record("waits")
        await anyio.sleep(0.5)
        assert await written_s(recording) < 0.2


class _Broke(Exception):
    pass


@pytest.mark.parametrize("way", ["done", "cancelled", "timeout", "broken", "nested"])
async def test_every_ear_hears_again_whichever_way_it_ends(world: World, way: str) -> None:
    _, call = await taken(world)
    _, agent_call = await called(world)
    began = anyio.current_time()
    recordings = [await one.record(f"{way}-{place}") for place, one in enumerate((call, agent_call))]
    async with (
        call.listen() as ear,
        agent_call.listen() as agent_ear,
        call.media() as media,
        call.joined(agent_call),
    ):
        await _leave(call, way)
        for heard in (ear, agent_ear, media):
            await hears(heard)
        await anyio.sleep(0.5)
    for recording in recordings:
        ended = anyio.current_time()
        assert 0.3 < await written_s(recording) < ended - began - _ENTRY_S + 0.1


async def _leave(call: Call, way: str) -> None:
    match way:
        case "done":
            async with call.deafened():
                await anyio.sleep(_ENTRY_S)
        case "cancelled":
            with anyio.CancelScope() as scope:
                async with call.deafened():
                    await anyio.sleep(_ENTRY_S)
                    scope.cancel()
                    await anyio.sleep_forever()
        case "timeout":
            with anyio.move_on_after(_ENTRY_S):
                async with call.deafened():
                    await anyio.sleep_forever()
        case "broken":
            with pytest.raises(_Broke):
                await _breaks(call)
        case "nested":
            async with call.deafened(), call.deafened():
                await anyio.sleep(_ENTRY_S)


async def _breaks(call: Call) -> None:
    async with call.deafened():
        await anyio.sleep(_ENTRY_S)
        raise _Broke


async def test_the_agents_recording_goes_on_when_the_caller_hangs_up_in_mid_entry(world: World) -> None:
    caller, call = await taken(world)
    _, agent_call = await called(world)
    recording = await agent_call.record("agent")
    async with call.joined(agent_call), call.deafened():
        await anyio.sleep(0.3)
        await caller.hang_up()
        await call.ended()
    begun = await agent_call.play([world.short])
    assert await begun.finished()
    await anyio.sleep(0.5)
    assert await written_s(recording) > 0.3


async def test_an_agent_who_hangs_up_in_mid_entry_leaves_the_caller_typing(world: World) -> None:
    caller, call = await taken(world)
    agent, agent_call = await called(world)
    async with call.listen() as ear:
        async with call.deafened():
            async with call.joined(agent_call):
                await caller.press("4")
                await agent.hang_up()
                await agent_call.ended()
            await caller.press("2")
            with anyio.fail_after(15):
                assert bytes([(await next_key(call.keys)).code for _ in "42"]) == b"42"
            await hears_nothing(ear)
        await caller.speak()
        await hears(ear)


async def test_a_transfer_in_mid_entry_that_reaches_nobody_leaves_all_deaf(world: World) -> None:
    caller, call = await taken(world)
    async with call.listen() as ear:
        async with call.deafened():
            with anyio.fail_after(10):
                assert await call.transfer("202") == NotReached("202", Cause.BUSY)
            await caller.press("7")
            with anyio.fail_after(10):
                assert (await next_key(call.keys)).code == ord("7")
            await caller.speak()
            await hears_nothing(ear)
        await hears(ear)


async def test_a_transfer_in_mid_entry_takes_no_mute_along(world: World) -> None:
    _, call = await taken(world)
    async with call.deafened():
        with anyio.fail_after(10):
            assert await call.transfer("201") == Transferred("201")
    with pytest.raises(CallGone):
        await call.answer()


async def test_no_card_is_entered_while_the_switch_writes_keys_down(world: World) -> None:
    _, call = await taken(world)
    assert not await world.switch.overheard()
    await world.log_keys(True)
    assert await world.switch.overheard()
    with pytest.raises(CannotKeepSecret):
        async with call.deafened():
            pytest.fail("a card could be entered")
    await world.log_keys(False)
    async with call.deafened():
        assert not await world.switch.overheard()
