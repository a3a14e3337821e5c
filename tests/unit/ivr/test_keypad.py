"""Keys are kept in order, none is lost, and none is kept for ever."""

import anyio
import pytest

from core.ids import new_call_id
from ivr.keypad import LIMIT, Keypad
from pbx.keys import Keys

pytestmark = pytest.mark.anyio


def _taken() -> tuple[Keypad, Keys]:
    keys = Keys(new_call_id())
    return Keypad(keys), keys


def _press(keys: Keys, pressed: str) -> None:
    for key in pressed:
        keys.press(ord(key), held_ms=120)


async def _keys(keypad: Keypad) -> str:
    keys = ""
    while keypad.pressed_ahead:
        key = await keypad.press(0.01)
        keys += chr(key.code) if key else ""
    return keys


async def test_keys_pressed_ahead_come_in_their_order() -> None:
    keypad, keys = _taken()
    _press(keys, "12#")
    assert await _keys(keypad) == "12#"


async def test_nothing_pressed_is_none() -> None:
    keypad, _ = _taken()
    assert await keypad.press(0.01) is None


async def test_a_wait_that_is_cancelled_takes_no_key_with_it() -> None:
    keypad, keys = _taken()
    taken = 0
    for _ in range(50):
        with anyio.CancelScope() as scope:
            _press(keys, "5")
            scope.cancel()
            taken += await keypad.press(10) is not None
    assert taken + len(await _keys(keypad)) == 50


async def test_a_key_interrupts_and_is_kept() -> None:
    keypad, keys = _taken()
    with anyio.CancelScope() as scope, keypad.interrupting(scope):
        _press(keys, "7")
        await anyio.sleep_forever()
    assert scope.cancelled_caught
    assert await _keys(keypad) == "7"


async def test_a_pound_that_was_not_waited_for_is_forgiven_once() -> None:
    keypad, keys = _taken()
    keypad.forgive_pound()
    _press(keys, "##1")
    assert await _keys(keypad) == "#1"


async def test_another_key_ends_the_forgiveness() -> None:
    keypad, keys = _taken()
    keypad.forgive_pound()
    _press(keys, "1#")
    assert await _keys(keypad) == "1#"


async def test_a_burst_is_forgotten_to_its_end() -> None:
    keypad, keys = _taken()
    _press(keys, "1")
    async with anyio.create_task_group() as group:
        group.start_soon(keypad.forget_burst, 0.2)
        _press(keys, "234")
    assert not keypad.pressed_ahead


async def test_a_flood_is_cut() -> None:
    keypad, keys = _taken()
    _press(keys, "5" * 900)
    assert len(await _keys(keypad)) == LIMIT


async def test_leading_keys_are_counted_without_taking_them() -> None:
    keypad, keys = _taken()
    _press(keys, "**1*")
    assert (keypad.leading(ord("*")), keypad.leading(ord("1"))) == (2, 0)
    assert await _keys(keypad) == "**1*"
