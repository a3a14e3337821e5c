"""A made-up world of five gateways, to try policies in: fees, tastes, speeds, and an outage."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final

from core.ids import AccountId, AttemptId
from core.money import Money
from payments.purchase import Method, Purchase
from payments.routing.terms import Cost, Terms

NAMES: Final = ("alder", "birch", "cedar", "dogwood", "elm")
START: Final = datetime(2026, 1, 5, 8, tzinfo=UTC)
APART: Final = timedelta(seconds=6)
_BRANDS: Final = {"visa": 5, "mastercard": 3, "amex": 2}
_REGIONS: Final = {"US": 6, "CA": 2, "GB": 2}
_LARGE_MINOR: Final = 50_000
LEFT_IN_OUTAGE: Final = 0.03


@dataclass(frozen=True, slots=True)
class SimulatedGateway:
    """A gateway whose true chances are known; `large` is what a payment of 500.00 adds to its chance."""

    name: str
    base: float
    brands: dict[str, float]
    regions: dict[str, float]
    large: float
    cost: Cost
    seconds: float

    def chance(self, purchase: Purchase) -> float:
        """How likely the bank approves a purchase here, while all is well."""
        size = min(purchase.amount.minor / _LARGE_MINOR, 1.0)
        chance = self.base + self.brands[purchase.brand] + self.regions[purchase.region] + self.large * size
        return min(max(chance, 0.02), 0.99)


@dataclass(frozen=True, slots=True)
class World:
    """Five gateways, and in which purchases `out`, the one that is worth most, is out of order."""

    gateways: tuple[SimulatedGateway, ...]
    outage: range
    out: str

    @property
    def terms(self) -> Terms:
        """What the gateways cost."""
        return Terms({one.name: one.cost for one in self.gateways})

    def is_out(self, gateway: SimulatedGateway, number: int) -> bool:
        """Whether a gateway is out of order at a purchase."""
        return gateway.name == self.out and number in self.outage

    def worths(self, purchase: Purchase, number: int) -> list[float]:
        """What each gateway is truly worth to a purchase, in minor units."""
        return [
            one.cost.kept(purchase.amount)
            * (LEFT_IN_OUTAGE if self.is_out(one, number) else one.chance(purchase))
            for one in self.gateways
        ]


def world(seed: int, purchases: int) -> World:
    """A world by its seed. Its outage lasts an eighth of all purchases, from the half on."""
    chance = Random(f"world {seed}")  # noqa: S311 - a simulation is repeatable
    gateways = tuple(_gateway(name, chance) for name in NAMES)
    outage = range(purchases // 2, purchases // 2 + purchases // 8)
    healthy = World(gateways, range(0), "")
    tried = list(enumerate(stream(seed, 500)))
    worths = [healthy.worths(purchase, number) for number, purchase in tried]
    best = max(range(len(gateways)), key=lambda place: sum(row[place] for row in worths))
    return World(gateways, outage, gateways[best].name)


def stream(seed: int, purchases: int) -> Iterator[Purchase]:
    """So many purchases, one every six seconds."""
    chance = Random(f"purchases {seed}")  # noqa: S311 - a simulation is repeatable
    for number in range(purchases):
        yield Purchase(
            AttemptId(f"att_{number}"),
            START + number * APART,
            Money(round(min(max(chance.lognormvariate(8.8, 0.7), 300), 200_000)), "USD"),
            Method.CARD,
            AccountId(f"acct_{chance.randrange(10**6)}"),
            brand=_drawn(chance, _BRANDS),
            region=_drawn(chance, _REGIONS),
        )


def _gateway(name: str, chance: Random) -> SimulatedGateway:
    return SimulatedGateway(
        name,
        base=chance.uniform(0.82, 0.90),
        brands={brand: chance.uniform(-0.06, 0.05) for brand in _BRANDS},
        regions={region: chance.uniform(-0.06, 0.05) for region in _REGIONS},
        large=chance.uniform(-0.05, 0.03),
        cost=Cost(round(chance.uniform(1.4, 3.0), 2), chance.randrange(5, 36)),
        seconds=chance.uniform(0.4, 1.5),
    )


def _drawn(chance: Random, weights: dict[str, int]) -> str:
    return chance.choices(list(weights), list(weights.values()))[0]
