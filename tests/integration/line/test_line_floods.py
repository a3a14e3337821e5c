"""Callers and strangers who flood, stammer or vanish: the line stays ready, and nothing is left open."""

import socket
from random import Random

import anyio
import pytest

from node.stack.ports import HOST
from rehearsal.phone import Answered
from rehearsal.script import Dtmf, Rhythm
from tests.integration.line.rig import PAID_ONCE, VISA, Rig, Settled
from tests.integration.line.scripts import pays

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_FLOOD = Rhythm(every_s=0.005, held_s=0.004)
_AT_ONCE = 20
_GARBAGE = (
    b"",
    b"\x00" * 1200,
    b"INVITE\r\n\r\n",
    b"INVITE sip:1000@127.0.0.1 SIP/2.0\r\n\r\n",
    b"INVITE sip:1000@127.0.0.1 SIP/9.9\r\nVia: \r\nContent-Length: -5\r\n\r\n",
    b"INVITE sip:1000@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK1\r\n"
    b"From: <sip:\xff\xfe>\r\nTo: <sip:1000@127.0.0.1>\r\nCall-ID: a\r\n"
    b"CSeq: 99999999999999999999 INVITE\r\nContent-Length: 70000\r\n\r\nv=0",
    b"INVITE sip:1000@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK2\r\n"
    b"From: <sip:x@y>;tag=1\r\nTo: <sip:1000@127.0.0.1>\r\nCall-ID: b\r\nCSeq: 1 INVITE\r\n"
    b"Contact: <sip:x@127.0.0.1:9>\r\nContent-Type: application/sdp\r\nContent-Length: 30\r\n\r\n"
    b"v=0\r\nm=audio x RTP/AVP 0 0 0\r\n",
    b"BYE sip:1000@127.0.0.1 SIP/2.0\r\nCall-ID: nobody\r\nCSeq: 1 BYE\r\n\r\n",
    b"SIP/2.0 200 OK\r\nCSeq: 1 INVITE\r\n\r\n",
    b"A" * 60_000,
)


async def test_a_caller_who_floods_with_keys_disturbs_nobody(line: Rig) -> None:
    flooding, account = line.number(), await line.bill()
    async with line.phone(flooding) as flood:
        assert isinstance(await flood.dial("1000", 10), Answered)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(flood.press, "1" * 300, _FLOOD)
            await line.rehearse(pays(account))
        await flood.hang_up()
    assert (await line.ended(flooding))["outcome"] in {"hung_up", "no_match", "no_input"}
    await line.settled(account, PAID_ONCE)
    await line.until_ready()


async def test_a_flood_in_card_entry_charges_nothing_and_ends(line: Rig) -> None:
    number, account = line.number(), await line.bill()
    async with line.phone(number) as caller:
        assert isinstance(await caller.dial("1000", 10), Answered)
        await line.asked(caller, number, "ask_account", f"{account}#")
        await line.asked(caller, number, "ask_how_much", "1")
        await line.said(number, "card_number")
        await caller.press("4" * 300, _FLOOD)
        await line.said(number, "card_number_wrong")
        await caller.hang_up()
    assert (await line.ended(number))["outcome"] == "hung_up"
    await line.settled(account, Settled((), 0, 12_550))
    await line.until_ready()


async def test_garbage_at_the_sip_port_is_passed_over(line: Rig) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        for garbage in _GARBAGE * 10:
            stranger.sendto(garbage, (HOST, line.stack.ports.sip))
    for garbage in _GARBAGE:
        async with await anyio.connect_tcp(HOST, line.stack.ports.sip) as stream:
            await stream.send(garbage or b"\r\n")
    await line.until_ready()
    account = await line.bill()
    await line.rehearse(pays(account))
    await line.settled(account, PAID_ONCE)
    await line.channels(0)


async def test_a_caller_who_gives_up_at_once_leaves_nothing(line: Rig) -> None:
    for _ in range(5):
        async with line.phone(line.number()) as caller, anyio.create_task_group() as tasks:
            tasks.start_soon(caller.dial, "1000", 5)
            await anyio.wait_all_tasks_blocked()  # the INVITE is on its way
            await caller.hang_up()
            await caller.closed()
    await line.channels(0)
    await line.until_ready()
    assert not await line.rows("SELECT id FROM calls WHERE ended_at IS NULL")


async def test_twenty_callers_at_once_who_hang_up_anywhere_leave_nothing(line: Rig) -> None:
    chance = Random(7)
    async with anyio.create_task_group() as tasks:
        for _ in range(_AT_ONCE):
            tasks.start_soon(
                _calls_for_a_while, line, line.number(), chance.uniform(0.2, 6), await line.bill()
            )
    await line.channels(0)
    await line.until_ready()
    assert not await line.rows("SELECT id FROM calls WHERE ended_at IS NULL")
    broken = [entry for entry in line.log() if entry["level"] in {"error", "critical"}]
    assert not broken, broken[:3]


async def _calls_for_a_while(line: Rig, number: str, seconds: float, account: str) -> None:
    async with line.phone(number, Dtmf.RFC4733) as caller:
        assert isinstance(await caller.dial("1000", 20), Answered)
        with anyio.move_on_after(seconds):
            await caller.press(f"{account}#1{VISA}#", Rhythm())
            await anyio.sleep_forever()
        await caller.hang_up()
