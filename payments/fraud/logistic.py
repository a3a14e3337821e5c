"""A logistic regression: what the trees have to be better than."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from payments.fraud.features import Row

_STEPS = 25
_RIDGE = 1.0


class LogisticRegression:
    """Fitted by Newton's method on standardized features, with a ridge of 1; frauds weigh like the rest."""

    def __init__(self, rows: Sequence[Row], fraud: Sequence[bool]) -> None:
        """The rows must not be empty."""
        plain = np.asarray(rows)
        self._mean, self._spread = plain.mean(axis=0), plain.std(axis=0)
        self._spread[self._spread == 0] = 1.0
        x, y = self._standardized(rows), np.asarray(fraud, dtype=float)
        self._weights = np.zeros(x.shape[1])
        ridge = np.full(x.shape[1], _RIDGE)
        ridge[0] = 0.0
        for _ in range(_STEPS):
            chance = self._chance(x)
            slope = x.T @ (y - chance) - ridge * self._weights
            bend = (x * (chance * (1 - chance))[:, None]).T @ x + np.diag(ridge + 1e-9)
            step = np.linalg.solve(bend, slope)
            self._weights += step
            if np.abs(step).max() < 1e-6:
                break

    def scores(self, rows: Sequence[Row]) -> list[float]:
        """How likely each is fraud."""
        return [float(one) for one in self._chance(self._standardized(rows))]

    def _chance(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        chance: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-np.clip(x @ self._weights, -30, 30)))
        return chance

    def _standardized(self, rows: Sequence[Row]) -> NDArray[np.float64]:
        scaled = (np.asarray(rows) - self._mean) / self._spread
        return np.hstack([np.ones((len(scaled), 1)), scaled])
