"""Sentences that no model was trained on, a file a language: how many of them are told rightly."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from asr.intents.classifier import Classifier
from asr.intents.phrases import ELSEWHERE

_FOLDER: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Told:
    """Of so many `sentences`: `right` are told rightly, `wrong` are taken for something that they are not.

    What the line does not do is told rightly when nothing is taken; what is neither is asked again.
    """

    sentences: int
    right: int
    wrong: int


def unseen(language: str) -> list[tuple[str, str]]:
    """Each sentence with its intent."""
    read = tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    return [(sentence, intent) for intent, sentences in read.items() for sentence in sentences]


def told(classifier: Classifier) -> Told:
    """What a classifier makes of those in its language."""
    sentences = unseen(classifier.language)
    guessed = [
        (classifier.guess(text).intent, "" if intent == ELSEWHERE else intent) for text, intent in sentences
    ]
    return Told(
        len(sentences),
        sum(guess == meant for guess, meant in guessed),
        sum(bool(guess) and guess != meant for guess, meant in guessed),
    )
