"""The life of a call: hang-ups, breakage, limits, draining, and its record."""

import anyio
import pytest

from core.errors import BadInput, Refused, VoiceLost
from core.events import CallEnded, CallStarted, Said
from core.lag import Lag
from ivr.line import Line
from ivr.result import CallResult
from ivr.services import Services
from pbx.call import NotReached
from pbx.cause import Cause
from pbx.fake.phone import Phone, silent
from pbx.fake.switch import Answers, Refuses
from pbx.switch import Dial
from tests.sim.callers import pay
from tests.sim.house import open_house
from tts.sounds import Sound
from tts.voice import Speech

pytestmark = pytest.mark.anyio


async def _wait(_line: Line, _services: Services) -> CallResult:
    await anyio.sleep(100)
    return CallResult.NOTHING_DUE


async def _break(_line: Line, _services: Services) -> CallResult:
    raise RuntimeError("a mistake in a flow")


async def _hang_up_later(phone: Phone) -> None:
    await anyio.sleep(10)
    phone.hang_up()


async def test_a_hang_up_cancels_the_flow_wherever_it_is_and_the_call_is_closed() -> None:
    async with open_house(flows={"pay_bill": _wait}) as house:
        await house.call(_hang_up_later)
        session = await house.session()
        assert (session.outcome, session.cause) == ("hung_up", "normal")
        assert [fact.seconds for fact in house.told(CallEnded)] == [10.0]


async def test_a_mistake_in_a_flow_is_excused_to_the_caller_and_logged() -> None:
    async with open_house(flows={"pay_bill": _break}) as house:
        phone = await house.call(silent)
        assert [fact.prompt for fact in house.told(Said)] == ["sorry"]
        assert (await house.session()).outcome == CallResult.FAILED.value
        assert phone.call.hung_up is not None
        assert not phone.call.hung_up.by_caller


async def test_a_mistake_after_the_payment_does_not_undo_the_payment() -> None:
    async def flow(line: Line, _services: Services) -> CallResult:
        line.result = CallResult.PAID
        raise RuntimeError("a mistake in a flow")

    async with open_house(flows={"pay_bill": flow}) as house:
        await house.call(silent)
        assert (await house.session()).outcome == CallResult.PAID.value


async def test_a_flow_that_is_not_there_is_excused_too() -> None:
    async with open_house() as house:
        await house.call(silent, flow="sell_shoes")
        assert (await house.session()).outcome == CallResult.FAILED.value


async def test_a_lost_voice_ends_the_call_without_words(monkeypatch: pytest.MonkeyPatch) -> None:
    async def lost(_speech: Speech) -> Sound:
        raise VoiceLost("no voice")

    async with open_house() as house:
        monkeypatch.setattr(house.sounds, "sound", lost)
        monkeypatch.setattr(house.sounds, "at_hand", lambda _speech: None)
        phone = await house.call(silent)
        assert phone.call.hung_up is not None
        assert (await house.session()).outcome == CallResult.FAILED.value


async def test_a_call_that_lasts_too_long_is_ended_politely() -> None:
    async with open_house(flows={"pay_bill": _wait}, longest_call_s=60) as house:
        await house.call(silent)
        assert [fact.prompt for fact in house.told(Said)] == ["too_long"]
        assert (await house.session()).outcome == CallResult.TOO_LONG.value


async def test_a_call_that_was_interrupted_hears_so_and_begins_again() -> None:
    async with open_house() as house:
        await house.call(pay, resumed=True)
        assert [fact.prompt for fact in house.told(Said)][:2] == ["interrupted", "greeting"]
        assert (await house.session()).outcome == CallResult.PAID.value


async def test_a_call_is_recorded_where_its_number_wants_that() -> None:
    async with open_house() as house:
        recorded = house.switch.place(pay, to_be_recorded=True)
        other = house.switch.place(silent)
        with anyio.fail_after(3600):
            await recorded.ended()
            await other.ended()
        assert [one.path.name for one in recorded.call.recordings] == [f"{recorded.call.id}.wav"]
        assert not other.call.recordings


async def test_whoever_is_called_talks_to_the_flow_that_was_named() -> None:
    async with open_house() as house:
        house.switch.answers["+15550199"] = Answers(pay)
        call = await house.runner.place(Dial("+15550199", "1000", flow="pay_bill"))
        assert not isinstance(call, NotReached)
        with anyio.fail_after(3600):
            await call.ended()
            await house.runner.drained()
        session = await house.session()
        assert (session.outcome, session.caller) == (CallResult.PAID.value, "+15550199")


