"""Keys as no script would have them, on a whole line: together, in heaps, held long, ahead, and after."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import pytest

from node.stack.ports import HOST
from rehearsal.phone import Answered
from rehearsal.script import Dtmf, Rhythm
from tests.integration.line.raw_caller import Info, RawCaller, raw_caller
from tests.integration.line.rig import PAID_ONCE, QUICKLY, VISA, Rig

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

AMEX = "378282246310005"  # two digits, and three, that are the same in a row


@asynccontextmanager
async def at_the_card(line: Rig, info: Info | None = None) -> AsyncIterator[tuple[RawCaller, str, str]]:
    """A caller of bare packets who was asked for a card; their number, and the account that they pay for."""
    caller, account = line.number(), await line.bill()
    async with raw_caller(caller, (HOST, line.stack.ports.sip)) as phone:
        await phone.dial("1000")
        await line.said(caller, "ask_account")
        await phone.press(f"{account}#", info=info)
        await line.said(caller, "ask_how_much")
        await phone.press("1", info=info)
        await line.said(caller, "card_number")
        yield phone, caller, account


async def refused(line: Rig, caller: str) -> list[tuple[str, str]]:
    facts = await line.facts(caller)
    return [(one["body"]["field"], one["body"]["error"]) for one in facts if one["kind"] == "card_refused"]


async def key_the_rest(
    line: Rig, phone: RawCaller, caller: str, code: str = "123", *, info: Info | None = None
) -> None:
    await line.said(caller, "card_expiry")
    await phone.press("1230", info=info)
    await line.said(caller, "card_code_amex" if len(code) == 4 else "card_code")
    await phone.press(code, info=info)
    await line.said(caller, "paid", within_s=40)


async def test_two_keys_at_once_are_two_digits_and_the_number_is_asked_for_again(line: Rig) -> None:
    async with at_the_card(line) as (phone, caller, account):
        await phone.press(VISA[:15])
        await phone.press_together("2", "3")
        await anyio.sleep(0.3)
        await phone.press("#")
        await line.said(caller, "card_number_wrong")
        await anyio.sleep(2)
        await phone.press(f"{VISA}#")
        await key_the_rest(line, phone, caller)
    assert await refused(line, caller) == [("payment-card-number", "invalid-card-number")]
    await line.settled(account, PAID_ONCE)


async def test_keys_that_are_held_for_seconds_are_one_press_each(line: Rig) -> None:
    async with at_the_card(line) as (phone, caller, account):
        await phone.press(VISA[:3], held_s=2.5, every_s=2.8)
        await phone.press(f"{VISA[3:]}#")
        await key_the_rest(line, phone, caller)
    assert await refused(line, caller) == []
    await line.settled(account, PAID_ONCE)


async def test_keys_that_come_in_heaps_count_once_each(line: Rig) -> None:
    async with at_the_card(line) as (phone, caller, account):
        for heap in (AMEX[:3], AMEX[3:7], AMEX[7:12], f"{AMEX[12:]}#"):
            await phone.press_in_a_heap(heap)
            await anyio.sleep(1.5)
        await key_the_rest(line, phone, caller, "1234")
    assert await refused(line, caller) == []
    await line.settled(account, PAID_ONCE)


async def test_a_caller_who_types_everything_ahead_pays(line: Rig) -> None:
    caller, account = line.number(), await line.bill()
    async with line.phone(caller, Dtmf.RFC4733) as phone:
        assert isinstance(await phone.dial("1000", 10), Answered)
        await phone.press(f"{account}#1{VISA}#1230#123#", Rhythm(every_s=0.26, held_s=0.1))
        await line.said(caller, "paid", within_s=40)
    assert await refused(line, caller) == []
    await line.settled(account, PAID_ONCE)


async def test_keys_after_the_end_of_the_card_answer_nothing(line: Rig) -> None:
    caller, account = line.number(), await line.bill()
    async with line.phone(caller, Dtmf.INFO) as phone:
        assert isinstance(await phone.dial("1000", 10), Answered)
        await line.pays(phone, caller, account, until="one_moment")
        await phone.press("9999999999", QUICKLY)
        await line.said(caller, "paid", within_s=40)
    assert await refused(line, caller) == []
    await line.settled(account, PAID_ONCE)


@pytest.mark.parametrize(
    "info",
    [Info(first=False, says_ms=250), Info(first=False, says_ms=160), Info(first=True, says_ms=160)],
    ids=["after, 250 ms", "after, 160 ms", "before, 160 ms"],
)
async def test_a_telephone_that_tells_each_key_by_rtp_and_by_sip_info_counts_once(
    line: Rig, info: Info
) -> None:
    async with at_the_card(line, info) as (phone, caller, account):
        await anyio.sleep(1)
        await phone.press(f"{AMEX}#", info=info)
        await key_the_rest(line, phone, caller, "1234", info=info)
        assert not phone.has_events  # it was asked to keep to SIP INFO
    assert await refused(line, caller) == []
    await line.settled(account, PAID_ONCE)


async def test_stars_and_pounds_at_every_place_of_the_number_lose_nothing(line: Rig) -> None:
    async with at_the_card(line) as (phone, caller, account):
        for place in range(1, len(VISA), 5):  # a field that is cleared is begun again
            await phone.press(f"{VISA[:place]}*")
        await anyio.sleep(2.5)  # a star after a star would cancel
        await phone.press(f"{VISA[:7]}#")  # submitted too early
        await line.said(caller, "card_number_wrong")
        await anyio.sleep(2)
        await phone.press(f"{VISA}##")
        await key_the_rest(line, phone, caller)
    assert await refused(line, caller) == [("payment-card-number", "invalid-card-number")]
    await line.settled(account, PAID_ONCE)


async def test_pauses_between_digits_are_waited_for(line: Rig) -> None:
    async with at_the_card(line) as (phone, caller, account):
        for part in (VISA[:4], VISA[4:8], VISA[8:12], f"{VISA[12:]}#"):
            await phone.press(part)
            await anyio.sleep(2.5)
        await key_the_rest(line, phone, caller)
    assert await refused(line, caller) == []
    await line.settled(account, PAID_ONCE)
