"""What somebody wants: the likeliest intent, and how sure one may be of it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from asr.intents.embedder import Embedder
from asr.intents.model import Floats, Model
from asr.intents.phrases import ELSEWHERE


@dataclass(frozen=True, slots=True)
class Guess:
    """`intent` is empty for what the line does not do, and for what it cannot tell; `sure` is from 0 to 1."""

    intent: str
    sure: float


class Classifier:
    """One language's. With an `embedder` it is slower, and surer."""

    def __init__(self, model: Model, embedder: Embedder | None = None) -> None:
        self._model = model
        self._embedder = embedder if embedder is not None and embedder.name == model.embedder else None

    @property
    def language(self) -> str:
        """The language that it understands."""
        return self._model.language

    def guess(self, text: str) -> Guess:
        """What is wanted."""
        scores = self._model.scores(text, self._embedder)
        if scores is None:
            return Guess("", 0.0)
        intent, sure = likeliest(scores, self._model)
        return Guess(intent if intent != ELSEWHERE and sure >= self._model.threshold else "", sure)

    def weighed(self, text: str) -> Mapping[str, float]:
        """Each intent's score, the best first, for somebody who wonders."""
        scores = self._model.scores(text, self._embedder)
        if scores is None:
            return {}
        order = np.argsort(-scores)
        return {self._model.intents[at]: float(scores[at]) for at in order}


def likeliest(scores: Floats, model: Model) -> tuple[str, float]:
    """The intent with the best score, and the probability that it is the right one."""
    first, second = np.argsort(-scores)[:2]
    a, b, c = model.sureness
    odds = a * float(scores[first]) + b * float(scores[first] - scores[second]) + c
    return model.intents[first], 1 / (1 + math.exp(-max(min(odds, 50.0), -50.0)))
