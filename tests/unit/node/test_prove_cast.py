"""The cards of a proof are told apart from its control by their keys, however those are sent."""

from itertools import count
from random import Random

from node.prove.canary import new_canary
from node.prove.cast import shares_keys
from node.prove.goertzel import LONGEST_CHANCE, longest_run
from node.prove.leak import leaked


def test_a_card_with_keys_of_the_control_sent_twice_is_not_taken() -> None:
    chance = Random(1)
    control = new_canary("control", chance)
    found = (new_canary(f"card {place}", chance) for place in count())
    only_twice = next(
        card
        for card in found
        if longest_run(control.keys, card.keys)
        <= LONGEST_CHANCE
        < longest_run(leaked(control.keys), card.keys)
    )
    assert shares_keys(control, only_twice)
    assert shares_keys(control, control)
    assert not all(shares_keys(control, new_canary("other", chance)) for _ in range(9))
