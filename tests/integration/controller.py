"""A controller to be killed: it takes one call, opens its sound, begins to talk, and says so."""

import sys

import anyio

from tests.contract.worlds import ari_switch
from tests.integration.lab import Lab


async def main(home: str, *, outbound: bool) -> None:
    lab = Lab(outbound=outbound, home=home)
    switch = ari_switch(lab, outbound=outbound)
    async with anyio.create_task_group() as tasks:
        await tasks.start(switch.run)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        async for call in switch.calls():
            await call.answer()
            async with call.media(), call.deafened():
                await call.record("before")
                await call.play([lab.sound("demo-instruct")])  # it lasts longer than this process
                sys.stdout.write("taken\n")
                sys.stdout.flush()
                await anyio.sleep_forever()


if __name__ == "__main__":
    anyio.run(lambda: main(sys.argv[1], outbound=sys.argv[2] == "outbound"))
