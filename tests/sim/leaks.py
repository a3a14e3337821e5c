"""A scanner for card numbers in whatever was told or logged."""

from collections.abc import Iterable
from typing import Final

WINDOW: Final = 8  # digits in a row: less than the twelve that may never show, more than chance would bring
_WORDS: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_SHOWN: Final = 4  # the last four digits may show (PCI DSS 3.4.1)


def leaks(texts: Iterable[str], cards: Iterable[str]) -> list[str]:
    """The texts in which a piece of a card's number stands: together, spaced, dashed, or in words."""
    pieces = {piece for card in cards for piece in _pieces(card)}
    return [text for text in texts if any(window in pieces for window in _windows(text))]


def _pieces(card: str) -> Iterable[str]:
    return (card[at : at + WINDOW] for at in range(len(card) - WINDOW - _SHOWN + 1))


def _windows(text: str) -> Iterable[str]:
    """Every run of digits of the text, words read as digits, cut into windows."""
    for at, word in enumerate(_WORDS):
        text = text.replace(word, str(at))
    run = ""
    for sign in text:
        if sign.isdigit():
            run += sign
        elif sign not in " -,'":
            yield from _cut(run)
            run = ""
    yield from _cut(run)


def _cut(run: str) -> Iterable[str]:
    return (run[at : at + WINDOW] for at in range(len(run) - WINDOW + 1))
