"""A controller to be killed: it takes one call, and says so when it is in the middle of it."""

import sys
from contextlib import AsyncExitStack

import anyio

from pbx.ari.switch import AriSwitch
from pbx.call import Call, NotReached
from pbx.switch import Dial
from tests.contract.worlds import ari_switch
from tests.integration.lab import Lab


async def main(home: str, *, outbound: bool, joined: bool) -> None:
    lab = Lab(outbound=outbound, home=home)
    switch = ari_switch(lab, outbound=outbound)
    async with anyio.create_task_group() as tasks, AsyncExitStack() as open_things:
        await tasks.start(switch.run)
        _say("ready")
        call = await anext(aiter(switch.calls()))
        await call.answer()
        await (_joined(call, switch, open_things) if joined else _talking(call, lab, open_things))
        _say("taken")
        await anyio.sleep_forever()


async def _talking(call: Call, lab: Lab, open_things: AsyncExitStack) -> None:
    """Its sound is open, it is recorded, and the line says something that lasts longer than this process."""
    await open_things.enter_async_context(call.media())
    await open_things.enter_async_context(call.deafened())
    await call.record("before")
    await call.play([lab.sound("demo-instruct")])


async def _joined(call: Call, switch: AriSwitch, open_things: AsyncExitStack) -> None:
    """An agent talks with the caller, who keys a card in, while a supervisor listens to both."""
    agent_call = await switch.originate(Dial("201"))
    assert not isinstance(agent_call, NotReached)
    await open_things.enter_async_context(call.joined(agent_call))
    await open_things.enter_async_context(call.listen())
    await agent_call.record("agent")
    await open_things.enter_async_context(call.deafened())


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    anyio.run(lambda: main(sys.argv[1], outbound="outbound" in sys.argv, joined="joined" in sys.argv))
