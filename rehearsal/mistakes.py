"""What is wrong in a rehearsal's file, each with its line, all told at once."""

from collections.abc import Iterable
from dataclasses import dataclass
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
