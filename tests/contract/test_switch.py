"""What every switch promises, tried on the fake one and on Asterisk in both ways of connecting."""

from collections.abc import AsyncIterator

import anyio
import pytest

from core.audio import frame_bytes, silence
from core.errors import BadInput, CallGone
from pbx.call import Call, Direction, HungUp, NotReached, Party, Transferred
from pbx.cause import Cause
from pbx.switch import Dial
from tests.contract.worlds import Caller, World, asterisk_world, fake_world
from tests.pressed import next_key

pytestmark = pytest.mark.anyio

REAL = pytest.mark.integration


@pytest.fixture(
    params=["fake", pytest.param("dialed", marks=REAL), pytest.param("awaited", marks=REAL)],
)
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    kind = request.param
    async with fake_world() if kind == "fake" else asterisk_world(outbound=kind == "awaited") as made:
        yield made


async def taken(world: World) -> tuple[Caller, Call]:
    """A caller who was picked up."""
    caller = await world.dial()
    call = await next_call(world)
    await call.answer()
    return caller, call


async def next_call(world: World) -> Call:
    with anyio.fail_after(10):
        async for call in world.switch.calls():
            return call
    raise AssertionError("no call came")


async def pressed(call: Call, count: int) -> bytes:
    with anyio.fail_after(15):
        return bytes([(await next_key(call.keys)).code for _ in range(count)])


async def test_a_call_says_who_dialed_what_and_which_flow_is_to_answer(world: World) -> None:
    await world.dial("1000")
    call = await next_call(world)
    assert (call.caller.number, call.number, call.flow) == ("+15550100", "1000", "pay_bill")
    assert (call.direction, call.resumed) == (Direction.IN, False)


async def test_keys_come_in_order_and_none_pressed_early_is_lost(world: World) -> None:
    caller, call = await taken(world)
    await caller.press("1")
    await caller.press("234*#0")
    assert await pressed(call, 7) == b"1234*#0"


async def test_sounds_are_played_to_their_end_one_after_another(world: World) -> None:
    _, call = await taken(world)
    first = await call.play([world.short, world.short])
    second = await call.play([world.short])
    with anyio.fail_after(10):
        assert await second.finished()
        assert await first.finished()


async def test_a_stopped_sound_was_not_heard_whole_and_stopping_twice_does_nothing(world: World) -> None:
    _, call = await taken(world)
    playback = await call.play([world.long])
    await playback.stop()
    await playback.stop()
    with anyio.fail_after(2):
        assert not await playback.finished()


async def test_a_sound_that_ended_by_itself_stays_heard_when_it_is_stopped_afterwards(world: World) -> None:
    _, call = await taken(world)
    playback = await call.play([world.short])
    assert await playback.finished()
    await playback.stop()
    assert await playback.finished()


async def test_a_caller_who_hangs_up_ends_whatever_the_line_was_waiting_for(world: World) -> None:
    caller, call = await taken(world)
    playback = await call.play([world.long])
    await caller.press("5")
    await pressed(call, 1)
    await caller.hang_up()
    with anyio.fail_after(5), pytest.raises(CallGone):
        await playback.finished()
    assert await call.ended() == HungUp(Cause.NORMAL, by_caller=True)
    with pytest.raises(CallGone):
        await call.play([world.short])


async def test_the_line_hangs_up_and_a_second_time_does_nothing(world: World) -> None:
    caller, call = await taken(world)
    await call.hang_up()
    await call.hang_up()
    assert await call.ended() == HungUp(Cause.NORMAL, by_caller=False)
    assert await caller.gone() == Cause.NORMAL


@pytest.mark.parametrize("cause", [Cause.BUSY, Cause.REJECTED, Cause.CONGESTION, Cause.NOT_FOUND])
async def test_a_call_that_is_turned_away_tells_the_caller_why(world: World, cause: Cause) -> None:
    caller = await world.dial()
    call = await next_call(world)
    await call.hang_up(cause)
    assert await caller.gone() == cause
    assert await call.ended() == HungUp(cause, by_caller=False)


@pytest.mark.parametrize(
    ("to", "cause"),
    [
        ("202", Cause.BUSY),
        ("203", Cause.REJECTED),
        ("204", Cause.NO_ANSWER),
        ("999", Cause.NOT_FOUND),
    ],
)
async def test_somebody_who_is_not_reached_is_an_outcome(world: World, to: str, cause: Cause) -> None:
    assert await world.switch.originate(Dial(to, timeout_s=1)) == NotReached(to, cause)


async def test_a_call_that_the_line_places_is_like_any_other(world: World) -> None:
    call = await world.switch.originate(Dial("201", caller="+15550199", flow="remind"))
    agent = await world.agent()
    assert not isinstance(call, NotReached)
    assert (call.direction, call.caller, call.flow) == (Direction.OUT, Party("201"), "remind")
    await agent.press("7")
    assert await pressed(call, 1) == b"7"
    playback = await call.play([world.short])
    assert await playback.finished()
    await agent.hang_up()
    assert (await call.ended()).by_caller


async def test_a_call_that_is_given_up_while_it_rings_is_hung_up(world: World) -> None:
    with anyio.move_on_after(0.5):
        await world.switch.originate(Dial("204"))
    assert (await world.switch.health()).calls == 0


