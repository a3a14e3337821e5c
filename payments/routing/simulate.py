"""Policies tried in made-up worlds: how much of the best possible income each of them misses."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final, Protocol

from payments.purchase import Operation, Purchase
from payments.routing.breaker import Tolerance
from payments.routing.gate import Outage
from payments.routing.health import Health
from payments.routing.observed import Observation, Result
from payments.routing.policy import Policy
from payments.routing.world import LEFT_IN_OUTAGE, SimulatedGateway, World, stream, world

PURCHASES: Final = 30_000  # two days of a busy line
POINTS: Final = 60  # of a curve
_RECENT: Final = 200
_CURIOUS: Final = 0.05


class Chooser(Protocol):
    """A policy under trial."""

    def choose(self, purchase: Purchase) -> str:
        """The gateway for a purchase."""
        ...

    def learn(self, observed: Observation) -> None:
        """What came of it."""
        ...


@dataclass(slots=True)
class Trial:
    """How one policy did in one world: income in minor units, and regret over time in per cent.

    `regret_pct` is the share of the best possible expected income that it missed; `curve` holds the same for
    each of `POINTS` stretches of time, one after the other.
    """

    best: float = 0.0
    got: float = 0.0
    asked: dict[str, int] = field(default_factory=dict)
    curve: list[float] = field(default_factory=list)

    @property
    def regret_pct(self) -> float:
        """The whole."""
        return 100.0 * (1.0 - self.got / self.best)


class Bandit:
    """What ships: health, then the policy of payments.routing.policy."""

    def __init__(self, world: World) -> None:
        self._names = [one.name for one in world.gateways]
        self._health, self._policy = Health(Tolerance(), Outage()), Policy(world.terms)

    def choose(self, purchase: Purchase) -> str:
        """The first of the ranks among the healthy."""
        operations = (Operation.PURCHASE,)
        healthy = [name for name in self._names if not self._health.ill(name, operations, purchase.at)]
        chosen = self._policy.rank(purchase, healthy or self._names)[0].gateway
        self._health.tried(chosen, operations, purchase.at)
        return chosen

    def learn(self, observed: Observation) -> None:
        """As the router does."""
        self._health.note(observed)
        self._policy.learn(observed)

    @property
    def tried_share(self) -> float:
        """In what share of the decisions something was tried out."""
        return self._policy.tried_share


class Window:
    """The success rate of the last 200 answers of each gateway times what it leaves; 5 % at random."""

    def __init__(self, world: World) -> None:
        self._world, self._chance = world, Random(0)  # noqa: S311 - a simulation is repeatable
        self._recent: dict[str, deque[bool]] = {one.name: deque(maxlen=_RECENT) for one in world.gateways}

    def choose(self, purchase: Purchase) -> str:
        """The one with the best rate."""
        if self._chance.random() < _CURIOUS:
            return self._chance.choice(self._world.gateways).name
        return max(
            self._world.gateways, key=lambda one: self._rate(one) * one.cost.kept(purchase.amount)
        ).name

    def learn(self, observed: Observation) -> None:
        """Count it."""
        self._recent[observed.gateway].append(observed.result is Result.GOOD)

    def _rate(self, gateway: SimulatedGateway) -> float:
        recent = self._recent[gateway.name]
        return (sum(recent) + 4) / (len(recent) + 5)  # a gateway nobody asked begins at 0.8


class Chance:
    """Any gateway."""

    def __init__(self, world: World) -> None:
        self._world, self._chance = world, Random(1)  # noqa: S311 - a simulation is repeatable

    def choose(self, purchase: Purchase) -> str:
        """One of them."""
        return self._chance.choice(self._world.gateways).name

    def learn(self, observed: Observation) -> None:
        """It does not."""


def trial(seed: int, make: Callable[[World], Chooser], purchases: int = PURCHASES) -> Trial:
    """Let a policy route all purchases of a world."""
    tried = world(seed, purchases)
    place = {one.name: number for number, one in enumerate(tried.gateways)}
    chooser, result = make(tried), Trial()
    dice = Random(f"answers {seed}")  # noqa: S311 - a simulation is repeatable
    best = got = 0.0
    for number, purchase in enumerate(stream(seed, purchases)):
        worths = tried.worths(purchase, number)
        chosen = chooser.choose(purchase)
        best, got = best + max(worths), got + worths[place[chosen]]
        result.asked[chosen] = result.asked.get(chosen, 0) + 1
        chooser.learn(_answer(tried, tried.gateways[place[chosen]], purchase, number, dice))
        if (number + 1) % (purchases // POINTS) == 0:
            result.curve.append(100.0 * (1.0 - got / best))
            result.best, result.got = result.best + best, result.got + got
            best = got = 0.0
    result.best, result.got = result.best + best, result.got + got
    return result


def best_fixed(seed: int, purchases: int = PURCHASES) -> Trial:
    """The gateway that, looked back upon, would have earned most if it had been the only one."""
    tried = world(seed, purchases)
    rows = [tried.worths(purchase, number) for number, purchase in enumerate(stream(seed, purchases))]
    totals = [sum(worths) for worths in zip(*rows, strict=True)]
    place = totals.index(max(totals))
    result = Trial(sum(max(row) for row in rows), totals[place], {tried.gateways[place].name: purchases})
    step = purchases // POINTS
    for first in range(0, POINTS * step, step):
        part = rows[first : first + step]
        result.curve.append(100.0 * (1.0 - sum(row[place] for row in part) / sum(map(max, part))))
    return result


def trials(seeds: Sequence[int], purchases: int = PURCHASES) -> Iterator[tuple[str, int, Trial]]:
    """Every policy in every world, as (policy, seed, trial)."""
    for seed in seeds:
        yield "bandit", seed, trial(seed, Bandit, purchases)
        yield "best fixed", seed, best_fixed(seed, purchases)
        yield "window", seed, trial(seed, Window, purchases)
        yield "random", seed, trial(seed, Chance, purchases)


def _answer(
    tried: World, gateway: SimulatedGateway, purchase: Purchase, number: int, dice: Random
) -> Observation:
    roll = dice.random()
    if tried.is_out(gateway, number):
        result = Result.GOOD if roll < LEFT_IN_OUTAGE else Result.BROKEN
    else:
        result = Result.GOOD if roll < gateway.chance(purchase) else Result.REFUSED
    return Observation(
        purchase.at,
        gateway.name,
        Operation.PURCHASE,
        result,
        purchase.amount,
        purchase.method,
        purchase.brand,
        purchase.region,
        gateway.seconds,
    )
