"""A tree as nested branches: the shortest way down that plain Python has."""

from collections.abc import Iterable

from payments.fraud.features import Row

Branch = tuple[int, float, "Node", "Node"]
"""A feature's place, a threshold, and where to go on: where the feature is at most that, and where not."""

Node = Branch | float


def fallen(trees: Iterable[Node], row: Row) -> float:
    """The sum of the leaves that a row falls into."""
    total = 0.0
    for tree in trees:
        node = tree
        while isinstance(node, tuple):
            place, threshold, under, over = node
            node = under if row[place] <= threshold else over
        total += node
    return total
