"""Half-space trees (Tan, Ting, Liu 2011): how unlike all that was seen before a purchase is."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final, Self

from payments.fraud.falls import Node, fallen, leaf
from payments.fraud.features import Row

TREES: Final = 25
DEPTH: Final = 8
_DEEPEST: Final = 2.0**DEPTH
_FEW: Final = 5  # a half-space with so few is not cut further: there is nothing to tell apart


@dataclass(frozen=True, slots=True)
class HalfSpaces:
    """Trees that cut the space of features in halves at random, and how many purchases fell into each half.

    Tree t's node n has the children 2n + 1 and 2n + 2. `low` and `high` bound each feature; `typical` are the
    scores of 101 percentiles of those that were counted, the most usual first.
    """

    low: tuple[float, ...]
    high: tuple[float, ...]
    feature: tuple[tuple[int, ...], ...]
    cut: tuple[tuple[float, ...], ...]
    mass: tuple[tuple[int, ...], ...]
    typical: tuple[float, ...] = ()
    _nested: tuple[Node, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """The trees as branches within branches, each leaf with what it weighs."""
        trees = zip(self.feature, self.cut, self.mass, strict=True)
        object.__setattr__(self, "_nested", tuple(_below(*tree, 0, 1.0) for tree in trees))

    @classmethod
    def fit(cls, rows: Sequence[Row], seed: int = 1) -> Self:
        """Count the rows in trees that are drawn by the seed."""
        chance = Random(seed)  # noqa: S311 - nothing secret is drawn
        low, high = tuple(map(min, zip(*rows, strict=True))), tuple(map(max, zip(*rows, strict=True)))
        wide = [place for place in range(len(low)) if high[place] > low[place]]
        grown = [_grow(chance, low, high, wide) for _ in range(TREES)]
        feature, cut = tuple(one[0] for one in grown), tuple(one[1] for one in grown)
        empty = cls(low, high, feature, cut, tuple((0,) * (2 ** (DEPTH + 1) - 1) for _ in grown))
        counted = cls(low, high, feature, cut, empty._counted(rows))
        scores = sorted(counted.rarity(row) for row in rows)
        typical = tuple(scores[round(place * (len(scores) - 1) / 100)] for place in range(101))
        return cls(low, high, feature, cut, counted.mass, typical)

    def rarity(self, row: Row) -> float:
        """The smaller the share of purchases that fall into the same half-spaces, the higher; 0 to 1."""
        full = sum(mass[0] for mass in self.mass)
        if not full:
            return 0.0
        return 1.0 - min(fallen(self._nested, row) / (full * _DEEPEST), 1.0)

    def percentile(self, row: Row) -> float:
        """How many per cent of those that were counted are more usual than this."""
        return float(min(bisect_left(self.typical, self.rarity(row)), 100))

    def _counted(self, rows: Iterable[Row]) -> tuple[tuple[int, ...], ...]:
        counts = [list(mass) for mass in self.mass]
        for row in rows:
            for feature, cut, count in zip(self.feature, self.cut, counts, strict=True):
                node = 0
                count[0] += 1
                for _ in range(DEPTH):
                    node = 2 * node + (1 if row[feature[node]] <= cut[node] else 2)
                    count[node] += 1
        return tuple(map(tuple, counts))


def _below(
    feature: tuple[int, ...], cut: tuple[float, ...], mass: tuple[int, ...], node: int, halves: float
) -> Node:
    if halves >= _DEEPEST or mass[node] <= _FEW:
        return leaf(mass[node] * halves)
    under, over = (_below(feature, cut, mass, 2 * node + side, 2.0 * halves) for side in (1, 2))
    return (feature[node], cut[node], under, over)


def _grow(
    chance: Random, low: tuple[float, ...], high: tuple[float, ...], wide: list[int]
) -> tuple[tuple[int, ...], tuple[float, ...]]:
    feature, cut = [], []
    bounds = [(low, high)]
    for node in range(2**DEPTH - 1):
        under, over = bounds[node]
        place = chance.choice(wide)
        middle = (under[place] + over[place]) / 2
        feature.append(place)
        cut.append(middle)
        bounds.append((under, (*over[:place], middle, *over[place + 1 :])))
        bounds.append(((*under[:place], middle, *under[place + 1 :]), over))
    return tuple(feature), tuple(cut)
