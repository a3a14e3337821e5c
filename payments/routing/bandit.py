"""A contextual bandit (LinUCB, Li et al. 2010): what chance of success an arm has, and how surely we know."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Belief:
    """What is believed of an arm in a context: `chance` of success, and `doubt`, its standard error."""

    chance: float
    doubt: float


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

    def believe(self, context: Vector) -> Belief:
        """The chance of success in a context."""
        chance = self._prior + float(self._theta.dot(context))
        variance = float(context.dot(self._inverse.dot(context)))
        return Belief(min(max(chance, 0.0), 1.0), max(variance, 0.0) ** 0.5)

    def learn(self, context: Vector, good: bool) -> None:
        """Take an outcome in."""
        self._seen.append((context, float(good) - self._prior))
        self._since_refit += 1
        if self._since_refit >= _REFIT_EVERY:
            self._refit()
            return
        along = self._inverse @ context
        self._inverse -= along[:, None] * (along / (1.0 + float(context @ along)))
        self._b += context * (float(good) - self._prior)
        self._theta = self._inverse @ self._b

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
        self._b = np.zeros(self._size)
        if self._seen:
            rows = np.array([context for context, _ in self._seen])
            a += rows.T @ rows
            self._b = rows.T @ np.array([good for _, good in self._seen])
        self._inverse = np.linalg.inv(a)
        self._theta = self._inverse @ self._b
