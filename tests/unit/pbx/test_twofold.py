"""Telephones that tell each key in two ways are found out; those that have one way lose no key."""

from collections.abc import Iterable

import pytest

from pbx.ari.twofold import Twofold

Event = tuple[str, int, int]  # key, how long it was held, when it was told


def heard(seen: str) -> list[Event]:
    """`4@86/100`: the key 4, told at 86 ms, held for 100 ms."""
    events = []
    for one in seen.split():
        digit, _, times = one.partition("@")
        at_ms, _, held_ms = times.partition("/")
        events.append((digit, int(held_ms), int(at_ms)))
    return events


def taken(twofold: Twofold, events: Iterable[Event]) -> str:
    return "".join(digit for digit, held_ms, at_ms in events if not twofold.is_again(digit, held_ms, at_ms))


@pytest.mark.parametrize(
    "seen",
    [
        # what Asterisk 22.10 told of two keys 250 ms apart by RFC 4733, each with a SIP INFO after it
        "4@88/100 4@137/250 2@339/100 2@578/250",
        "4@80/100 4@227/250 2@333/100 2@667/250",
        "4@83/100 4@128/160 2@334/100 2@479/160",
        # with one before it, as long as the key is held
        "4@-1/250 4@84/100 2@300/250 2@345/100",
        # while a prompt is cut short
        "4@86/120 4@87/160 2@340/100 2@341/160",
    ],
)
def test_a_telephone_that_tells_each_key_twice_is_found_out_at_its_first(seen: str) -> None:
    twofold = Twofold()
    assert taken(twofold, heard(seen)) == "42"
    assert twofold.is_sure


def test_a_flood_of_one_key_is_no_second_way() -> None:
    twofold = Twofold()
    flood = [("1", 250, at * 60) for at in range(100)]
    assert taken(twofold, flood) == "1" * 100
    assert not twofold.is_sure


def test_one_that_agreed_to_one_way_loses_no_key() -> None:
    twofold = Twofold()
    taken(twofold, heard("4@88/100 4@137/250"))
    twofold.settle()
    assert taken(twofold, heard("4@800/250 4@1050/100 2@1200/100 2@1300/120")) == "4422"


@pytest.mark.parametrize(("held_ms", "every_ms"), [(100, 250), (100, 200), (250, 295), (250, 250)])
def test_keys_that_are_pressed_twice_count_twice(held_ms: int, every_ms: int) -> None:
    for typed in ("4400112233", "44", "000111", "5"):
        events = [(digit, held_ms, at * every_ms) for at, digit in enumerate(typed)]
        twofold = Twofold()
        assert taken(twofold, events) == typed
        assert not twofold.is_sure


def test_after_a_key_that_was_told_once_every_key_counts() -> None:
    twofold = Twofold()
    assert taken(twofold, heard("1@0/100 4@250/100 4@251/120 2@500/100 2@501/120")) == "14422"
    assert not twofold.is_sure
