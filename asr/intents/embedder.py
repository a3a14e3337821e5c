"""Sentences as points, near each other when they mean about the same."""

from collections.abc import Sequence
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Points: TypeAlias = NDArray[np.float32]


class Embedder(Protocol):
    """A model of sentences. It works for milliseconds a sentence: off the event loop."""

    @property
    def name(self) -> str:
        """Which model it is; another one gives other points."""
        ...

    def embed(self, texts: Sequence[str]) -> Points:
        """A row of length 1 a text."""
        ...
