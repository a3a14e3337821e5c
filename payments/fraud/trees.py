"""Boosted trees that were trained before: numbers in, a probability out, in plain Python."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp

from payments.fraud.falls import Node, fallen, leaf
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


def nested(tree: Tree) -> Node:
    """The tree as branches within branches."""

    def below(node: int) -> Node:
        if node < 0:
            return leaf(tree.leaf[-1 - node])
        return (tree.feature[node], tree.threshold[node], below(tree.left[node]), below(tree.right[node]))

    return below(0 if tree.feature else -1)


def probability(trees: Iterable[Node], row: Row) -> float:
    """The sum of nested trees through the logistic function."""
    return logistic(fallen(trees, row))


def logistic(value: float) -> float:
    """1 / (1 + e^-x), for any x."""
    if value >= 0:
        return 1.0 / (1.0 + exp(-value))
    power = exp(value)
    return power / (1.0 + power)
