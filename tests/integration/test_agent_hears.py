"""What reaches an agent while a caller keys a card in: words, and no keys in any mode of sending them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import anyio
import pytest

from pbx.ari.call import AriCall
from pbx.ari.switch import AriSwitch
from pbx.call import Call, NotReached
from pbx.switch import Dial
from rehearsal.tones import ASSESSOR, TELEPHONE, keys_heard
from rehearsal.witness import Witness, witness
from tests.contract.worlds import ari_switch
from tests.integration.caller import Phone, Town
from tests.integration.lab import Lab
from tests.pressed import next_key

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

CARD = "4242424242424242"
MODES = ("rfc4733", "info", "inband")


@dataclass
class Desk:
    """A caller with a telephone of one mode, joined with an agent's telephone of another."""

    lab: Lab
    town: Town
    switch: AriSwitch
    agent: Witness
    phone: Phone
    call: Call
    agent_call: Call

    def keys_in_sound(self) -> str:
        return max((keys_heard(self.agent.heard, window) for window in (TELEPHONE, ASSESSOR)), key=len)

    def leaked(self) -> str:
        """What of the keys reached the agent: as tones, as RTP events, as SIP INFO."""
        return self.keys_in_sound() + self.agent.events + "".join(info.body for info in self.agent.infos)

    async def keyed(self, keys: str) -> None:
        await self.phone.press(keys)
        with anyio.fail_after(30):
            got = bytes([(await next_key(self.call.keys)).code for _ in keys])
        assert got.decode() == keys

    async def plain(self) -> None:
        """Bring both into a bridge that nobody thought about."""
        await self.town.rest.ask("POST", "bridges", "plain", type="mixing")
        for call in (self.call, self.agent_call):
            assert isinstance(call, AriCall)
            await self.town.rest.ask("POST", "bridges", "plain", "addChannel", channel=call.leg.channel)


@asynccontextmanager
async def desk(caller: str = "rfc4733", agent: str = "agent") -> AsyncIterator[Desk]:
    async with (
        witness(events=agent == "agent") as phone,
        Lab(outbound=False) as lab,
        anyio.create_task_group() as tasks,
    ):
        endpoint = f"PJSIP/{agent}/sip:agent@{phone.address[0]}:{phone.address[1]}"
        switch = ari_switch(lab, outbound=False, endpoint=lambda _to: endpoint)
        await tasks.start(switch.run)
        async with Town(tasks) as town:
            caller_phone = await town.dial(mode=caller)
            call = await anext(aiter(switch.calls()))
            await call.answer()
            await caller_phone.picked_up()
            agent_call = await switch.originate(Dial("agent"))
            assert not isinstance(agent_call, NotReached)
            await phone.answered.wait()
            async with call.joined(agent_call):
                yield Desk(lab, town, switch, phone, caller_phone, call, agent_call)
            await call.hang_up()
            await agent_call.hang_up()
        tasks.cancel_scope.cancel()


@pytest.mark.parametrize("agent", ["agent", "agent-info", "agent-inband"])
@pytest.mark.parametrize("caller", MODES)
async def test_no_key_reaches_the_agent_in_any_mode(caller: str, agent: str) -> None:
    async with desk(caller, agent) as it:
        async with it.call.deafened():
            await it.keyed(CARD)
            await anyio.sleep(0.3)
        assert not it.leaked()


@pytest.mark.parametrize(
    ("caller", "agent"), [("rfc4733", "agent"), ("info", "agent-info"), ("inband", "agent-inband")]
)
async def test_the_same_call_is_found_leaky_in_a_plain_bridge(caller: str, agent: str) -> None:
    async with desk(caller, agent) as it:
        await it.plain()
        await it.phone.press("42", gap_ms=200, held_ms=150)
        with anyio.fail_after(15):
            while not it.leaked():  # noqa: ASYNC110 - it is sought in what came so far
                await anyio.sleep(0.1)


async def test_the_edges_of_tones_are_found_where_no_wall_stands() -> None:
    async with desk("inband") as it:
        await it.keyed(CARD)
        await anyio.sleep(0.3)
        assert it.keys_in_sound() != ""
