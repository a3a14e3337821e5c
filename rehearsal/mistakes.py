"""What is wrong in a rehearsal's file, each with its line, all told at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from core.errors import BadInput


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One thing that is wrong; `line` counts from 1."""

    line: int
    reason: str


class BadScript(BadInput):
    """A rehearsal's file has mistakes; `str` has one line for each: `file:line: reason`."""

    def __init__(self, file: Path, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(sorted(mistakes))
        super().__init__("\n".join(f"{file}:{mistake.line}: {mistake.reason}" for mistake in self.mistakes))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean x?` when something known is close to the word, else what is known."""
    names = sorted(known)
    if close := get_close_matches(word, names, n=1):
        return f"; did you mean `{close[0]}`?"
    return f"; it is one of {', '.join(names)}"
