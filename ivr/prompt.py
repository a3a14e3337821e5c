"""What the line may say: a prompt by its name, with the values that its text wants."""

import datetime as dt
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from types import MappingProxyType

from core.money import Money


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
    `language` is the one that it is said in; empty, the one that the call speaks.
    """

    name: str
    values: Mapping[str, "Value"]
    language: str

    def __init__(self, name: str, /, **values: "Value") -> None:
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "values", MappingProxyType(values))
        object.__setattr__(self, "language", "")

    def spoken_in(self, language: str) -> "Prompt":
        """The same, whatever language the call speaks."""
        prompt = copy(self)
        object.__setattr__(prompt, "language", language)
        return prompt


Value = str | int | Money | Digits | Telephone | dt.date | Prompt
