"""Boosted trees that were trained before: numbers in, a probability out, in plain Python."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

from payments.fraud.features import Row


@dataclass(frozen=True, slots=True)
class Tree:
    """A node goes `left` where its feature is at most its threshold, else `right`; below zero is a leaf.

    Leaf n stands as -1 - n. A tree of one leaf has no nodes.
    """

    feature: tuple[int, ...]
    threshold: tuple[float, ...]
    left: tuple[int, ...]
    right: tuple[int, ...]
    leaf: tuple[float, ...]


def probability(trees: Sequence[Tree], row: Row) -> float:
    """The trees' sum through the logistic function."""
    total = 0.0
    for tree in trees:
        feature, threshold, left, right = tree.feature, tree.threshold, tree.left, tree.right
        node = 0 if feature else -1
        while node >= 0:
            node = left[node] if row[feature[node]] <= threshold[node] else right[node]
        total += tree.leaf[-1 - node]
    return logistic(total)


def logistic(value: float) -> float:
    """1 / (1 + e^-x), for any x."""
    if value >= 0:
        return 1.0 / (1.0 + exp(-value))
    power = exp(value)
    return power / (1.0 + power)