async def test_whoever_is_not_reached_leaves_no_call_behind() -> None:
    async with open_house() as house:
        house.switch.answers["201"] = Refuses(Cause.BUSY)
        assert await house.runner.place(Dial("201", flow="pay_bill")) == NotReached("201", Cause.BUSY)
        assert house.runner.calls == 0
        assert not house.kept


async def test_a_flow_that_is_not_there_calls_nobody() -> None:
    async with open_house() as house:
        with pytest.raises(
            BadInput,
            match="no flow 'sell_shoes': there are for_application, front_desk, pay_bill, speak_to_agent",
        ):
            await house.runner.place(Dial("201", flow="sell_shoes"))
        assert not house.switch.dialed


async def test_a_line_that_drains_or_is_full_calls_nobody() -> None:
    async with open_house(flows={"pay_bill": _wait}, calls=1) as house:
        house.switch.place(silent)
        await anyio.wait_all_tasks_blocked()
        with pytest.raises(Refused, match="full"):
            await house.runner.place(Dial("201", flow="pay_bill"))
        house.runner.drain()
        with pytest.raises(Refused, match="about to stop"):
            await house.runner.place(Dial("201", flow="pay_bill"))
        assert not house.switch.dialed


async def test_callers_beyond_the_limit_hear_that_all_lines_are_busy() -> None:
    async with open_house(flows={"pay_bill": _wait}, calls=2) as house:
        phones = [house.switch.place(silent) for _ in range(3)]
        await phones[2].ended()
        assert [fact.prompt for fact in house.told(Said)] == ["all_busy"]
        assert all(phone.call.hung_up is None for phone in phones[:2])


async def test_far_beyond_the_limit_callers_hear_the_busy_tone() -> None:
    async with open_house(flows={"pay_bill": _wait}, calls=2) as house:
        phones = [house.switch.place(silent) for _ in range(30)]
        assert (await phones[-1].ended()).cause is Cause.BUSY
        assert not phones[-1].call.answered


class _Late(Lag):
    """An event loop that is as late as the test wants."""

    by_s = 0.0

    @property
    def typical_s(self) -> float:
        return self.by_s


async def test_a_line_that_cannot_keep_up_turns_new_callers_away_and_serves_its_own() -> None:
    lag = _Late()
    async with open_house(lag=lag) as house:
        own = house.switch.place(pay)
        await own.hears("Hello")
        lag.by_s = 1.0
        turned_away = [house.switch.place(silent) for _ in range(20)]
        refused, resumed = house.switch.place(silent), house.switch.place(silent, resumed=True)
        assert (await refused.ended()).cause is Cause.BUSY
        await turned_away[-1].ended()
        lag.by_s = 0.0
        await house.call(silent)
        assert resumed.call.hung_up is not None
        outcomes = sorted(session.outcome for session in await house.sessions.recent())
        assert outcomes == ["no_input", "no_input", "paid"] + ["turned_away"] * 20


async def test_draining_refuses_new_calls_and_finishes_its_own() -> None:
    async with open_house() as house:
        own = house.switch.place(pay)
        await own.hears("Hello")
        house.runner.drain()
        late = house.switch.place(silent)
        assert (await late.ended()).cause is Cause.CONGESTION
        assert own.call.hung_up is None
        await house.runner.drained()
        assert [session.outcome for session in await house.sessions.recent()] == ["paid"]


async def test_a_store_that_is_away_breaks_no_call_and_gets_the_record_later() -> None:
    async def come_back() -> None:
        await anyio.sleep(30)
        house.sessions.lost = False

    async with open_house() as house, anyio.create_task_group() as group:
        house.sessions.lost = True
        phone = house.switch.place(_hang_up_later)
        await phone.ended()
        group.start_soon(come_back)
        await house.runner.drained()
        assert (await house.session()).outcome == CallResult.HUNG_UP.value


async def test_an_accounts_store_that_is_away_is_excused_to_the_caller() -> None:
    async def script(phone: Phone) -> None:
        await phone.hears("enter your account number")
        await phone.press("12345678#")
        await phone.hears("something went wrong on our side")

    async with open_house() as house:
        house.accounts.lost = True
        await house.call(script)
        assert (await house.session()).outcome == CallResult.FAILED.value


async def test_calls_that_are_up_when_the_line_stops_are_written_down_as_interrupted() -> None:
    async with open_house(flows={"pay_bill": _wait}) as house:
        phone = house.switch.place(silent)
        await phone.picked_up()
    assert (await house.session()).outcome == CallResult.INTERRUPTED.value


async def test_each_call_begins_and_ends_once_in_the_facts() -> None:
    async with open_house() as house:
        for script in (pay, silent, _hang_up_later):
            await house.call(script)
        started = [fact.call for fact in house.told(CallStarted)]
        assert started == [fact.call for fact in house.told(CallEnded)]
        assert len(set(started)) == 3
