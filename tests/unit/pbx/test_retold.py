"""A key that Asterisk tells twice is taken once, and no press is taken for another's repeat."""

from collections.abc import Iterable
from random import Random

import pytest

from pbx.ari.retold import Retold
from tests.unit.pbx.asterisk_keys import Channel, Event, typed

CARD = "378282246310005#"


def taken(events: Iterable[Event], *, playing: bool = False) -> str:
    retold = Retold()
    return "".join(
        one.digit for one in events if not retold.is_again(one.digit, one.held_ms, one.at_ms, playing=playing)
    )


def told(chance: Random, *, held_ms: int, every_ms: int, stutters: int, stutter_ms: int = 300) -> list[Event]:
    keys = typed(CARD, chance, held_ms=held_ms, every_ms=every_ms, stutters=stutters, stutter_ms=stutter_ms)
    return Channel(chance).hear(keys)


@pytest.mark.parametrize(("held_ms", "every_ms"), [(100, 250), (180, 300), (250, 420)])
def test_keys_that_were_held_up_once_are_all_taken_once(held_ms: int, every_ms: int) -> None:
    doubled = 0
    for seed in range(200):
        events = told(Random(seed), held_ms=held_ms, every_ms=every_ms, stutters=1)
        doubled += len(events) > len(CARD)
        assert taken(events) == CARD, (seed, events)
    assert doubled  # else nothing was tried


@pytest.mark.parametrize(("held_ms", "every_ms"), [(50, 110), (70, 140), (100, 160), (100, 250), (250, 300)])
def test_keys_that_come_in_time_are_all_taken(held_ms: int, every_ms: int) -> None:
    events = [Event(digit, held_ms, at * every_ms) for at, digit in enumerate("11122233300")]
    assert taken(events) == "11122233300"


def test_keys_of_sip_info_that_come_during_a_prompt_are_all_taken() -> None:
    events = [Event(digit, 250, 60 * at) for at, digit in enumerate("4242424242424242")]
    assert taken(events, playing=True) == "4242424242424242"


def test_a_key_that_asterisk_put_off_is_taken_once() -> None:
    events = [Event("1", 100, 1000), Event("5", 100, 1010), Event("5", 100, 1135), Event("5", 100, 1400)]
    assert taken(events) == "155"


def test_a_key_twice_after_one_that_came_during_a_prompt_is_taken_twice() -> None:
    retold = Retold()
    assert not retold.is_again("1", 250, 6812, playing=True)
    assert not retold.is_again("2", 250, 6857, playing=False)
    assert not retold.is_again("2", 250, 7152, playing=False)


def test_a_key_that_asterisk_held_up_behind_a_long_one_is_taken_once() -> None:
    events = [Event("4", 2500, 10181), Event("2", 100, 10583), Event("2", 100, 12726), Event("4", 100, 12726)]
    assert taken([*events, Event("4", 100, 12871), Event("2", 100, 12872), Event("2", 100, 13017)]) == "4242"


@pytest.mark.parametrize("pressed_ms", [12_720, 12_750, 12_780])
def test_keys_that_follow_a_long_one_at_their_own_pace_are_all_taken(pressed_ms: int) -> None:
    events = [Event("4", 2500, 10181), Event("2", 100, 10583), Event("4", 100, 10833), Event("2", 100, 11083)]
    assert taken([*events, Event("2", 100, pressed_ms)]) == "42422"
