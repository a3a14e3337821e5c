"""A word that somebody wrote and nobody knows: which known one may be meant."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

_MOST_LISTED: Final = 20


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean x?` where a known word is close, else `; it is one of ...`; nothing for too many."""
    names = sorted(known)
    if close := get_close_matches(word, names, n=1):
        return f"; did you mean {close[0]}?"
    return f"; it is one of {', '.join(names)}" if 0 < len(names) <= _MOST_LISTED else ""