async def test_joined_parties_keep_their_keys_to_the_line_and_can_be_played_to(world: World) -> None:
    caller, call = await taken(world)
    agent_call = await world.switch.originate(Dial("201"))
    assert not isinstance(agent_call, NotReached)
    agent = await world.agent()
    async with call.joined(agent_call):
        await caller.press("12")
        await agent.press("3")
        assert await pressed(call, 2) == b"12"
        assert await pressed(agent_call, 1) == b"3"
        playback = await call.play([world.short])
        assert await playback.finished()
    await caller.press("4")
    assert await pressed(call, 1) == b"4"


async def test_an_attended_transfer_is_made_of_a_second_call_and_a_join(world: World) -> None:
    caller, call = await taken(world)
    await call.hold()
    agent_call = await world.switch.originate(Dial("201"))
    assert not isinstance(agent_call, NotReached)
    announced = await agent_call.play([world.short])
    assert await announced.finished()
    await call.unhold()
    async with call.joined(agent_call):
        await caller.press("1")
        assert await pressed(call, 1) == b"1"
        await (await world.agent()).hang_up()
        assert (await agent_call.ended()).by_caller
    playback = await call.play([world.short])
    assert await playback.finished()


async def test_a_transferred_call_is_no_longer_ours(world: World) -> None:
    _, call = await taken(world)
    with anyio.fail_after(10):
        assert await call.transfer("201") == Transferred("201")
    await call.ended()
    with pytest.raises(CallGone):
        await call.play([world.short])


@pytest.mark.parametrize(("to", "cause"), [("202", Cause.BUSY), ("999", Cause.NOT_FOUND)])
async def test_a_transfer_that_reaches_nobody_leaves_the_call_with_us(
    world: World, to: str, cause: Cause
) -> None:
    caller, call = await taken(world)
    with anyio.fail_after(10):
        assert await call.transfer(to) == NotReached(to, cause)
    await caller.press("5")
    assert await pressed(call, 1) == b"5"


async def test_a_caller_who_hangs_up_while_a_transfer_rings_is_gone(world: World) -> None:
    caller, call = await taken(world)
    await caller.press("1")

    async def give_up() -> None:
        await anyio.sleep(0.5)
        await caller.hang_up()

    with anyio.fail_after(10):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(give_up)
            with pytest.raises(CallGone):
                await call.transfer("204")


async def test_a_held_caller_is_taken_back(world: World) -> None:
    caller, call = await taken(world)
    await call.hold()
    await call.unhold()
    await caller.press("6")
    assert await pressed(call, 1) == b"6"


async def test_keys_reach_the_line_while_the_call_is_deafened(world: World) -> None:
    caller, call = await taken(world)
    async with call.deafened():
        await caller.press("4242")
        assert await pressed(call, 4) == b"4242"
        playback = await call.play([world.short])
        assert await playback.finished()


async def test_a_call_that_ends_while_deafened_ends_like_any_other(world: World) -> None:
    caller, call = await taken(world)
    await caller.press("1")
    async with call.deafened():
        await caller.hang_up()
        await call.ended()


async def test_keys_are_sent_to_the_other_party_and_what_is_no_key_is_refused(world: World) -> None:
    _, call = await taken(world)
    await call.send_keys("19*#D")
    for wrong in ("", "1x", "1" * 33):
        with pytest.raises(BadInput):
            await call.send_keys(wrong)


async def test_a_recording_has_its_name_and_can_be_paused(world: World) -> None:
    _, call = await taken(world)
    recording = await call.record("the-call_1")
    await recording.pause()
    await recording.resume()
    assert (await recording.stop()).name == "the-call_1.wav"


async def test_a_recording_is_named_by_letters_and_not_by_a_path(world: World) -> None:
    _, call = await taken(world)
    with pytest.raises(BadInput):
        await call.record("../../etc/passwd")


async def test_the_sound_of_a_call_comes_in_frames_and_goes_until_it_is_drained(world: World) -> None:
    caller, call = await taken(world)
    await caller.press("1")
    with anyio.fail_after(60):
        async with call.media() as media:
            frames = [await media.receive() for _ in range(10)]
            assert {len(frame.pcm) for frame in frames} == {frame_bytes(media.rate_hz)}
            started = anyio.current_time()
            await media.send(silence(0.5, media.rate_hz))
            await media.drained()
            assert anyio.current_time() - started > 0.3
        playback = await call.play([world.short])
        assert await playback.finished()


async def test_a_caller_whose_telephone_sends_nothing_is_silent_not_lost(world: World) -> None:
    _, call = await taken(world)
    async with call.media() as media:
        frames = [await media.receive() for _ in range(150)]
    assert {frame.pcm for frame in frames} == {silence(0.02, media.rate_hz).pcm}


async def test_flushed_sound_is_over_at_once(world: World) -> None:
    _, call = await taken(world)
    async with call.media() as media:
        await media.send(silence(15, media.rate_hz))
        await media.flush()
        with anyio.fail_after(2):
            await media.drained()


async def test_the_sound_of_a_call_ends_with_it(world: World) -> None:
    caller, call = await taken(world)
    await caller.press("1")
    async with call.media() as media:
        await caller.hang_up()
        await call.ended()
        with pytest.raises(CallGone):
            await media.receive()


async def test_the_switch_says_that_it_is_up_and_how_many_calls_it_has(world: World) -> None:
    _, call = await taken(world)
    health = await world.switch.health()
    assert (health.up, health.calls) == (True, 1)
    await call.hang_up()
    assert (await world.switch.health()).calls == 0
