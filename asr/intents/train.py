"""Making a model of intents from phrases: TF-IDF and a linear machine, by scikit-learn (the extra `hear`)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack  # type: ignore[import-untyped]  # it ships no types
from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore[import-untyped]  # nor does it
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
from sklearn.model_selection import StratifiedKFold  # type: ignore[import-untyped]
from sklearn.svm import LinearSVC  # type: ignore[import-untyped]

from asr.intents.embedder import Embedder, Points
from asr.intents.features import BLOCKS
from asr.intents.model import Block, Floats, Model
from asr.intents.phrases import ELSEWHERE, Phrases

_FOLDS: Final = 5
_SEED: Final = 1
_RIGHT: Final = 0.9  # of what is taken; what is less sure is asked again
_POINTS_WEIGHT: Final = 2.0  # of a sentence's point beside its words, as chosen on banking77's training half


@dataclass(frozen=True, slots=True)
class Evaluation:
    """On phrases that were held out, of the model and of its threshold: shares from 0 to 1 of all phrases.

    `right` are told rightly (what the line does not do is told rightly when nothing is taken), `taken` are
    those that are taken for an intent, and `wrong` the ones of them that are another, or none.
    """

    phrases: int
    right: float
    taken: float
    wrong: float
    mistakes: tuple[tuple[str, str, str], ...]
    """Phrase, what it is, what was understood."""


def train(phrases: Phrases, embedder: Embedder | None = None) -> tuple[Model, Evaluation]:
    """A model of all phrases; its threshold comes from five that did not see a fifth each.

    So does its evaluation, in which no phrase has a part in the threshold that it is judged by either.
    """
    texts, labels = zip(*phrases.labelled, strict=True)
    points = embedder.embed(texts) if embedder is not None else None
    intents, scores = _held_out(texts, labels, points)
    judge = _judge(intents, scores, labels)
    model = replace(
        fit(texts, labels, points),
        language=phrases.language,
        digest=phrases.digest,
        sureness=judge.sureness,
        threshold=judge.threshold,
        embedder=embedder.name if embedder is not None else "",
    )
    told = [intents[at] for at in scores.argmax(1)]
    return model, _evaluate(texts, labels, told, _judged_by_others(intents, scores, labels))


def fit(texts: Sequence[str], labels: Sequence[str], points: Points | None = None, least: int = 1) -> Model:
    """A model without threshold; features that fewer than `least` texts have are left out."""
    vectorizers = {name: _vectorizer(count, least) for name, count in BLOCKS.items()}
    parts: list[Any] = [vectorizer.fit_transform(texts) for vectorizer in vectorizers.values()]
    if points is not None:
        parts.append(csr_matrix(points * _POINTS_WEIGHT))
    machine = LinearSVC(C=1.0, class_weight="balanced" if least == 1 else None, random_state=_SEED)
    machine.fit(hstack(parts).tocsr(), labels)
    intents = tuple(map(str, machine.classes_))
    weights, bias = _weights(machine, len(intents))
    blocks, start = dict[str, Block](), 0
    for name, vectorizer in vectorizers.items():
        names = vectorizer.get_feature_names_out()
        blocks[name] = Block(
            {str(feature): place for place, feature in enumerate(names)},
            vectorizer.idf_.astype(np.float32),
            weights[start : start + len(names)],
        )
        start += len(names)
    rest = weights[start:] * _POINTS_WEIGHT if points is not None else None
    return Model("", intents, blocks, bias, (1.0, 0.0, 0.0), 0.0, "", points=rest)


def _vectorizer(count: Callable[[str], Any], least: int) -> TfidfVectorizer:
    def analyzed(text: str) -> list[str]:
        return list(count(text).elements())

    return TfidfVectorizer(analyzer=analyzed, sublinear_tf=True, min_df=least, dtype=np.float32)


def _weights(machine: LinearSVC, many: int) -> tuple[Floats, Floats]:
    """A column an intent; of two intents scikit-learn keeps one alone."""
    weights, bias = machine.coef_, machine.intercept_
    if many == 2:
        weights, bias = np.vstack([-weights, weights]), np.concatenate([-bias, bias])
    return weights.T.astype(np.float32), bias.astype(np.float32)


def _held_out(
    texts: Sequence[str], labels: Sequence[str], points: Points | None
) -> tuple[tuple[str, ...], Floats]:
    """Each text's scores from a model that did not see it."""
    intents = tuple(sorted(set(labels)))
    scores = np.zeros((len(texts), len(intents)), np.float32)
    for seen, unseen in _folds(labels):
        of_seen = None if points is None else points[seen]
        part = fit([texts[at] for at in seen], [labels[at] for at in seen], of_seen)
        of_unseen = None if points is None else points[unseen]
        scores[unseen] = scores_of(part, [texts[at] for at in unseen], of_unseen)
    return intents, scores


