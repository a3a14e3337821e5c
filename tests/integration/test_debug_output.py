"""Debugging that an admin may switch on at Asterisk's console, where nothing shows it: keys go nowhere."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import pytest

from core.errors import CannotKeepSecret
from pbx.ari.switch import AriSwitch
from pbx.call import Call
from tests.contract.worlds import ari_switch
from tests.integration.caller import Phone, Town
from tests.integration.lab import Lab
from tests.integration.test_asterisk_calls import pressed

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

DEBUGGING = ("rtp set debug on", "ari set debug all on")
KEYS = "4271"


@asynccontextmanager
async def called(lab: Lab) -> AsyncIterator[tuple[AriSwitch, Phone, Call]]:
    async with anyio.create_task_group() as tasks:
        switch = ari_switch(lab, outbound=False)
        await tasks.start(switch.run)
        async with Town(tasks) as town:
            phone = await town.dial()
            call = await anext(aiter(switch.calls()))
            await call.answer()
            await phone.picked_up()
            yield switch, phone, call
            await call.hang_up()
        tasks.cancel_scope.cancel()


def written(lab: Lab) -> str:
    """All that Asterisk has written to its logs, and printed."""
    return "".join(
        file.read_text(errors="replace") for file in (lab.home / "log").rglob("*") if file.is_file()
    )


async def test_debugging_writes_no_key_where_no_log_takes_verbose() -> None:
    async with Lab(outbound=False) as lab, called(lab) as (_, phone, call):
        for command in DEBUGGING:
            await lab.console(command)
        async with call.deafened():
            await phone.press(KEYS)
            assert await pressed(call, len(KEYS)) == KEYS
        assert "RFC2833" not in written(lab)
        assert "ChannelDtmfReceived" not in written(lab)


@pytest.mark.parametrize("log", ["seen verbose", "console warning"])
async def test_the_same_keys_are_found_in_a_log_that_takes_verbose_so_no_card_is_entered(log: str) -> None:
    async with Lab(outbound=False) as lab, called(lab) as (switch, phone, call):
        for command in (f"logger add channel {log}", *DEBUGGING):
            await lab.console(command)
        await phone.press(KEYS)
        assert await pressed(call, len(KEYS)) == KEYS
        with anyio.fail_after(10):
            while not all(word in written(lab) for word in ("RFC2833", "ChannelDtmfReceived")):  # noqa: ASYNC110
                await anyio.sleep(0.1)
        assert await switch.overheard()
        with pytest.raises(CannotKeepSecret):
            async with call.deafened():
                pytest.fail("a card could be entered")
