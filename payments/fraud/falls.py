"""A tree as nested branches: the shortest way down that plain Python has."""

from collections.abc import Iterable
from typing import Final, Optional

from payments.fraud.features import Row

Node = tuple[int, float, Optional["Node"], Optional["Node"]]
"""A feature's place, a threshold, and where to go on: where the feature is at most that, and where not.

A leaf has no place (`LEAF`), and its value where a branch has its threshold: both are taken apart alike.
"""

LEAF: Final = -1


def leaf(value: float) -> Node:
    """A leaf of that value."""
    return (LEAF, value, None, None)


def fallen(trees: Iterable[Node], row: Row) -> float:
    """The sum of the leaves that a row falls into."""
    total = 0.0
    for tree in trees:
        place, value, under, over = tree
        while under is not None and over is not None:
            place, value, under, over = under if row[place] <= value else over
        total += value
    return total
