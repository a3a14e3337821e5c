"""How often an intent is told rightly; the figures `intents.*`, on ours and on banking77 (CC BY 4.0)."""

import csv
from collections.abc import Sequence
from pathlib import Path

import anyio.to_thread
from rich.console import Console

from asr.engines.minilm.embedder import MiniLm
from asr.intents.classifier import Classifier
from asr.intents.embedder import Points
from asr.intents.model import Model, load
from asr.intents.phrases import SHIPPED, read_phrases
from asr.intents.train import fit, scores_of, train
from node.intents import TRAINED
from tests.load.figure import Figure
from tests.load.trial import Tell
from tests.sentences.unseen import told
from tests.testpack import found

_LANGUAGES = ("en", "es", "de", "fr", "hi")

Labelled = tuple[list[str], list[str]]


async def intents(_folder: Path, console: Console, tell: Tell) -> list[Figure]:
    """Train on 10,003 sentences of 77 intents, try 3,080 others; not that where the test pack is absent."""
    ours = [await anyio.to_thread.run_sync(_unseen, language, console) for language in _LANGUAGES]
    pack = found("banking77")
    if pack is None:
        console.print(
            "  intents: the test pack is absent (TELLERLINE_TESTPACK), so banking77 is not measured"
        )
        return ours
    return [*ours, *await anyio.to_thread.run_sync(_measured, pack, found("minilm"), tell)]


def _unseen(language: str, console: Console) -> Figure:
    """The model that ships, on sentences that it was not trained on."""
    counted = told(Classifier(load(TRAINED / f"{language}.intents")))
    _, held_out = train(read_phrases(SHIPPED / f"{language}.toml"))
    console.print(
        f"  intents: {language}: of {counted.sentences} sentences that no model has seen {counted.right} are "
        f"told rightly, {counted.wrong} wrongly; of the {held_out.phrases} phrases that ship, each held out "
        f"in turn, {held_out.right:.0%} rightly, {held_out.wrong:.0%} wrongly",
        highlight=False,
    )
    share, baseline = counted.right / counted.sentences, round(100 * held_out.right, 1)
    of = "the phrases that ship, each held out in turn"
    return Figure(f"intents.unseen.{language}", round(100 * share, 1), "%", baseline, of, less=False)


def _measured(pack: Path, minilm: Path | None, tell: Tell) -> list[Figure]:
    seen, unseen = _read(pack / "train.csv"), _read(pack / "test.csv")
    tell("intents: words alone", 0.1)
    alone = _right(fit(*seen, least=2), unseen)
    figures = [
        Figure("intents.banking77_words_accuracy", round(100 * alone, 2), "%", None, "", 91, less=False)
    ]
    if minilm is not None:
        model = MiniLm(minilm)
        tell("intents: sentences as points", 0.4)
        points, asked = model.embed(seen[0]), model.embed(unseen[0])
        tell("intents: both", 0.7)
        both = _right(fit(*seen, points, least=2), unseen, asked)
        plain = _plain(points, seen[1], asked, unseen[1])
        about = "logistic regression on the same points"
        figures.append(
            Figure(
                "intents.banking77_accuracy",
                round(100 * both, 2),
                "%",
                round(100 * plain, 2),
                about,
                93,
                less=False,
            )
        )
    return figures


def _right(model: Model, unseen: Labelled, points: Points | None = None) -> float:
    texts, labels = unseen
    told = [model.intents[at] for at in scores_of(model, texts, points).argmax(1)]
    share: float = sum(one == label for one, label in zip(told, labels, strict=True)) / len(texts)
    return share


def _plain(points: Points, labels: Sequence[str], asked: Points, right: Sequence[str]) -> float:
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]  # noqa: PLC0415 - slow

    share: float = LogisticRegression(C=10, max_iter=1000).fit(points, labels).score(asked, right)
    return share


def _read(file: Path) -> Labelled:
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return [row["text"] for row in rows], [row["category"] for row in rows]
