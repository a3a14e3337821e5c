"""Acts of the API on calls of a whole line: real telephones on real Asterisk notice each of them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import aiohttp
import anyio
import pytest

from core.audio import Audio
from node.stack.ports import HOST
from rehearsal import rtp
from rehearsal.phone import Answered, Phone
from rehearsal.script import Dtmf, Rhythm
from tests.integration.line.acting import Hand, ear_on, waiting_for_a_program
from tests.integration.line.listening import CALLER_HZ, LOUD, beeps, heard, keys, level
from tests.integration.line.poll import until
from tests.integration.line.raw_caller import raw_caller
from tests.integration.line.rig import PAID_ONCE, VISA, Rig

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_VOICE_HZ: Final = 300
_EVENTS: Final = 101


@asynccontextmanager
async def _hand_on(line: Rig, caller: str) -> AsyncIterator[Hand]:
    call = await waiting_for_a_program(line, caller)
    async with aiohttp.ClientSession(line.stack.api, headers=line.stack.headers) as http:
        yield Hand(http, call)


def _sound(phone: Phone) -> Audio:
    return phone.received.between(0, 3600)


async def test_keys_reach_a_telephone_as_tones_in_its_sound(line: Rig) -> None:
    caller = line.number()
    async with line.phone(caller, Dtmf.INBAND) as phone:
        assert isinstance(await phone.dial("1003", 10), Answered)
        async with _hand_on(line, caller) as hand:
            assert (await hand.does("dtmf", keys="159#"))[0] == 200

            async def came() -> bool:
                return "159#" in keys(_sound(phone))

            await until(came, 10, "the keys were not heard")
            assert (await hand.does("hangup"))[0] == 200
        with anyio.fail_after(10):
            assert (await phone.closed()).by_line
    await line.ended(caller)


async def test_keys_reach_a_telephone_as_events(line: Rig) -> None:
    caller = line.number()
    async with raw_caller(caller, (HOST, line.stack.ports.sip)) as phone:
        await phone.dial("1003")
        async with _hand_on(line, caller) as hand:
            assert (await hand.does("dtmf", keys="0246*"))[0] == 200

            async def came() -> bool:
                return rtp.events(phone.received, _EVENTS) == "0246*"

            await until(came, 10, "the events did not come")
            assert (await hand.does("hangup"))[0] == 200
        with anyio.fail_after(10):
            await phone.over.wait()
    await line.ended(caller)


async def test_what_is_said_from_outside_is_heard_beside_the_flow(line: Rig) -> None:
    caller = line.number()
    async with line.phone(caller) as phone:
        assert isinstance(await phone.dial("1003", 10), Answered)
        async with _hand_on(line, caller) as hand:
            await anyio.sleep(0.5)
            before_s = _sound(phone).seconds
            assert (await hand.does("language", language="es"))[0] == 200
            assert (await hand.does("silence", detect=False))[0] == 200
            assert (await hand.does("play", text="Your engineer is on the way."))[0] == 200

            async def came() -> bool:
                return level(phone.received.between(before_s, 3600), _VOICE_HZ) > LOUD

            await until(came, 10, "nothing was said")
            await phone.hang_up()
    await line.ended(caller)


async def test_a_supervisor_hears_the_call_and_nothing_while_a_card_is_keyed_in(line: Rig) -> None:
    caller, tone = line.number(), beeps(line.stack.folder / "supervised.wav", CALLER_HZ, 1.5)
    async with line.phone(caller, Dtmf.INBAND) as phone:
        assert isinstance(await phone.dial("1003", 10), Answered)
        async with _hand_on(line, caller) as hand, ear_on(hand) as ear:
            await phone.speak(tone)
            await until(lambda: ear.has(CALLER_HZ), 10, "the supervisor does not hear the caller")
            order = {"ChargeAmount": "12.50", "PostalCode": "false", "IdempotencyKey": "listened"}
            sid = (await hand.does("payments", **order))[1]["Sid"]
            assert (await hand.does(f"payments/{sid}", Capture="payment-card-number"))[0] == 200
            await anyio.sleep(1)
            ear.forget()
            await phone.press(VISA, Rhythm())
            await phone.speak(tone)
            await anyio.sleep(1)
            kept = ear.audio
            assert kept.seconds > 2
            assert level(kept, CALLER_HZ) < LOUD / 100
            assert not keys(kept)
            assert (await hand.does(f"payments/{sid}", Status="cancel"))[0] == 200
            await anyio.sleep(1)
            await phone.speak(tone)
            await until(lambda: ear.has(CALLER_HZ), 10, "the supervisor stays deaf")
            await phone.hang_up()
            with anyio.fail_after(10):
                await ear.over.wait()
    await line.ended(caller)


async def test_a_transferred_caller_talks_with_the_extension(line: Rig) -> None:
    caller = line.number()
    async with line.extension("202") as other, line.phone(caller) as phone:
        assert isinstance(await phone.dial("1003", 10), Answered)
        async with _hand_on(line, caller) as hand:
            for to in ("299", "201"):  # there is no such extension; nobody is registered there
                status, told = await hand.does("transfer", to=to)
                assert (status, told["code"]) == (409, "not_reached"), to
            assert (await hand.does("transfer", to="202"))[0] == 200
        await phone.speak(beeps(line.stack.folder / "transferred.wav", CALLER_HZ))
        await heard(other, CALLER_HZ)
        await other.hang_up()
        with anyio.fail_after(10):
            assert (await phone.closed()).by_line
    await line.ended(caller)
    await line.channels(0)


async def test_whoever_is_called_by_the_api_hears_the_flow_and_pays(line: Rig) -> None:
    account = await line.bill()
    order = {"to": "202", "from": "1000", "flow": "pay_bill"}
    async with (
        aiohttp.ClientSession(line.stack.api, headers=line.stack.headers) as http,
        line.extension("202") as phone,
    ):
        async with http.post("/v1/calls", json=order) as answer:
            placed = await answer.json()
            assert answer.status == 201, placed
        await line.pays(phone, "202", account)
        await line.asked(phone, "202", "hear_again", "1")
        session = await line.ended("202")
        assert (session["id"], session["outcome"]) == (placed["id"], "paid")
        async with http.post("/v1/calls", json={**order, "to": "201"}) as answer:
            assert (answer.status, (await answer.json())["code"]) == (409, "not_reached")
    await line.settled(account, PAID_ONCE)
