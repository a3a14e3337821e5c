"""The fake switch: scripted callers meet the line in virtual or real time."""

from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import pytest

from core.audio import Audio, silence
from core.digits import Keypress
from core.errors import CallGone
from pbx.call import Call, HungUp, NotReached, Transferred
from pbx.cause import Cause
from pbx.fake.phone import Phone
from pbx.fake.switch import Answers, FakeSwitch, Refuses
from pbx.switch import Dial, Switch
from tests.pressed import next_key

pytestmark = pytest.mark.anyio

GREETING = Path("/sounds/greeting")
BALANCE = Path("/sounds/balance")


@pytest.fixture
async def switch() -> AsyncIterator[FakeSwitch]:
    made = FakeSwitch(seconds=lambda _sound: 0.05)
    async with anyio.create_task_group() as tasks:
        await tasks.start(made.run)
        yield made
        tasks.cancel_scope.cancel()


async def next_call(switch: Switch) -> Call:
    async for call in switch.calls():
        return call
    raise AssertionError("no call came")


async def test_a_caller_presses_keys_when_they_have_heard_the_greeting(switch: FakeSwitch) -> None:
    async def caller(phone: Phone) -> None:
        await phone.hears_out("greeting")
        await phone.press("42#", gap_s=0.01)

    switch.place(caller, number="1000", flow="pay_bill")
    call = await next_call(switch)
    playback = await call.play([GREETING])
    assert await playback.finished()
    assert bytes([(await next_key(call.keys)).code for _ in range(3)]) == b"42#"
    assert (call.number, call.flow) == ("1000", "pay_bill")


async def test_keys_pressed_ahead_of_the_first_prompt_are_kept(switch: FakeSwitch) -> None:
    phone = switch.place()
    call = await next_call(switch)
    await phone.press("1", gap_s=0)
    await call.answer()
    assert (await next_key(call.keys)).code == ord("1")


async def test_a_stopped_sound_was_not_heard_whole_and_the_next_one_moves_up(switch: FakeSwitch) -> None:
    switch.place()
    call = await next_call(switch)
    first, second = await call.play([GREETING] * 1000), await call.play([BALANCE])
    await first.stop()
    assert not await first.finished()
    assert await second.finished()


async def test_a_caller_who_hangs_up_ends_what_the_line_waits_for(switch: FakeSwitch) -> None:
    async def caller(phone: Phone) -> None:
        await phone.hears("balance")
        phone.hang_up()

    switch.place(caller)
    call = await next_call(switch)
    playback = await call.play([GREETING, BALANCE, GREETING])
    with pytest.raises(CallGone):
        await playback.finished()
    assert await call.ended() == HungUp(Cause.NORMAL, by_caller=True)
    with pytest.raises(CallGone):
        await call.play([GREETING])


async def test_a_busy_party_is_an_outcome_and_not_an_error(switch: FakeSwitch) -> None:
    switch.answers = {"201": Refuses(Cause.BUSY, after_s=0), "202": Answers(after_s=60)}
    assert await switch.originate(Dial("201")) == NotReached("201", Cause.BUSY)
    assert await switch.originate(Dial("202", timeout_s=0.01)) == NotReached("202", Cause.NO_ANSWER)
    assert await switch.originate(Dial("999")) == NotReached("999", Cause.NOT_FOUND)


async def test_an_agent_is_called_and_joined_and_keys_still_reach_the_line(switch: FakeSwitch) -> None:
    switch.answers["201"] = Answers(after_s=0)
    phone = switch.place()
    call = await next_call(switch)
    agent = await switch.originate(Dial("201"))
    assert not isinstance(agent, NotReached)
    async with call.joined(agent):
        await phone.press("7")
        assert (await next_key(call.keys)).code == ord("7")


async def test_a_transferred_call_is_no_longer_ours(switch: FakeSwitch) -> None:
    switch.answers["201"] = Answers(after_s=0)
    switch.place()
    call = await next_call(switch)
    assert await call.transfer("555") == NotReached("555", Cause.NOT_FOUND)
    assert await call.transfer("201") == Transferred("201")
    with pytest.raises(CallGone):
        await call.answer()


async def test_nothing_is_recorded_while_the_call_is_deafened(switch: FakeSwitch) -> None:
    phone = switch.place()
    call = await next_call(switch)
    await call.record("one")
    async with call.deafened():
        while_deaf = phone.call.recordings[0].running
        await phone.press("4")
    assert (while_deaf, phone.call.recordings[0].running) == (False, True)
    assert (await next_key(call.keys)).code == ord("4")


async def test_the_callers_words_come_in_frames_unless_the_call_is_deafened(switch: FakeSwitch) -> None:
    phone = switch.place()
    call = await next_call(switch)
    word = silence(0.02, 16_000).pcm.replace(b"\0", b"\1")
    async with call.media() as media:
        await phone.speak(Audio(word, 16_000))
        assert (await media.receive()).pcm == word
        async with call.deafened():
            await phone.speak(Audio(word, 16_000))
            assert (await media.receive()).pcm != word
        await media.send(silence(0.05, 16_000))
        await media.drained()
    assert [sound.seconds for sound in phone.call.played] == [0.05]


async def test_a_flooding_caller_loses_keys_beyond_the_limit_and_harms_nobody(switch: FakeSwitch) -> None:
    phone = switch.place()
    call = await next_call(switch)
    await phone.press("1" * 300, gap_s=0)
    taken = list[Keypress]()
    call.keys.follow(taken.append)
    assert len(taken) == 256


async def test_when_the_switch_goes_away_every_call_has_ended(switch: FakeSwitch) -> None:
    switch.place()
    call = await next_call(switch)
    switch.lose()
    assert (await call.ended()).cause is Cause.NETWORK_LOST
