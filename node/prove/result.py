"""What a proof came to: calls, captures, places, and the versions that it holds for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from node.prove.places import Searched


@dataclass(frozen=True, slots=True)
class Made:
    """A call of a scenario: what it came to after how many tries; `problem` is empty when all went well."""

    way: str
    dtmf: str
    outcome: str
    tries: int
    seconds: float
    problem: str


@dataclass(frozen=True, slots=True)
class Proof:
    """All of it. `seed` makes up the same cards again; times are UTC."""

    began: datetime
    ended: datetime
    short: bool
    versions: Mapping[str, str]
    calls: tuple[Made, ...]
    captures: int
    wanted_captures: int
    cards: int
    searched: tuple[Searched, ...]

    @property
    def holds(self) -> bool:
        """Whether every call was made, every place read, every control found, and no card."""
        return (
            bool(self.searched)
            and self.captures >= self.wanted_captures > 0
            and not any(call.problem for call in self.calls)
            and all(place.clean for place in self.searched)
        )
