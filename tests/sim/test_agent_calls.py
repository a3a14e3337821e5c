"""Callers who want a person."""

import anyio
import pytest

from core.events import CallHandedOver, Said
from ivr.line import Line
from ivr.result import CallResult
from ivr.services import Services
from pbx.call import NotReached, Transferred
from pbx.cause import Cause
from pbx.fake.phone import Phone, silent
from pbx.fake.switch import Answers, Refuses
from tests.sim.house import AGENTS, open_house

pytestmark = pytest.mark.anyio

FLOW = "speak_to_agent"


async def _talk_for_a_minute(phone: Phone) -> None:
    await phone.hears("A caller wants help")
    await anyio.sleep(60)
    phone.hang_up()


async def test_an_agent_hears_what_it_is_about_and_then_both_talk() -> None:
    talking: list[bool] = []

    async def caller(phone: Phone) -> None:
        await phone.hears("connecting you")
        await anyio.sleep(30)
        talking.append(phone.call.partner is not None and not phone.call.held)

    async with open_house() as house:
        house.switch.answers[AGENTS] = Answers(_talk_for_a_minute)
        await house.call(caller, flow=FLOW, caller="+15550123")
        assert talking == [True]
        assert house.switch.dialed[0].caller == "+15550123"
        assert (await house.session()).outcome == CallResult.SPOKE_TO_AGENT.value
        assert [fact.result for fact in house.told(CallHandedOver)] == ["joined"]


async def test_the_caller_hears_music_while_it_rings() -> None:
    held: list[bool] = []

    async def caller(phone: Phone) -> None:
        await phone.hears_out("connecting you")
        await anyio.sleep(5)
        held.append(phone.call.held)

    async with open_house() as house:
        house.switch.answers[AGENTS] = Answers(_talk_for_a_minute, after_s=10)
        phone = await house.call(caller, flow=FLOW)
        assert held == [True]
        assert not phone.call.held


async def test_when_nobody_answers_the_caller_may_try_again() -> None:
    async def caller(phone: Phone) -> None:
        await phone.hears("Nobody is free")
        house.switch.answers[AGENTS] = Answers(_talk_for_a_minute)
        await phone.press("1")

    async with open_house() as house:
        house.switch.answers[AGENTS] = Refuses(Cause.BUSY)
        await house.call(caller, flow=FLOW)
        assert (await house.session()).outcome == CallResult.SPOKE_TO_AGENT.value
        told = [fact.result for fact in house.told(CallHandedOver)]
        assert told == ["not reached: busy", "joined"]


async def test_when_nobody_answers_the_caller_may_leave() -> None:
    async def caller(phone: Phone) -> None:
        await phone.hears("Nobody is free")
        await phone.press("2")

    async with open_house() as house:
        await house.call(caller, flow=FLOW)
        assert (await house.session()).outcome == CallResult.AGENT_NOT_REACHED.value


async def test_after_three_tries_the_line_gives_up() -> None:
    async def caller(phone: Phone) -> None:
        for _ in range(3):
            await phone.hears("Nobody is free")
            await phone.press("1")

    async with open_house() as house:
        await house.call(caller, flow=FLOW)
        assert len(house.switch.dialed) == 3
        assert [fact.prompt for fact in house.told(Said)][-1] == "no_agents"


async def test_a_line_without_agents_says_so() -> None:
    async with open_house(agents="") as house:
        await house.call(silent, flow=FLOW)
        assert [fact.prompt for fact in house.told(Said)] == ["no_agents"]


async def test_when_the_caller_hangs_up_the_agent_is_hung_up_too() -> None:
    ended: list[Cause] = []

    async def agent(phone: Phone) -> None:
        ended.append((await phone.ended()).cause)

    async def caller(phone: Phone) -> None:
        await phone.hears_out("connecting you")
        await anyio.sleep(20)
        phone.hang_up()

    async with open_house() as house:
        house.switch.answers[AGENTS] = Answers(agent)
        await house.call(caller, flow=FLOW)
        await anyio.sleep(1)
        assert ended == [Cause.NORMAL]
        assert not house.switch.up
        assert (await house.session()).outcome == CallResult.SPOKE_TO_AGENT.value


async def test_an_agent_who_leaves_during_the_whisper_was_not_reached() -> None:
    async def agent(phone: Phone) -> None:
        await phone.hears("A caller wants help")
        phone.hang_up()

    async def caller(phone: Phone) -> None:
        await phone.hears("Nobody is free")
        await phone.press("2")

    async with open_house() as house:
        house.switch.answers[AGENTS] = Answers(agent)
        await house.call(caller, flow=FLOW)
        assert (await house.session()).outcome == CallResult.AGENT_NOT_REACHED.value


async def test_a_transferred_call_has_left_the_line() -> None:
    outcomes: list[Transferred | NotReached] = []

    async def flow(line: Line, _services: Services) -> CallResult:
        outcomes.append(await line.transfer("nobody"))
        outcomes.append(await line.transfer(AGENTS))
        await anyio.sleep(1)
        return CallResult.FAILED

    async with open_house(flows={"pay_bill": flow}) as house:
        house.switch.answers[AGENTS] = Answers()
        await house.call(silent)
        assert outcomes == [NotReached("nobody", Cause.NOT_FOUND), Transferred(AGENTS)]
        assert (await house.session()).outcome == CallResult.TRANSFERRED.value


async def test_an_agent_may_send_the_caller_on_to_a_third_one() -> None:
    left: list[Cause] = []

    async def agent(phone: Phone) -> None:
        await phone.hears("A caller wants help")
        await anyio.sleep(5)
        phone.ask_transfer("202")
        left.append((await phone.ended()).cause)

    async def third(phone: Phone) -> None:
        await anyio.sleep(60)
        assert phone.call.partner is not None
        phone.hang_up()

    async with open_house() as house:
        house.switch.answers[AGENTS] = Answers(agent)
        house.switch.answers["202"] = Answers(third)
        await house.call(silent, flow=FLOW)
        assert [dial.to for dial in house.switch.dialed] == [AGENTS, "202"]
        assert left == [Cause.NORMAL]
        assert [(fact.to, fact.result) for fact in house.told(CallHandedOver)] == [
            (AGENTS, "joined"),
            ("202", "joined"),
        ]
        assert (await house.session()).outcome == CallResult.SPOKE_TO_AGENT.value


async def test_who_is_sent_on_to_nobody_talks_with_the_agent_again() -> None:
    answered: list[bool] = []

    async def agent(phone: Phone) -> None:
        await phone.hears("A caller wants help")
        await anyio.sleep(5)
        phone.ask_transfer("nobody")
        await anyio.sleep(60)
        assert phone.call.partner is not None
        answered.extend(phone.call.transfers_answered)
        phone.hang_up()

    async with open_house() as house:
        house.switch.answers[AGENTS] = Answers(agent)
        await house.call(silent, flow=FLOW)
        assert answered == [False]
        assert (await house.session()).outcome == CallResult.SPOKE_TO_AGENT.value
