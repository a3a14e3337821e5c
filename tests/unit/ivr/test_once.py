"""A press that is told twice counts once."""

import pytest

from core.digits import Keypress
from ivr.once import Once


@pytest.mark.parametrize(
    ("at_ms", "held_ms", "again"),
    [
        (1000, 120, True),  # the same moment, by two ways
        (1250, 250, False),  # four a second by SIP INFO, which says that each was held for 250 ms
        (1060, 100, False),  # a machine that dials, and an Asterisk that stretches what it heard
        (1030, 0, True),  # no finger is that fast
        (1130, 120, False),  # twice, as fast as fingers go
        (6000, 4500, False),  # held long
    ],
)
def test_the_same_key_cannot_be_pressed_before_it_is_let_go(at_ms: int, held_ms: int, again: bool) -> None:
    once = Once()
    assert not once.is_again(Keypress(ord("5"), at_ms=1000, held_ms=120))
    assert once.is_again(Keypress(ord("5"), at_ms=at_ms, held_ms=held_ms)) is again


def test_two_keys_at_once_both_count() -> None:
    once = Once()
    assert not any(once.is_again(Keypress(ord(key), at_ms=1000, held_ms=120)) for key in "12")
