"""A contextual bandit (LinUCB, Li et al. 2010): what chance of success an arm has, and how surely we know."""

from collections import deque
from collections.abc import Iterable
from math import sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]

ALPHA: Final = 1.0  # a third of it was seen to get stuck on an arm that had been good
WINDOW: Final = 8000
_REFIT_EVERY: Final = 500
# How much an arm's general chance, and what a context adds to it, resist to single outcomes: the variance of
# an outcome (about 0.1) through that of what is usual among gateways (0.14 squared, 0.035 squared).
_RIDGE_ALL: Final = 5.0
_RIDGE_EACH: Final = 80.0


class Arm:
    """Ridge regression of success on the context, kept as the inverse of A = ridge + sum(x x').

    One outcome is one rank-one step (Sherman-Morrison). The world changes, so only the last `window`
    outcomes count: every 500 the inverse is made anew of those. (Discounting it step by step diverges.)
    """

    def __init__(self, size: int, window: int = WINDOW, prior: float = 0.8) -> None:
        """`size` is the length of a context, which begins with 1; `prior` the chance before any outcome."""
        self._size, self._prior = size, prior
        self._seen: deque[tuple[Vector, float]] = deque(maxlen=window)
        self._since_refit = 0
        self._refit()

    def chance(self, context: Vector) -> float:
        """The chance of success that is believed in, in a context."""
        return min(max(self._prior + float(self._theta.dot(context)), 0.0), 1.0)

    def doubt(self, context: Vector) -> float:
        """The standard error of that chance: how surely we know."""
        return sqrt(max(float(context.dot(self._inverse.dot(context))), 0.0))

    def learn(self, context: Vector, good: bool) -> None:
        """Take an outcome in."""
        self._seen.append((context, float(good) - self._prior))
        self._since_refit += 1
        if self._since_refit >= _REFIT_EVERY:
            self._refit()
            return
        along = self._inverse.dot(context)
        step = along / (1.0 + float(context.dot(along)))
        self._inverse -= along[:, None] * step
        self._theta += step * (float(good) - self._prior - float(self._theta.dot(context)))

    def learn_all(self, outcomes: Iterable[tuple[Vector, bool]]) -> None:
        """Take many outcomes in at once, oldest first."""
        self._seen.extend((context, float(good) - self._prior) for context, good in outcomes)
        self._refit()

    @property
    def outcomes(self) -> int:
        """How many outcomes count."""
        return len(self._seen)

    def _refit(self) -> None:
        self._since_refit = 0
        a = np.diag([_RIDGE_ALL, *[_RIDGE_EACH] * (self._size - 1)])
        b = np.zeros(self._size)
        if self._seen:
            rows = np.array([context for context, _ in self._seen])
            a += rows.T @ rows
            b = rows.T @ np.array([good for _, good in self._seen])
        self._inverse = np.linalg.inv(a)
        self._theta = self._inverse @ b
