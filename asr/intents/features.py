"""What a model sees of a sentence: its words and pairs of words, and pieces of its words."""

from collections import Counter
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Final

from asr.grammar.tokens import tokens

_SHORTEST, _LONGEST = 2, 5  # letters of a piece; the edge of a word counts as one


def words(text: str) -> Counter[str]:
    """Words and pairs of words, counted."""
    said = tokens(text)
    return Counter((*said, *(f"{one} {two}" for one, two in pairwise(said))))


def pieces(text: str) -> Counter[str]:
    """Pieces of 2 to 5 letters within each word, counted: what is left of a word that was misheard."""
    found: Counter[str] = Counter()
    for word in tokens(text):
        edged = f" {word} "
        for length in range(_SHORTEST, _LONGEST + 1):
            found.update(edged[at : at + length] for at in range(len(edged) - length + 1))
    return found


BLOCKS: Final[Mapping[str, Callable[[str], Counter[str]]]] = {"words": words, "pieces": pieces}
"""The blocks of features, in the order in which a model has them."""
