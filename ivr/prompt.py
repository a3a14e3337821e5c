"""What the line may say: a prompt by its name, with the values that its text wants."""

import datetime as dt
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from core.money import Money

_SHORT: Final = 4


@dataclass(frozen=True, slots=True)
class Digits:
    """Letters and digits that are said one by one, with a pause after each `group` of them (0: none)."""

    text: str
    group: int = 0


@dataclass(frozen=True, slots=True)
class Telephone:
    """A telephone number (E.164), said in its groups."""

    number: str


@dataclass(frozen=True, slots=True, init=False)
class Prompt:
    """`Prompt("due", amount=account.due)`: money, numbers, dates and Digits come in words.

    A Prompt within one comes as its text.
    `language` is the one that it is said in; empty, the one that the call speaks. `own` are words that it
    brings along, by language: then the line's texts need not know its name.
    """

    name: str
    values: Mapping[str, "Value"]
    language: str
    own: Mapping[str, str]

    def __init__(self, name: str, /, **values: "Value") -> None:
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "values", MappingProxyType(values))
        object.__setattr__(self, "language", "")
        object.__setattr__(self, "own", MappingProxyType({}))

    @classmethod
    def written(cls, name: str, words: Mapping[str, str], **values: "Value") -> "Prompt":
        """One that brings its words along, in each language; without any, one of the line's by its name."""
        prompt = cls(name, **values)
        object.__setattr__(prompt, "own", MappingProxyType(dict(words)))
        return prompt

    @property
    def on_record(self) -> "Prompt":
        """As it may be written down: of digits that a caller gave a flow of one's own, the last two."""
        if not self.own:
            return self
        values = {
            name: Digits(masked(value.text)) if isinstance(value, Digits) else value
            for name, value in self.values.items()
        }
        return Prompt.written(self.name, self.own, **values).spoken_in(self.language)

    def spoken_in(self, language: str) -> "Prompt":
        """The same, whatever language the call speaks."""
        prompt = copy(self)
        object.__setattr__(prompt, "language", language)
        return prompt


def masked(digits: str) -> str:
    """All but the last two of more than four: somebody may have keyed in a card where none was asked for."""
    return digits if len(digits) <= _SHORT else "x" * (len(digits) - 2) + digits[-2:]


Value = str | int | Money | Digits | Telephone | dt.date | Prompt
