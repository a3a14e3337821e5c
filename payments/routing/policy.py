"""The order of gateways for a purchase: by what each is worth, with a little curiosity."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from core.money import Money
from payments.purchase import Operation, Purchase
from payments.routing.bandit import ALPHA, WINDOW, Arm, Vector
from payments.routing.context import SIZE, context
from payments.routing.observed import Observation, Result
from payments.routing.terms import Terms

_LATENCY_STEP: Final = 0.1
_CHARGES: Final = frozenset({Operation.PURCHASE, Operation.AUTHORIZE})


@dataclass(frozen=True, slots=True)
class Curiosity:
    """How much is tried out: `alpha` times the doubt is added to a chance, in about `share` of decisions.

    The first `early` trials come on top: a line that knows nothing yet has most to learn.
    """

    alpha: float = ALPHA
    share: float = 0.04
    early: int = 1000


@dataclass(frozen=True, slots=True)
class Ranked:
    """A gateway, what it is expected to leave of the payment in minor units, and why it stands here."""

    gateway: str
    worth_minor: float
    reasons: tuple[str, ...]


class Policy:
    """Learns from observations, and ranks. The same observations in the same order give the same ranks."""

    def __init__(self, terms: Terms, curiosity: Curiosity | None = None, window: int = WINDOW) -> None:
        """`window` is how many outcomes of a gateway count."""
        self._terms, self._curiosity = terms, curiosity or Curiosity()
        self._arms: dict[str, Arm] = defaultdict(lambda: Arm(SIZE, window))
        self._seconds: dict[str, float] = {}
        self._ranked = self._tried = 0

    def rank(self, purchase: Purchase, gateways: Sequence[str]) -> list[Ranked]:
        """The gateways, the one to ask first in front."""
        row = context(purchase.amount, purchase.method, purchase.brand, purchase.region)
        ranked = [self._expected(gateway, row, purchase.amount) for gateway in gateways]
        ranked.sort(key=lambda one: -one.worth_minor)
        self._ranked += bool(ranked)
        if ranked and self._may_try:
            hopes = [self._hope(one.gateway, row, purchase.amount) for one in ranked]
            if hoped := hopes.index(max(hopes)):
                self._tried += 1
                tried = ranked.pop(hoped)
                note = "asked first to learn more of it: it may be the best"
                ranked.insert(0, Ranked(tried.gateway, tried.worth_minor, (*tried.reasons, note)))
        return ranked

    def learn(self, observed: Observation) -> None:
        """Take an answer in; only what moves money says how likely a gateway succeeds."""
        if observed.operation in _CHARGES:
            self._arms[observed.gateway].learn(_context(observed), observed.result is Result.GOOD)
            known = self._seconds.setdefault(observed.gateway, observed.took_s)
            self._seconds[observed.gateway] = known + _LATENCY_STEP * (observed.took_s - known)

    def learn_all(self, observed: Iterable[Observation]) -> None:
        """Take many in at once, oldest first: at a start."""
        by_gateway: dict[str, list[Observation]] = defaultdict(list)
        for one in observed:
            if one.operation in _CHARGES:
                by_gateway[one.gateway].append(one)
        for gateway, several in by_gateway.items():
            self._arms[gateway].learn_all((_context(one), one.result is Result.GOOD) for one in several)
            latest = several[-round(2 / _LATENCY_STEP) :]
            self._seconds[gateway] = sum(one.took_s for one in latest) / len(latest)

    @property
    def tried_share(self) -> float:
        """In what share of the decisions another than the best was asked first, to learn."""
        return self._tried / max(self._ranked, 1)

    @property
    def _may_try(self) -> bool:
        return self._tried < self._curiosity.early + self._curiosity.share * self._ranked

    def _expected(self, gateway: str, row: Vector, amount: Money) -> Ranked:
        arm, cost = self._arms[gateway], self._terms.cost(gateway)
        chance = arm.chance(row)
        why = (
            f"chance {chance:.2f} after {arm.outcomes} outcomes, "
            f"fee {cost.pct:g} % + {cost.fixed_minor}, about {self._seconds.get(gateway, 0.0):.1f} s"
        )
        return Ranked(gateway, self._worth(gateway, chance, amount), (why,))

    def _hope(self, gateway: str, row: Vector, amount: Money) -> float:
        """What it may be worth if the doubt is in its favour."""
        arm = self._arms[gateway]
        best = min(1.0, arm.chance(row) + self._curiosity.alpha * arm.doubt(row))
        return self._worth(gateway, best, amount)

    def _worth(self, gateway: str, chance: float, amount: Money) -> float:
        waiting = self._terms.second_minor * self._seconds.get(gateway, 0.0)
        return chance * self._terms.cost(gateway).kept(amount) - waiting


def _context(observed: Observation) -> Vector:
    return context(observed.amount, observed.method, observed.brand, observed.region)
