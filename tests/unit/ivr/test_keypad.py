"""Keys are kept in order, none is lost, and none is kept for ever."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

import anyio
import anyio.lowlevel
import pytest
from anyio.streams.memory import MemoryObjectSendStream

from core.digits import Keypress
from ivr.keypad import LIMIT, Keypad

pytestmark = pytest.mark.anyio

_AT = count()
Sender = MemoryObjectSendStream[Keypress]


@asynccontextmanager
async def _running() -> AsyncIterator[tuple[Keypad, Sender]]:
    send, receive = anyio.create_memory_object_stream[Keypress](1000)
    keypad = Keypad(receive)
    async with send, receive, anyio.create_task_group() as group:
        group.start_soon(keypad.run)
        yield keypad, send
        group.cancel_scope.cancel()


async def _press(send: Sender, keys: str) -> None:
    for key in keys:
        await send.send(Keypress(ord(key), at_ms=next(_AT) * 250, held_ms=120))
    await anyio.wait_all_tasks_blocked()


async def _keys(keypad: Keypad) -> str:
    keys = ""
    while keypad.pressed_ahead:
        key = await keypad.press(0.01)
        keys += chr(key.code) if key else ""
    return keys


async def test_keys_pressed_ahead_come_in_their_order() -> None:
    async with _running() as (keypad, send):
        await _press(send, "12#")
        assert await _keys(keypad) == "12#"


async def test_nothing_pressed_is_none() -> None:
    async with _running() as (keypad, _):
        assert await keypad.press(0.01) is None


async def test_a_wait_that_is_cancelled_takes_no_key_with_it() -> None:
    async with _running() as (keypad, send):
        taken = 0
        for _ in range(50):
            with anyio.CancelScope() as scope:
                send.send_nowait(Keypress(ord("5"), at_ms=0))
                await anyio.lowlevel.checkpoint()
                scope.cancel()
                taken += await keypad.press(10) is not None
            await anyio.wait_all_tasks_blocked()
        assert taken + len(await _keys(keypad)) == 50


async def test_a_key_interrupts_and_is_kept() -> None:
    async with _running() as (keypad, send):
        with anyio.CancelScope() as scope, keypad.interrupting(scope):
            await send.send(Keypress(ord("7"), at_ms=0))
            await anyio.sleep_forever()
        assert scope.cancelled_caught
        assert await _keys(keypad) == "7"


async def test_a_pound_that_was_not_waited_for_is_forgiven_once() -> None:
    async with _running() as (keypad, send):
        keypad.forgive_pound()
        await _press(send, "##1")
        assert await _keys(keypad) == "#1"


async def test_another_key_ends_the_forgiveness() -> None:
    async with _running() as (keypad, send):
        keypad.forgive_pound()
        await _press(send, "1#")
        assert await _keys(keypad) == "1#"


async def test_a_burst_is_forgotten_to_its_end() -> None:
    async with _running() as (keypad, send):
        await _press(send, "1")
        async with anyio.create_task_group() as group:
            group.start_soon(keypad.forget_burst, 0.2)
            await _press(send, "234")
        assert not keypad.pressed_ahead


async def test_a_flood_is_cut() -> None:
    async with _running() as (keypad, send):
        await _press(send, "5" * 900)
        assert len(await _keys(keypad)) == LIMIT


async def test_when_the_call_is_over_nothing_is_kept() -> None:
    async with _running() as (keypad, send):
        await _press(send, "12")
        send.close()
        await anyio.wait_all_tasks_blocked()
        assert not keypad.pressed_ahead


async def test_leading_keys_are_counted_without_taking_them() -> None:
    async with _running() as (keypad, send):
        await _press(send, "**1*")
        assert (keypad.leading(ord("*")), keypad.leading(ord("1"))) == (2, 0)
        assert await _keys(keypad) == "**1*"