def scores_of(model: Model, texts: Sequence[str], points: Points | None) -> Floats:
    """The scores of many texts whose points are known, a row a text."""
    found = [model.scores(text) for text in texts]
    rows = np.stack([model.bias if one is None else one for one in found])
    return rows if points is None or model.points is None else rows + points @ model.points


def _leads(scores: Floats) -> Floats:
    """The best score and its lead over the second, a row a text."""
    ordered = np.sort(scores, axis=1)
    return np.stack([ordered[:, -1], ordered[:, -1] - ordered[:, -2]], axis=1)


@dataclass(frozen=True, slots=True)
class _Judge:
    """What turns scores into a probability of being right, and from which one on something is taken."""

    sureness: tuple[float, float, float]
    threshold: float

    def takes(self, scores: Floats) -> NDArray[np.bool_]:
        """Whether each row is taken."""
        return np.asarray(_sure(scores, self.sureness) >= self.threshold)


def _judge(intents: Sequence[str], scores: Floats, labels: Sequence[str]) -> _Judge:
    sureness = _sureness(intents, scores, labels)
    told = [intents[at] for at in scores.argmax(1)]
    return _Judge(sureness, _threshold(told, _sure(scores, sureness), labels))


def _judged_by_others(intents: Sequence[str], scores: Floats, labels: Sequence[str]) -> list[bool]:
    """Whether each is taken, by a judge who learned from the other four fifths."""
    taken = np.zeros(len(labels), bool)
    for others, these in _folds(labels):
        judge = _judge(intents, scores[others], [labels[at] for at in others])
        taken[these] = judge.takes(scores[these])
    return [bool(one) for one in taken]


def _folds(labels: Sequence[str]) -> Iterable[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Four fifths and the fifth, five times."""
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=_SEED)
    return list(folds.split(np.zeros(len(labels)), labels))


def _sureness(intents: Sequence[str], scores: Floats, labels: Sequence[str]) -> tuple[float, float, float]:
    right = [intents[at] == label for at, label in zip(scores.argmax(1), labels, strict=True)]
    if len(set(right)) == 1:
        return 1.0, 1.0, 0.0
    judge = LogisticRegression().fit(_leads(scores), right)
    a, b = judge.coef_[0]
    return float(a), float(b), float(judge.intercept_[0])


def _sure(scores: Floats, sureness: tuple[float, float, float]) -> Floats:
    a, b, c = sureness
    odds = _leads(scores) @ np.array([a, b], np.float32) + c
    return np.asarray(1 / (1 + np.exp(-odds)), np.float32)


def _threshold(told: Sequence[str], sure: Floats, labels: Sequence[str]) -> float:
    """The lowest at which of what is taken nine in ten are right."""
    for threshold in np.arange(0.2, 0.95, 0.02):
        taken = [
            one == label
            for one, how_sure, label in zip(told, sure, labels, strict=True)
            if one != ELSEWHERE and how_sure >= threshold
        ]
        if taken and np.mean(taken) >= _RIGHT:
            return round(float(threshold), 2)
    return 0.95


def _evaluate(
    texts: Sequence[str], labels: Sequence[str], told: Sequence[str], sure: Sequence[bool]
) -> Evaluation:
    taken = ["" if one == ELSEWHERE or not enough else one for one, enough in zip(told, sure, strict=True)]
    meant = ["" if label == ELSEWHERE else label for label in labels]
    wrong = [
        (text, label or ELSEWHERE, one)
        for text, label, one in zip(texts, meant, taken, strict=True)
        if one and one != label
    ]
    many = len(texts)
    right = sum(one == label for one, label in zip(taken, meant, strict=True))
    return Evaluation(many, right / many, sum(map(bool, taken)) / many, len(wrong) / many, tuple(wrong))
