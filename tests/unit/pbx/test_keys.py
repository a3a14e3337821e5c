"""Keys wait, as many as a hand presses, for whoever follows them, and not beyond the call."""

import pytest

from core.digits import Keypress
from core.ids import new_call_id
from pbx.keys import LIMIT, Keys

pytestmark = pytest.mark.anyio


async def test_those_that_were_pressed_before_come_first() -> None:
    keys, taken = Keys(new_call_id()), list[Keypress]()
    keys.press(ord("1"))
    keys.press(ord("2"))
    keys.follow(taken.append)
    keys.press(ord("3"))
    assert [key.code for key in taken] == [*b"123"]


async def test_a_flood_that_nobody_takes_is_cut() -> None:
    keys, taken = Keys(new_call_id()), list[Keypress]()
    for _ in range(3 * LIMIT):
        keys.press(ord("5"))
    keys.follow(taken.append)
    assert len(taken) == LIMIT


async def test_what_is_no_key_is_dropped() -> None:
    keys, taken = Keys(new_call_id()), list[Keypress]()
    keys.follow(taken.append)
    keys.press(ord("!"))
    assert not taken


async def test_with_the_call_all_are_forgotten() -> None:
    keys, taken = Keys(new_call_id()), list[Keypress]()
    keys.press(ord("1"))
    keys.close()
    keys.press(ord("2"))
    keys.follow(taken.append)
    assert not taken
