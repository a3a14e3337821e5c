"""Agents who press the transfer key (SIP REFER): the caller goes on to a third telephone, or stays."""

import aiohttp
import anyio
import pytest

from node.stack.ports import HOST
from rehearsal.phone import Answered
from rehearsal.script import Dtmf, Rhythm
from tests.integration.line.listening import CALLER_HZ, beeps, heard, keys
from tests.integration.line.poll import until
from tests.integration.line.program import Program
from tests.integration.line.raw_agent import raw_agent
from tests.integration.line.raw_caller import raw_caller
from tests.integration.line.rig import VISA, Rig

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

SLOWLY = Rhythm(every_s=0.26, held_s=0.1)
ACCEPTED = 202


async def handed_over_to(line: Rig, caller: str, to: str) -> None:
    async def told() -> bool:
        facts = await line.facts(caller)
        joined = [one["body"]["to"] for one in facts if one["kind"] == "call_handed_over"]
        return to in joined

    await until(told, 20, f"{caller} does not talk with {to}")


async def test_an_agent_sends_the_caller_on_and_the_third_one_hears_them(line: Rig) -> None:
    number = line.number()
    async with line.extension("201") as agent, line.extension("202") as third, line.phone(number) as caller:
        assert isinstance(await caller.dial("1001", 10), Answered)
        await handed_over_to(line, number, "201")
        await agent.transfer("202")
        await handed_over_to(line, number, "202")
        with anyio.fail_after(10):
            await agent.closed()
        await caller.speak(beeps(line.stack.folder / "caller.wav", CALLER_HZ))
        await heard(third, CALLER_HZ)
        await third.hang_up()
        with anyio.fail_after(10):
            assert (await caller.closed()).by_line
    assert (await line.ended(number))["outcome"] == "spoke_to_agent"
    await line.until_ready()


async def test_an_agent_talks_with_the_third_one_first_and_then_sends_the_caller_on(line: Rig) -> None:
    number, sip = line.number(), (HOST, line.stack.ports.sip)
    async with raw_agent("201", sip) as agent, line.extension("202") as third, line.phone(number) as caller:
        assert isinstance(await caller.dial("1001", 10), Answered)
        await handed_over_to(line, number, "201")
        await agent.consult("202")
        await anyio.sleep(1)
        assert await agent.send_on() == ACCEPTED
        await handed_over_to(line, number, "202")
        with anyio.fail_after(10):
            await agent.over.wait()
        await caller.speak(beeps(line.stack.folder / "caller.wav", CALLER_HZ))
        await heard(third, CALLER_HZ)
        await caller.hang_up()
    await line.ended(number)
    await line.until_ready()


async def test_a_card_is_entered_while_the_agent_consults_and_sends_the_caller_on(line: Rig) -> None:
    number, sip = line.number(), (HOST, line.stack.ports.sip)
    async with (
        raw_agent("201", sip) as agent,
        line.extension("202") as third,
        line.phone(number, Dtmf.RFC4733) as caller,
        aiohttp.ClientSession(headers=line.stack.headers) as http,
    ):
        assert isinstance(await caller.dial("1001", 10), Answered)
        await handed_over_to(line, number, "201")
        session = await line.session(number)
        assert session is not None
        program = Program(line, str(session["id"]), http)
        sid = (await program.post(ChargeAmount="12.50", PostalCode="false", Timeout="60"))["Sid"]
        await program.post(f"/{sid}", Capture="payment-card-number")
        await caller.press(VISA[:6], SLOWLY)
        await agent.consult("202")
        await caller.press(VISA[6:10], SLOWLY)
        assert await agent.send_on() == ACCEPTED
        await handed_over_to(line, number, "202")
        await caller.press(f"{VISA[10:]}#", SLOWLY)
        await program.taken(sid, "payment-card-number")
        for step, pressed in (("expiration-date", "1230"), ("security-code", "123")):
            await program.post(f"/{sid}", Capture=step)
            await caller.press(pressed, SLOWLY)
            await program.taken(sid, step)
        await program.post(f"/{sid}", Status="complete")
        assert (await program.settled(sid))["Result"] == "success"
        assert keys(third.received.between(0, 3600)) == ""
        await caller.hang_up()
    await line.ended(number)
    await line.until_ready()


async def test_an_agent_whose_transfer_reaches_nobody_has_the_caller_back(line: Rig) -> None:
    number = line.number()
    async with line.extension("201") as agent, line.phone(number) as caller:
        assert isinstance(await caller.dial("1001", 10), Answered)
        await handed_over_to(line, number, "201")
        await agent.transfer("299")

        async def joined_again() -> bool:
            facts = await line.facts(number)
            return len([one for one in facts if one["kind"] == "call_handed_over"]) == 2

        await until(joined_again, 20, "the caller is not with the agent again")
        await agent.hang_up()  # the telephone itself has the caller on hold since it asked
        with anyio.fail_after(10):
            assert (await caller.closed()).by_line
    assert (await line.ended(number))["outcome"] == "spoke_to_agent"


async def test_a_stranger_who_asks_for_a_transfer_is_refused_and_stays(line: Rig) -> None:
    number = line.number()
    async with raw_caller(number, (HOST, line.stack.ports.sip)) as phone:
        await phone.dial("1000")
        await line.said(number, "ask_account")
        await phone.refer("201")
        await anyio.sleep(1)
        assert not phone.over.is_set()
        assert phone.refused
    await line.ended(number)
