"""The bandit and the order that follows from it."""

from random import Random

import numpy as np
import pytest

from payments.purchase import Operation
from payments.routing.bandit import Arm
from payments.routing.observed import Result
from payments.routing.policy import Curiosity, Policy
from payments.routing.terms import Cost, Terms
from tests.unit.payments.routing.purchases import observed, purchase

SHY = Curiosity(alpha=0, share=0, early=0)


def rows(many: int, seed: int = 0) -> list[tuple[np.ndarray[tuple[int], np.dtype[np.float64]], bool]]:
    dice = Random(seed)
    return [
        (np.array([1.0, side]), dice.random() < 0.5 + 0.4 * side)
        for side in (float(dice.randrange(2)) for _ in range(many))
    ]


def test_an_arm_learns_what_a_context_is_worth() -> None:
    arm = Arm(2)
    for row, good in rows(4000):
        arm.learn(row, good)
    assert arm.chance(np.array([1.0, 0.0])) == pytest.approx(0.5, abs=0.05)
    assert arm.chance(np.array([1.0, 1.0])) == pytest.approx(0.9, abs=0.05)


def test_one_by_one_and_all_at_once_come_to_the_same() -> None:
    slowly, at_once = Arm(2), Arm(2)
    for row, good in rows(499):
        slowly.learn(row, good)
    at_once.learn_all(rows(499))
    row = np.array([1.0, 1.0])
    assert slowly.chance(row) == pytest.approx(at_once.chance(row), abs=1e-9)
    assert slowly.doubt(row) == pytest.approx(at_once.doubt(row), abs=1e-9)


def test_doubt_shrinks_with_every_outcome() -> None:
    arm, row = Arm(2), np.array([1.0, 1.0])
    doubts = [arm.doubt(row)]
    for outcome, good in rows(100):
        arm.learn(outcome, good)
        doubts.append(arm.doubt(row))
    assert doubts == sorted(doubts, reverse=True)
    assert doubts[-1] < doubts[0] / 2


def test_what_is_older_than_the_window_is_forgotten() -> None:
    arm, row = Arm(2, window=500), np.array([1.0, 1.0])
    arm.learn_all((row, True) for _ in range(5000))
    arm.learn_all((row, False) for _ in range(500))
    assert arm.outcomes == 500
    assert arm.chance(row) < 0.1


def test_the_most_worth_stands_first_with_its_reason() -> None:
    policy = Policy(Terms({"alder": Cost(3.0, 30), "birch": Cost(1.0, 5)}), SHY)
    first, second = policy.rank(purchase(), ["alder", "birch"])
    assert (first.gateway, second.gateway) == ("birch", "alder")
    assert "fee 1 % + 5" in first.reasons[0]


def test_success_outweighs_a_fee() -> None:
    policy = Policy(Terms({"alder": Cost(3.0, 30), "birch": Cost(1.0, 5)}), SHY)
    policy.learn_all(observed("alder", Result.GOOD) for _ in range(200))
    policy.learn_all(observed("birch", Result.REFUSED) for _ in range(200))
    assert policy.rank(purchase(), ["alder", "birch"])[0].gateway == "alder"


def test_waiting_costs() -> None:
    policy = Policy(Terms(second_minor=100.0), SHY)
    for name, seconds in (("alder", 9.0), ("birch", 1.0)):
        policy.learn(observed(name, Result.GOOD, took_s=seconds))
    assert policy.rank(purchase(), ["alder", "birch"])[0].gateway == "birch"


def test_only_what_moves_money_tells_how_likely_it_succeeds() -> None:
    policy = Policy(Terms(), SHY)
    policy.learn_all(observed("alder", Result.BROKEN, operation=Operation.TOKENIZE) for _ in range(50))
    assert "after 0 outcomes" in policy.rank(purchase(), ["alder"])[0].reasons[0]


def test_the_lesser_known_is_tried_in_a_small_share_and_says_so() -> None:
    policy = Policy(Terms({"birch": Cost(0.5)}), Curiosity(alpha=1.0, share=0.05, early=0))
    policy.learn_all(observed("alder", Result.GOOD if n % 10 else Result.REFUSED) for n in range(3000))
    firsts = [policy.rank(purchase(), ["alder", "birch"])[0] for _ in range(1000)]
    tried = [one for one in firsts if one.gateway == "birch"]
    assert len(tried) == pytest.approx(50, abs=2)
    assert all("to learn more" in one.reasons[1] for one in tried)
    assert policy.tried_share == pytest.approx(0.05, abs=0.002)


def test_nobody_is_ranked_where_nobody_may() -> None:
    assert Policy(Terms()).rank(purchase(), []) == []
