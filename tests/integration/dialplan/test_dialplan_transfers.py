"""Calls that a flow sends on, through the dialplan that we render."""

from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import anyio
import pytest

from dialplan.check import write
from dialplan.directory import Directory
from dialplan.read import read
from dialplan.render import render
from node.parts.asterisk import Asterisk
from node.stack.ports import HOST, free_ports
from pbx.ari.link import Dialed
from pbx.ari.listener import Listener
from pbx.ari.site import Site
from pbx.ari.switch import AriSwitch
from pbx.call import Call, NotReached, Transferred
from pbx.cause import Cause

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_EXAMPLE = Path(__file__).parents[3] / "dialplan" / "example.yaml"
_PASSWORD = "of-this-test-only"
_WAITING = "[waiting]\nexten => 1,1,Answer()\n same => n,Wait(60)\n"


@pytest.fixture
async def switch(etc: Path, stopped: Asterisk, tmp_path: Path) -> AsyncIterator[AriSwitch]:
    ports = free_ports()
    fragment = tmp_path / "waiting.conf"
    fragment.write_text(_WAITING)
    overrides = {
        "sip.udp": str(ports.sip),
        "sip.tcp": str(ports.sip),
        "rtp.first": str(ports.rtp_first),
        "rtp.last": str(ports.rtp_last),
        "ari.port": str(ports.ari),
        "ari.password": _PASSWORD,
    }
    exchange = tmp_path / "exchange.yaml"
    exchange.write_text(_EXAMPLE.read_text() + f"\nfragments: [{fragment}]\nmodules: [res_clioriginate]\n")
    admin = read(exchange, {}, overrides=overrides)
    write(etc, render(admin.exchange, admin.fragments))
    await stopped.start()
    link = Dialed(
        f"http://{HOST}:{ports.ari}",
        app="tellerline",
        user="tellerline",
        password=_PASSWORD,
        chance=Random(1),
    )
    site = Site("tellerline", Directory(admin.exchange).endpoint, stopped.spool / "recording")
    switch = AriSwitch(link, Listener(HOST, ports.listen, user="tellerline", password=_PASSWORD), site)
    async with anyio.create_task_group() as tasks:
        await tasks.start(switch.run)
        yield switch
        tasks.cancel_scope.cancel()


async def _incoming(switch: AriSwitch, asterisk: Asterisk) -> Call:
    """A caller who dialed 1000: the other end of a Local channel waits in the admin's own fragment."""
    command = "channel originate Local/1@waiting extension 1000@tellerline-in"
    await asterisk.console(command)
    with anyio.fail_after(10):
        return await anext(switch.calls())


async def test_a_call_that_reaches_nobody_comes_back(switch: AriSwitch, stopped: Asterisk) -> None:
    call = await _incoming(switch, stopped)
    await call.answer()
    with anyio.fail_after(15):
        came_of_it = await call.transfer("201")
    assert isinstance(came_of_it, NotReached)
    await call.hang_up()
    with anyio.fail_after(5):
        assert (await call.ended()).cause is Cause.NORMAL


async def test_a_call_that_was_sent_on_to_another_number_of_the_line_is_a_new_call(
    switch: AriSwitch, stopped: Asterisk
) -> None:
    call = await _incoming(switch, stopped)
    await call.answer()
    arrived: list[Call] = []
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_take, switch, arrived)
        with anyio.fail_after(15):
            came_of_it = await call.transfer("1001")
            tasks.cancel_scope.deadline = anyio.current_time() + 5
    assert came_of_it == Transferred("1001")
    assert [one.flow for one in arrived] == ["speak_to_agent"]
    await arrived[0].hang_up()


async def _take(switch: AriSwitch, arrived: list[Call]) -> None:
    arrived.append(await anext(switch.calls()))
