"""How upset somebody is, by the words of one sentence: a list a language, which an admin may edit.

Each word or phrase of the list has a weight; the weights of what was said are added. A word of `negations`
within two words before turns a phrase off (`not bad`, `no problem`); one of `stronger` right before makes it
half as heavy again. The longest phrase wins over those within it.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from asr.grammar.tokens import tokens

_FOLDER: Final = Path(__file__).parent / "words"
_BEFORE: Final = 2
_HEAVIER: Final = 1.5
_LONGEST: Final = 6

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Feelings:
    """The words of one language; weights are above nothing for anger, below it for thanks."""

    weights: Mapping[Phrase, float]
    negations: frozenset[str]
    stronger: frozenset[str]

    def anger(self, text: str) -> float:
        """0 for a plain sentence, about 1 for an angry one, below 0 for a friendly one; from -1 to 2."""
        words, place, found = tokens(text), 0, 0.0
        while place < len(words):
            length = self._longest(words, place)
            if length:
                found += self._weight(words, place, length)
            place += max(length, 1)
        return max(-1.0, min(2.0, found))

    def _longest(self, words: Phrase, place: int) -> int:
        sizes = range(min(_LONGEST, len(words) - place), 0, -1)
        return next((size for size in sizes if words[place : place + size] in self.weights), 0)

    def _weight(self, words: Phrase, place: int, length: int) -> float:
        weight = self.weights[words[place : place + length]]
        if self.negations & set(words[max(place - _BEFORE, 0) : place]):
            return 0.0
        return weight * _HEAVIER if place and words[place - 1] in self.stronger else weight


@cache
def feelings(tag: str) -> Feelings | None:
    """Those of a language such as `en-GB`; None where there is no list."""
    file = _FOLDER / f"{tag.split('-', maxsplit=1)[0].lower()}.toml"
    if not file.exists():
        return None
    read = tomllib.loads(file.read_text(encoding="utf-8"))
    weights = {
        tokens(phrase): float(weight) for weight, phrases in read["weights"].items() for phrase in phrases
    }
    return Feelings(weights, _words(read["negations"]), _words(read["stronger"]))


def _words(written: Iterable[str]) -> frozenset[str]:
    return frozenset(word for phrase in written for word in tokens(phrase))
