"""The simulated worlds: repeatable, and the bandit does better in them than those beside it."""

from payments.routing.simulate import POINTS, Bandit, Chance, Window, best_fixed, trial
from payments.routing.world import stream, world

_PURCHASES = 6000


def test_a_world_is_the_same_each_time() -> None:
    assert world(7, _PURCHASES) == world(7, _PURCHASES)
    assert list(stream(7, 10)) == list(stream(7, 10))
    assert world(7, _PURCHASES) != world(8, _PURCHASES)


def test_the_bandit_misses_less_than_the_others() -> None:
    bandit = trial(7, Bandit, _PURCHASES).regret_pct
    others = [trial(7, Window, _PURCHASES), trial(7, Chance, _PURCHASES), best_fixed(7, _PURCHASES)]
    assert bandit < 0.75 * min(one.regret_pct for one in others)


def test_regret_is_the_share_of_the_best_that_was_missed() -> None:
    one = trial(7, Chance, _PURCHASES)
    assert 0 < one.got < one.best
    assert one.regret_pct == 100 * (1 - one.got / one.best)
    assert len(one.curve) == POINTS
    assert sum(one.asked.values()) == _PURCHASES


def test_a_gateway_that_is_out_is_hardly_asked() -> None:
    asked: list[str] = []

    class Watched(Bandit):
        def choose(self, purchase):  # type: ignore[no-untyped-def]
            asked.append(super().choose(purchase))
            return asked[-1]

    trial(7, Watched, _PURCHASES)
    tried = world(7, _PURCHASES)
    during = asked[tried.outage.start : tried.outage.stop]
    assert during.count(tried.out) < 0.05 * len(during)
    assert tried.out in asked[: tried.outage.start]
