"""Mistakes in what an admin wrote: where each stands, why it is one, and what to do."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.errors import BadInput


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One mistake: `file` and `line` (from 1; 0 when it stands on no line), the dotted `key`, the reason."""

    file: str
    line: int
    key: str
    reason: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return ": ".join(part for part in (place, self.key, self.reason) if part)


class Mistakes(BadInput):
    """All that is wrong, in the order of the lines; nothing was changed. No message holds a secret."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(sorted(set(mistakes)))
        super().__init__("\n".join(map(str, self.mistakes)))
